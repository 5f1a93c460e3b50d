// What other clients got wrong, by its name: of WeChat's tokens, which have Daraja's rule, and of Daraja's own.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { rejection, rejects } from "../../support/installed.mjs";
import { BRIEF, gate, withManagers } from "../../support/managers.mjs";

const { managed, spiedStore, generateToken, memoryStore, Simulator } = await withManagers("manager-regressions");
const STK = "/mpesa/stkpush/v1/processrequest";

/** Instances of one fleet: one app, one store, one Daraja. */
function fleet(size, options = {}) {
  const simulator = new Simulator();
  const store = memoryStore();
  const all = Array.from({ length: size }, () => managed({ store, policy: BRIEF, ...options }, { simulator }));
  return { simulator, store, all, generated: all[0].generated, credentials: all[0].credentials };
}
const tokensOf = async (calls) => new Set((await Promise.all(calls)).map(({ accessToken }) => accessToken));

describe("of WeChat's clients", () => {
  test("WxJava #1222, #963, #1554: no second look at the record after the lock is won", async () => {
    const { all, generated } = fleet(20);
    assert.equal((await tokensOf(all.map(({ tokens }) => tokens.getToken()))).size, 1);
    assert.equal(generated(), 1);
  });

  test("WxJava #1300: an unconditional invalidate kills the token that a peer has just fetched", async () => {
    const { all, generated, simulator, credentials } = fleet(20);
    const [old] = await tokensOf(all.map(({ tokens }) => tokens.getToken()));
    await generateToken({ ...credentials, fetch: simulator.fetch });
    assert.equal((await tokensOf(all.map(({ tokens }) => tokens.report(old)))).size, 1);
    // Those who come late with the old one get the new one.
    assert.equal((await tokensOf(all.map(({ tokens }) => tokens.report(old)))).size, 1);
    assert.equal(generated(), 3);
  });

  test("weixin_authorize#81, WxJava #2803: the reply to an older request arrives last and overwrites the live token", async () => {
    const simulator = new Simulator();
    const inner = memoryStore();
    const begun = Date.now();
    let offset = 0;
    const clocked = async (answer) => ({ ...(await answer), now: begun + offset });
    const store = {
      load: (key) => clocked(inner.load(key)),
      compareAndSwap: (...args) => clocked(inner.compareAndSwap(...args)),
    };
    const { opened, open } = gate();
    const asked = gate();
    const slow = managed(
      {
        store,
        fetch: async (...args) => {
          const response = await simulator.fetch(...args);
          asked.open();
          await opened;
          return response;
        },
      },
      { simulator },
    );
    const late = slow.tokens.getToken();
    await asked.opened;
    // Its lease is over by the store's clock; the other one generates.
    offset = 20_000;
    const quick = managed({ store }, { simulator });
    const live = await quick.tokens.getToken();
    open();
    assert.equal((await late).accessToken, live.accessToken);
    assert.equal((await quick.tokens.fetch(STK, { method: "POST", body: "{}" })).status, 200);
    assert.equal(quick.generated(), 2);
  });

  test("WxJava #369: the store is shared, the lock is per process", async () => {
    const { all, generated, simulator } = fleet(8);
    await Promise.all(all.map(({ tokens }) => tokens.getToken()));
    for (let renewal = 2; renewal <= 4; renewal++) {
      simulator.advance(3_599_000);
      assert.equal((await tokensOf(all.flatMap(({ tokens }) => [tokens.getToken(), tokens.getToken()]))).size, 1);
      assert.equal(generated(), renewal);
    }
  });

  test("a call refused for another reason is taken for a dead token, and the client loops", async () => {
    for (const errorCode of ["404.001.04", "400.002.02", "500.001.1001", "401.001.01"]) {
      const { tokens, simulator, generated } = managed({
        fetch: (url, init) =>
          url.includes("/oauth/") ? simulator.fetch(url, init) : Response.json({ errorCode }, { status: 401 }),
      });
      for (let i = 0; i < 3; i++) {
        const response = await tokens.fetch(STK, { method: "POST", body: "{}" });
        assert.deepEqual([response.status, await response.json()], [401, { errorCode }]);
      }
      assert.equal(generated(), 1);
    }
  });
});

describe("of Daraja's clients", () => {
  test("Date.now()/1000 plus a string concatenates: the token is never cached, or cached for ever", async () => {
    for (const expiresInAs of ["string", "number"]) {
      // A clock that stands still between two looks at it.
      const simulator = new Simulator({ expiresInAs, now: () => 1_800_000_000_000 });
      const { tokens, generated } = managed({}, { simulator });
      const token = await tokens.getToken();
      assert.equal(token.expiresAt, simulator.now() + 3_599_000);
      simulator.advance(3_000_000);
      assert.equal(await tokens.getToken(), token);
      simulator.advance(599_000);
      assert.notEqual(await tokens.getToken(), token);
      assert.equal(generated(), 2);
    }
  });

  test("milliseconds compared with seconds: a new token every 3.7 s", async () => {
    const { tokens, simulator, generated } = managed();
    for (let seconds = 0; seconds < 3_200; seconds += 3) {
      await tokens.getToken();
      simulator.advance(3_000);
    }
    assert.equal(generated(), 1);
  });

  test("no single-flight: five concurrent callers generate five tokens and kill four of them", async () => {
    const { tokens, generated } = managed();
    assert.equal((await tokensOf(Array.from({ length: 5 }, () => tokens.getToken()))).size, 1);
    assert.equal(generated(), 1);
  });

  test("a cache key without the environment: the sandbox token is sent to production after go-live", async () => {
    const store = spiedStore();
    const simulator = new Simulator();
    const sandbox = managed({ store }, { simulator });
    const production = managed({ store, environment: "production" }, { simulator });
    const [one, other] = [await sandbox.tokens.getToken(), await production.tokens.getToken()];
    assert.notEqual(one.accessToken, other.accessToken);
    assert.equal(new Set(store.written.map(({ key }) => key)).size, 2);
  });

  test("a shared cache key for different apps", async () => {
    const store = memoryStore();
    const simulator = new Simulator();
    const owners = simulator.apps.slice(0, 2).map(({ consumerKey, consumerSecret }) => {
      return managed({ store, consumerKey, consumerSecret }, { simulator });
    });
    assert.equal((await tokensOf(owners.map(({ tokens }) => tokens.getToken()))).size, 2);
  });

  test("no timeout", async () => {
    const { tokens } = managed({ fetch: () => new Promise(() => {}), timeoutMs: 20, retries: 0 });
    await rejects(tokens.getToken(), "ERR_DARAJA_TIMEOUT", "Daraja did not answer within 20 ms");
  });

  test("a firewall page reported as bad credentials; a SyntaxError instead of the cause", async () => {
    for (const [kind, code] of [
      ["blocked-403", "ERR_DARAJA_BLOCKED"],
      ["blocked-200", "ERR_DARAJA_BLOCKED"],
      ["empty-400", "ERR_DARAJA_INVALID_CREDENTIALS"],
      ["truncated", "ERR_DARAJA_MALFORMED_RESPONSE"],
      ["maintenance", "ERR_DARAJA_UNAVAILABLE"],
    ]) {
      const { tokens, simulator } = managed({ retries: 0 });
      simulator.inject({ kind, path: "/oauth/" });
      assert.equal((await rejection(tokens.getToken())).code, code, kind);
    }
  });

  test("after a 401, every waiting caller generates a token of its own", async () => {
    const { tokens, simulator, credentials, generated } = managed();
    await tokens.getToken();
    await generateToken({ ...credentials, fetch: simulator.fetch });
    const calls = Array.from({ length: 50 }, () => tokens.fetch(STK, { method: "POST", body: "{}" }));
    assert.deepEqual(new Set((await Promise.all(calls)).map(({ status }) => status)), new Set([200]));
    assert.equal(generated(), 3);
  });

  test("a failed generation silently replaced by a stale or fake token", async () => {
    const { tokens, simulator } = managed({ retries: 0 });
    await tokens.getToken();
    simulator.advance(3_599_000);
    simulator.inject({ kind: "quota", path: "/oauth/" });
    assert.equal((await rejection(tokens.getToken())).code, "ERR_DARAJA_RATE_LIMITED");
    assert.equal(tokens.peek(), null);
  });
});
