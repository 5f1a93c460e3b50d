// The record in the store: its key, its fields, its versions, and the clock that judges it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { rejects } from "../../support/installed.mjs";
import { BRIEF, keyOf, withManagers } from "../../support/managers.mjs";

const { managed, spiedStore, Simulator, memoryStore } = await withManagers("manager-record");

describe("a record", () => {
  test("gets a new version at each write, and a lifetime that the policy decides", async () => {
    const store = spiedStore();
    const { tokens, simulator } = managed({ store, policy: { ...BRIEF, keepRecordMs: 90_000_000 } });
    await tokens.getToken();
    simulator.advance(3_400_000);
    await tokens.getToken();
    assert.equal(new Set(store.written.map(({ next }) => next.version)).size, 5);
    for (const { options } of store.written) assert.deepEqual(options, { ttlMs: 90_000_000 });
    assert.deepEqual(
      store.written.map(({ value }) => [value.epoch, value.lease?.reason ?? null]),
      [
        [0, "missing"],
        [1, null],
        [1, "renewal"],
        // After the drain the lease is extended, before the request for a token.
        [1, "renewal"],
        [2, null],
      ],
    );
  });

  test("of version 0.1, which has rotateAt for renewAt, is read, and is written with renewAt", async () => {
    const store = memoryStore();
    const { simulator, tokens } = managed({ store, policy: BRIEF });
    const key = await keyOf(store, tokens);
    const { record } = await store.load(key);
    const { renewAt, ...others } = JSON.parse(record.value);
    const value = JSON.stringify({ ...others, rotateAt: renewAt });
    await store.compareAndSwap(key, record.version, { version: "older", value });

    const { tokens: newer, generated } = managed({ store, policy: BRIEF }, { simulator });
    simulator.advance(renewAt - simulator.now() - 60_000);
    await newer.getToken();
    assert.equal(generated(), 1);
    simulator.advance(60_000);
    await newer.getToken();
    assert.equal(generated(), 2);
    const written = JSON.parse((await store.load(key)).record.value);
    assert.deepEqual([written.rotateAt, written.renewAt > renewAt], [undefined, true]);
  });

  test("has a key made of the token endpoint's origin and the app, so apps never share a token", async () => {
    const keys = new Set();
    const store = spiedStore();
    for (const options of [
      {},
      { environment: "production" },
      { baseUrl: "https://gateway.example/daraja" },
      { consumerKey: "another", consumerSecret: "one" },
    ]) {
      const { tokens } = managed({
        store,
        ...options,
        fetch: async () => Response.json({ access_token: "t".repeat(28) }),
      });
      await tokens.getToken();
      keys.add(store.written.at(-1).key);
    }
    const origins = [...keys].map((key) => /^daraja-auth:v1:(https:\/\/[a-z.]+):[0-9a-f]{16}$/.exec(key)[1]);
    const sandbox = "https://sandbox.safaricom.co.ke";
    assert.deepEqual(origins, [sandbox, "https://api.safaricom.co.ke", "https://gateway.example", sandbox]);
    assert.equal(keys.size, 4);
  });

  test("is judged by the store's clock, not by the wall clock", async () => {
    const inner = memoryStore();
    let time = Date.now() - 30 * 86_400_000;
    const now = () => time;
    const store = {
      load: async (key) => ({ ...(await inner.load(key)), now: now() }),
      compareAndSwap: async (...args) => ({ ...(await inner.compareAndSwap(...args)), now: now() }),
    };
    const { tokens, simulator, generated } = managed({ store });
    const token = await tokens.getToken();
    simulator.advance(86_400_000);
    assert.equal((await managed({ store }, { simulator }).tokens.getToken()).accessToken, token.accessToken);
    time += 3_599_000;
    await managed({ store }, { simulator }).tokens.getToken();
    assert.equal(generated(), 2);
  });

  test("has the documented key, keeps unknown members that were in it, and contains no consumer key or secret", async () => {
    const store = memoryStore();
    const { simulator, tokens, credentials } = managed({ store, policy: { drainMs: 0 } });
    const keys = [];
    const { load, compareAndSwap } = store;
    store.load = (key) => {
      keys.push(key);
      return load(key);
    };
    await tokens.getToken();
    const [key] = keys;
    assert.match(key, /^daraja-auth:v1:https:\/\/sandbox\.safaricom\.co\.ke:[0-9a-f]{16}$/);
    const { record } = await load(key);
    assert.match(record.version, /^[0-9a-f]{32}$/);
    assert.ok(!record.value.includes(credentials.consumerSecret) && !record.value.includes(credentials.consumerKey));
    const value = JSON.parse(record.value);
    assert.deepEqual(
      [value.schema, value.epoch, value.dead, value.lease, value.token],
      [1, 1, false, null, tokens.peek().accessToken],
    );
    await compareAndSwap(key, record.version, { version: "x", value: JSON.stringify({ ...value, theirs: [1] }) });
    simulator.advance(3_400_000);
    await tokens.getToken();
    assert.deepEqual(JSON.parse((await load(key)).record.value).theirs, [1]);
  });
});

describe("a runtime without crypto.subtle, such as a page over plain http", () => {
  const original = Object.getOwnPropertyDescriptor(globalThis, "crypto");
  const { getRandomValues } = crypto;
  const without = async (run) => {
    const value = { getRandomValues: (array) => getRandomValues.call(original.get?.call(globalThis), array) };
    Object.defineProperty(globalThis, "crypto", { value, configurable: true, writable: true });
    try {
      return await run();
    } finally {
      Object.defineProperty(globalThis, "crypto", original);
    }
  };

  test("gets tokens if the manager has no store", async () => {
    const { tokens } = managed();
    assert.equal((await without(() => tokens.getToken())).expiresIn, 3599);
  });

  test("gets an error if the manager has a store, because keys are made with SHA-256", async () => {
    const { tokens, simulator } = managed({ store: memoryStore() });
    const message = "store: expected a runtime with crypto.subtle, found one without";
    await without(() => rejects(tokens.getToken(), "ERR_DARAJA_INVALID_OPTION", message));
    assert.equal(simulator.requests.length, 0);
  });
});

test("two apps that alternate in one manager each get their own token", async () => {
  const simulator = new Simulator({
    apps: ["a", "b"].map((name) => ({ name, consumerKey: name, consumerSecret: name })),
  });
  let app = "a";
  const credentials = () => ({ consumerKey: app, consumerSecret: app });
  const { tokens } = managed({ credentials }, { simulator });
  const first = await tokens.getToken();
  app = "b";
  simulator.advance(3_600_000);
  const second = await tokens.getToken();
  app = "a";
  simulator.advance(3_600_000);
  const third = await tokens.getToken();
  assert.equal(new Set([first, second, third].map(({ accessToken }) => accessToken)).size, 3);
  assert.deepEqual(
    simulator.requests.map(({ app }) => app),
    ["a", "b", "a"],
  );
});
