// Stores that give wrong answers, fail, lose answers or are late.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { rejection, rejects, settled } from "../../support/installed.mjs";
import { BRIEF, gate, keyOf, strays, withManagers } from "../../support/managers.mjs";

const { managed, spiedStore, memoryStore, DarajaError } = await withManagers("manager-stores");
const noStrays = strays();
const code = "ERR_DARAJA_STORE_UNAVAILABLE";
const invalid = "ERR_DARAJA_INVALID_OPTION";
const failed = "The store failed, and no usable token is known";
const unreadable = "Expected a record of schema 1 in the store, found something else";
const answering = (answer) => ({ load: async () => answer, compareAndSwap: async () => ({ swapped: true }) });

describe("if a store gives wrong answers,", () => {
  const record = { version: "v", value: '{"schema":1}' };
  const throwing = Object.defineProperty({}, "record", { get: () => assert.fail("a getter's error") });
  for (const [what, answer] of Object.entries({
    undefined: undefined,
    "a number": 5,
    "an object without a record": {},
    "a record without a version": { record: { value: "{}" } },
    "a version that is a number": { record: { ...record, version: 5 } },
    "a getter that throws": throwing,
    "a clock in text": { record: null, now: "1700000000000" },
    "a clock in a bigint": { record: null, now: 5n },
    "a clock that is not a number": { record: null, now: Number.NaN },
    "a clock that is negative": { record: null, now: -1 },
    "a clock that is a symbol": { record: null, now: Symbol("now") },
  })) {
    test(`${what} counts as a failure: nothing is generated, and the error has a cause`, async () => {
      const { tokens, simulator, events } = managed({ store: answering(answer), policy: BRIEF });
      const error = await rejects(tokens.getToken(), code, failed, { retryable: true });
      assert.ok(error.cause instanceof Error);
      assert.equal(simulator.requests.length, 0);
      assert.ok(events.some(({ type }) => type === "store-error"));
      await noStrays();
    });
  }

  for (const value of ["", "{", "null", "5", '"text"', "[]", "{}", '{"schema":2}', '{"schema":"1"}']) {
    test(`a record of ${value || "no text"} is not replaced`, async () => {
      const { tokens, simulator } = managed({ store: answering({ record: { version: "v", value } }), policy: BRIEF });
      await rejects(tokens.getToken(), code, unreadable);
      assert.equal(simulator.requests.length, 0);
    });
  }

  test("a record of schema 1 with wrong values in its fields is replaced", async () => {
    for (const nonsense of [null, "x", -1, 1e308, {}, [1], true]) {
      const store = memoryStore();
      const fields = ["history", "epoch", "token", "obtainedAt", "expiresAt", "renewAt", "dead", "lease", "notBefore"];
      const value = Object.fromEntries([...fields, "failures", "budget"].map((name) => [name, nonsense]));
      const { tokens } = managed({ store });
      const key = await keyOf(store, tokens);
      const { record } = await store.load(key);
      const next = { version: "theirs", value: JSON.stringify({ ...value, schema: 1 }) };
      await store.compareAndSwap(key, record.version, next);
      const { tokens: others } = managed({ store, policy: { deadlineMs: 60_000 } });
      assert.equal((await others.getToken()).expiresIn, 3599);
    }
  });

  test("a wrong answer of compareAndSwap also counts as a failure", async () => {
    for (const answer of [undefined, null, {}, { swapped: "yes" }, { swapped: 1 }]) {
      const store = { load: async () => ({ record: null }), compareAndSwap: async () => answer };
      const { tokens, simulator } = managed({ store, policy: BRIEF });
      const { cause } = await rejects(tokens.getToken(), code, failed);
      assert.ok(cause instanceof TypeError);
      assert.equal(simulator.requests.length, 0);
    }
    await noStrays();
  });
});

describe("a store that fails", () => {
  test("gives its own error as the cause, without what would show a record or a token", async () => {
    const thrown = new Error("ECONNREFUSED");
    const { tokens } = managed({ store: { load: () => Promise.reject(thrown), compareAndSwap() {} }, policy: BRIEF });
    assert.equal((await rejection(tokens.getToken())).cause, thrown);

    for (const [message, shown] of [
      [() => "READONLY", "READONLY"],
      [(value) => `READONLY: ${value}`, "withheld: it may show a secret"],
    ]) {
      const store = spiedStore({
        compareAndSwap: async (_key, _expected, { value }) => {
          throw Object.assign(new Error(message(value)), { command: { name: "set", args: [value] } });
        },
      });
      const { tokens: others } = managed({ store, policy: BRIEF });
      const { cause } = await rejection(others.getToken());
      assert.deepEqual([cause.message, cause.command], [shown, undefined]);
    }
  });

  test("because it was set up wrongly fails the call at the first try, with its own error", async () => {
    const misuse = new DarajaError("no client is installed", { code: invalid, retryable: false, hint: "Install one." });
    let loads = 0;
    const load = () => {
      loads++;
      return Promise.reject(misuse);
    };
    const { tokens, simulator } = managed({ store: { load, compareAndSwap() {} } });
    assert.equal(await rejection(tokens.getToken()), misuse);
    assert.deepEqual([loads, simulator.requests.length], [1, 0]);
    assert.equal(await rejection(tokens.getToken()), misuse);
    assert.equal(loads, 2);
    await noStrays();
  });

  test("because it never answers gives a cause that says so", async () => {
    const { tokens } = managed({ store: { load: () => new Promise(() => {}), compareAndSwap() {} }, policy: BRIEF });
    assert.equal((await rejection(tokens.getToken())).cause.message, "no answer within 20 ms");
    await noStrays();
  });

  test("leaves the live token in use until it expires", async () => {
    const changed = {};
    const { tokens, simulator } = managed({ store: spiedStore(changed), policy: BRIEF });
    const token = await tokens.getToken();
    changed.load = () => Promise.reject(new Error("down"));
    for (let seconds = 0; seconds < 3_590; seconds += 359) {
      assert.equal((await tokens.getToken()).accessToken, token.accessToken);
      simulator.advance(359_000);
    }
    simulator.advance(9_000);
    await rejects(tokens.getToken(), code, failed);
    changed.load = undefined;
    assert.notEqual((await tokens.getToken()).accessToken, token.accessToken);
  });

  test("leads to one token for all callers with onStoreDown: generate", async () => {
    const store = { load: () => Promise.reject(new Error("down")), compareAndSwap() {} };
    const { tokens, generated, simulator } = managed({ store, policy: BRIEF, onStoreDown: "generate" });
    const all = await Promise.all(Array.from({ length: 50 }, () => tokens.getToken()));
    assert.equal(new Set(all).size, 1);
    assert.equal(generated(), 1);
    simulator.advance(3_599_000);
    const error = await rejects(tokens.getToken(), code, failed);
    assert.ok(error.retryAfterMs > 0 && error.retryAfterMs <= 30_000);
    assert.equal(generated(), 1);
  });

  test("after it has carried out a write still leads to one token with one request", async () => {
    for (let lost = 1; lost <= 2; lost++) {
      let writes = 0;
      const inner = memoryStore();
      const store = {
        load: inner.load,
        async compareAndSwap(...args) {
          const answer = await inner.compareAndSwap(...args);
          writes += 1;
          if (writes === lost) throw new Error("the answer got lost");
          return answer;
        },
      };
      const { tokens, generated } = managed({ store, policy: { ...BRIEF, storePatienceMs: 5_000 } });
      assert.equal((await tokens.getToken()).expiresIn, 3599);
      assert.equal(generated(), 1);
    }
  });

  test("to answer in time has no effect when it answers later", async () => {
    const { opened, open } = gate();
    const inner = memoryStore();
    let loads = 0;
    const store = {
      ...inner,
      async load(key) {
        loads += 1;
        if (loads > 1) return inner.load(key);
        await opened;
        return { record: { version: "stale", value: '{"schema":1,"epoch":7}' } };
      },
      async compareAndSwap(...args) {
        open();
        await settled();
        return inner.compareAndSwap(...args);
      },
    };
    const { tokens, generated } = managed({ store, policy: { ...BRIEF, storePatienceMs: 5_000 } });
    assert.equal((await tokens.getToken()).expiresIn, 3599);
    assert.equal(generated(), 1);
  });
});
