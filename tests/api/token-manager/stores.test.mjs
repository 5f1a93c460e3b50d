// Stores that lie, lose answers, are late, or have others write to them; sealing.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { rejection, rejects, settled } from "../../support/installed.mjs";
import { BRIEF, gate, strays, withManagers } from "../../support/managers.mjs";

const { managed, spiedStore, Simulator, TokenManager, memoryStore } = await withManagers("manager-stores");
const noStrays = strays();
const code = "ERR_DARAJA_STORE_UNAVAILABLE";
const failed = "The store failed, and no usable token is known";
const unreadable = "Expected a record of schema 1 in the store, found something else";
const answering = (answer) => ({ load: async () => answer, compareAndSwap: async () => ({ swapped: true }) });

describe("a store that answers nonsense", () => {
  const record = { version: "v", value: '{"schema":1}' };
  const throwing = Object.defineProperty({}, "record", { get: () => assert.fail("a getter's") });
  for (const [what, answer] of Object.entries({
    nothing: undefined,
    "a number": 5,
    "no record and no null": {},
    "a record without a version": { record: { value: "{}" } },
    "a version that is a number": { record: { ...record, version: 5 } },
    "a getter that throws": throwing,
    "a clock in text": { record: null, now: "1700000000000" },
    "a clock in a bigint": { record: null, now: 5n },
    "a clock that is no number": { record: null, now: Number.NaN },
    "a clock before all time": { record: null, now: -1 },
    "a clock that is a symbol": { record: null, now: Symbol("now") },
  })) {
    test(`${what} has failed: nothing is generated, and the error says what was wrong`, async () => {
      const { tokens, simulator, events } = managed({ store: answering(answer), policy: BRIEF });
      const error = await rejects(tokens.getToken(), code, failed, { retryable: true });
      assert.ok(error.cause instanceof Error);
      assert.equal(simulator.requests.length, 0);
      assert.ok(events.some(({ type }) => type === "store-error"));
      await noStrays();
    });
  }

  for (const value of ["", "{", "null", "5", '"text"', "[]", "{}", '{"schema":2}', '{"schema":"1"}']) {
    test(`a record of ${value || "no text"} is left alone`, async () => {
      const { tokens, simulator } = managed({ store: answering({ record: { version: "v", value } }), policy: BRIEF });
      await rejects(tokens.getToken(), code, unreadable);
      assert.equal(simulator.requests.length, 0);
    });
  }

  test("a record of schema 1 with nonsense in each field is replaced", async () => {
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

  test("to compareAndSwap has failed, too", async () => {
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

/** The name of the record, found out by a manager that has no other use. */
async function keyOf(store, tokens) {
  let key;
  const { load } = store;
  store.load = (asked) => {
    key = asked;
    return load(asked);
  };
  await tokens.getToken();
  store.load = load;
  return key;
}

describe("a store that fails", () => {
  test("is the cause of the error, unless it would show a record or a token", async () => {
    const thrown = new Error("ECONNREFUSED");
    const { tokens } = managed({ store: { load: () => Promise.reject(thrown), compareAndSwap() {} }, policy: BRIEF });
    assert.equal((await rejection(tokens.getToken())).cause, thrown);

    const store = spiedStore({
      compareAndSwap: async (_key, _expected, { value }) => {
        throw Object.assign(new Error("READONLY"), { command: { name: "set", args: [value] } });
      },
    });
    const { tokens: others } = managed({ store, policy: BRIEF });
    assert.equal((await rejection(others.getToken())).cause.message, "withheld: it may show a secret");
  });

  test("by never answering is told from one that threw", async () => {
    const { tokens } = managed({ store: { load: () => new Promise(() => {}), compareAndSwap() {} }, policy: BRIEF });
    assert.equal((await rejection(tokens.getToken())).cause.message, "no answer within 20 ms");
    await noStrays();
  });

  test("leaves the living token in use to its real end", async () => {
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

  test("is done without by onStoreDown generate, but not for each caller", async () => {
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

  test("after a write was carried out, at any of them, still gives one token, by one request", async () => {
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
      const { tokens, generated } = managed({ store, policy: BRIEF });
      assert.equal((await tokens.getToken()).expiresIn, 3599);
      assert.equal(generated(), 1);
    }
  });

  test("by answering late changes nothing with that answer", async () => {
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

describe("a record", () => {
  test("is written under a fresh version each time, for as long as the policy says", async () => {
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
        // Renewed when the drain is over.
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

  test("is named after the origin of the token endpoint and the app, so that nobody takes another's token", async () => {
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

  test("is believed by the store's own clock, whatever the wall clock says", async () => {
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
});

describe("sealing", () => {
  /** AES-GCM on Web Crypto. */
  async function cipher() {
    const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    const calls = { seal: 0, open: 0 };
    return {
      calls,
      async seal(text) {
        calls.seal += 1;
        const iv = crypto.getRandomValues(new Uint8Array(12));
        const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, Buffer.from(text));
        return Buffer.concat([iv, new Uint8Array(sealed)]).toString("base64");
      },
      async open(text) {
        calls.open += 1;
        const bytes = Buffer.from(text, "base64");
        const [iv, sealed] = [bytes.subarray(0, 12), bytes.subarray(12)];
        return Buffer.from(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, sealed)).toString();
      },
    };
  }

  test("happens once for each token, and the store never sees one", async () => {
    const { seal, open, calls } = await cipher();
    const store = spiedStore();
    const { tokens, simulator, credentials } = managed({ store, seal, open, policy: BRIEF });
    const first = await tokens.getToken();
    simulator.advance(3_400_000);
    const second = await tokens.getToken();
    assert.equal(calls.seal, 2);
    for (const { next } of store.written) {
      for (const { accessToken } of [first, second]) assert.ok(!next.value.includes(accessToken));
    }
    const shared = { ...credentials, store, seal, open, fetch: simulator.fetch, now: () => simulator.now() };
    assert.equal((await new TokenManager(shared).getToken()).accessToken, second.accessToken);
  });

  test("that fails, hangs or gives no text is a failure of the store, with its cause", async () => {
    const thrown = new Error("a vault's");
    for (const [seal, cause] of [
      [() => Promise.reject(thrown), "a vault's"],
      [() => new Promise(() => {}), "no answer within 20 ms"],
      [() => undefined, "expected a string"],
    ]) {
      // Its own token lives, though it cannot tell the others.
      const store = spiedStore();
      const { tokens } = managed({ store, seal, open: (text) => text, policy: BRIEF });
      assert.equal((await tokens.getToken()).expiresIn, 3599);
      assert.ok(store.written.every(({ value }) => value.token === ""));

      const shared = memoryStore();
      const writer = managed({ store: shared, seal: (text) => text, open: (text) => text });
      await writer.tokens.getToken();
      const { tokens: reader, simulator } = managed({ store: shared, open: seal, policy: BRIEF });
      assert.equal((await rejects(reader.getToken(), code, failed)).cause.message, cause);
      assert.equal(simulator.requests.length, 0);
    }
    await noStrays();
  });

  test("may begin with open alone, everywhere, and then seal: a plain token needs no opening", async () => {
    const store = memoryStore();
    const { seal, open, calls } = await cipher();
    const { simulator, tokens, generated } = managed({ store });
    const { accessToken } = await tokens.getToken();
    const ready = managed({ store, open }, { simulator });
    const sealing = managed({ store, seal, open }, { simulator });
    for (const { tokens } of [ready, sealing]) assert.equal((await tokens.getToken()).accessToken, accessToken);
    assert.deepEqual([calls.open, generated()], [0, 1]);
    simulator.advance(3_599_000);
    const { accessToken: next } = await sealing.tokens.getToken();
    assert.equal((await ready.tokens.getToken()).accessToken, next);
    assert.deepEqual([calls.seal, generated()], [1, 2]);
    // Who has no key takes no sealed text for a token.
    const { tokens: old } = managed({ store, policy: BRIEF }, { simulator });
    const error = await rejects(old.getToken(), code, failed);
    assert.equal(error.cause.message, "the token in the store is sealed, and the option open is not given");
    assert.equal(generated(), 2);
  });

  test("that another key did is passed over where open gives null: the token is replaced", async () => {
    const store = memoryStore();
    const theirs = await cipher();
    await managed({ store, seal: theirs.seal, open: theirs.open }).tokens.getToken();
    const { seal, open } = await cipher();
    const openOrNull = (text) => open(text).catch(() => null);
    const { tokens, generated } = managed({ store, seal, open: openOrNull });
    assert.equal((await tokens.getToken()).expiresIn, 3599);
    assert.equal(generated(), 1);
  });
});

describe("watch", () => {
  test("that throws, rejects or gives nonsense is done without", async () => {
    for (const watch of [
      () => assert.fail("a store's"),
      async () => assert.fail("a store's"),
      () => 5,
      () => () => assert.fail("a store's"),
      () => async () => assert.fail("a store's"),
    ]) {
      const { tokens } = managed({ store: { ...memoryStore(), watch } });
      assert.equal((await tokens.getToken()).expiresIn, 3599);
      tokens.close();
    }
    await noStrays();
  });

  test("that calls in the middle of a run is heard after it", async () => {
    const changed = {};
    const store = spiedStore(changed);
    let wake;
    store.watch = (_, woken) => {
      wake = woken;
      return () => {};
    };
    let loads = 0;
    changed.load = (key) => {
      loads += 1;
      return store.inner.load(key);
    };
    changed.compareAndSwap = (...args) => {
      wake();
      return store.inner.compareAndSwap(...args);
    };
    const { tokens, generated } = managed({ store });
    await tokens.getToken();
    const before = loads;
    await tokens.getToken();
    assert.equal(loads, before + 1);
    await tokens.getToken();
    assert.equal(loads, before + 1);
    assert.equal(generated(), 1);
  });

  test("is of one record, and of another one when the app is another, and ends with the manager", async () => {
    const simulator = new Simulator();
    const [first, second] = simulator.apps;
    let app = first;
    const watched = [];
    const store = {
      ...memoryStore(),
      watch(key) {
        watched.push(key);
        return () => watched.splice(watched.indexOf(key), 1);
      },
    };
    const { tokens } = managed(
      { store, credentials: () => ({ consumerKey: app.consumerKey, consumerSecret: app.consumerSecret }) },
      { simulator },
    );
    await tokens.getToken();
    const [before] = watched;
    app = second;
    simulator.advance(3_599_000);
    await tokens.getToken();
    assert.equal(watched.length, 1);
    assert.notEqual(watched[0], before);
    tokens.close();
    tokens.close();
    assert.deepEqual(watched, []);
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

  test("has tokens, where no store is given", async () => {
    const { tokens } = managed();
    assert.equal((await without(() => tokens.getToken())).expiresIn, 3599);
  });

  test("is refused where one is, since its records have names from SHA-256", async () => {
    const { tokens, simulator } = managed({ store: memoryStore() });
    const message = "store: expected a runtime with crypto.subtle, found one without";
    await without(() => rejects(tokens.getToken(), "ERR_DARAJA_INVALID_OPTION", message));
    assert.equal(simulator.requests.length, 0);
  });
});

test("two apps in turn never meet in the memory of one manager", async () => {
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
