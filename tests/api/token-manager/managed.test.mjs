// TokenManager with its callers, its clock and its store: deadlines, aborts, failures, rotation, sleep, sealing.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { inspect } from "node:util";
import { installed, rejection, rejects, settled } from "../../support/installed.mjs";

let TokenManager;
let Simulator;
let DarajaError;
let memoryStore;
before(async () => {
  ({ TokenManager, Simulator, DarajaError, memoryStore } = await installed("managed"));
});

/** A simulator and a manager of its first app, on the simulator's clock. */
function managed(options = {}, simulated = {}) {
  const simulator = new Simulator(simulated);
  const [{ consumerKey, consumerSecret }] = simulator.apps;
  const events = [];
  const tokens = new TokenManager({
    consumerKey,
    consumerSecret,
    fetch: simulator.fetch,
    now: () => simulator.now(),
    onEvent: (event) => events.push(event),
    ...options,
  });
  const generated = () => simulator.requests.filter(({ outcome }) => outcome === "token").length;
  return { simulator, tokens, events, generated, credentials: { consumerKey, consumerSecret } };
}

describe("the token", () => {
  test("is the same frozen object until it is renewed, five minutes before its end", async () => {
    const { simulator, tokens, events } = managed({ policy: { drainMs: 0 } });
    const token = await tokens.getToken();
    assert.deepEqual(Object.keys(token), ["accessToken", "expiresIn", "expiresAt"]);
    // Up to a tenth of the five minutes is jitter.
    simulator.advance(3_298_000);
    assert.equal(await tokens.getToken(), token);
    simulator.advance(31_000);
    const successor = await tokens.getToken();
    assert.notEqual(successor.accessToken, token.accessToken);
    assert.deepEqual(
      events.map(({ type, reason, epoch }) => [type, reason, epoch]),
      [
        ["lease-taken", "missing", 0],
        ["generated", "missing", 1],
        ["lease-taken", "renewal", 1],
        ["renewed", "renewal", 2],
      ],
    );
    assert.ok(events.every((event) => Object.isFrozen(event) && event.durationMs >= 0));
  });

  test("is null to peek at before there is one, after it has ended, and after close", async () => {
    const { simulator, tokens } = managed();
    assert.equal(tokens.peek(), null);
    const token = await tokens.getToken();
    assert.equal(tokens.peek(), token);
    simulator.advance(3_599_000);
    assert.equal(tokens.peek(), null);
    await tokens.getToken();
    tokens.close();
    assert.equal(tokens.peek(), null);
  });

  test("is judged right after hours of sleep, and after a clock that was set back", async () => {
    let offset = 0;
    const { simulator, tokens, generated } = managed({ now: () => simulator.now() + offset });
    const first = await tokens.getToken();
    simulator.advance(7 * 3_600_000);
    const second = await tokens.getToken();
    assert.notEqual(second.accessToken, first.accessToken);
    offset = -24 * 3_600_000;
    assert.equal((await tokens.getToken()).accessToken, second.accessToken);
    assert.equal(generated(), 2);
  });
});

describe("a caller", () => {
  test("who aborts ends no other's wait, and gets the signal's reason", async () => {
    const { simulator, tokens } = managed();
    simulator.inject({ kind: "latency", ms: 9_000 });
    const reason = new Error("enough");
    const controller = new AbortController();
    const impatient = rejection(tokens.getToken({ signal: controller.signal }));
    const patient = tokens.getToken();
    while (simulator.requests.length === 0) await settled();
    controller.abort(reason);
    assert.equal(await impatient, reason);
    simulator.advance(9_000);
    assert.equal((await patient).expiresIn, 3599);
    assert.equal(simulator.requests.length, 1);
    assert.equal(await rejection(tokens.getToken({ signal: AbortSignal.abort(reason) })), reason);
  });

  test("with a deadline of its own is told at it, and the others go on waiting", async () => {
    const { simulator, tokens } = managed();
    simulator.inject({ kind: "latency", ms: 9_000 });
    const hasty = tokens.getToken({ deadlineMs: 5 });
    const patient = tokens.getToken();
    await rejects(hasty, "ERR_DARAJA_TIMEOUT", "No token within the deadline", { retryable: true });
    simulator.advance(9_000);
    assert.equal((await patient).expiresIn, 3599);
  });

  test("may say only what a call knows", async () => {
    const { tokens } = managed();
    for (const [options, message] of [
      [null, "options: expected an object, found null"],
      ["a signal", "options: expected an object, found a string"],
      [{ timeout: 5 }, "timeout: expected one of signal, deadlineMs, waitUntil, found another name"],
      [{ signal: {} }, "signal: expected an AbortSignal, found an object"],
      [{ signal: { aborted: false } }, "signal: expected an AbortSignal, found an object"],
      [{ deadlineMs: "1" }, "deadlineMs: expected a number, found a string"],
      [{ deadlineMs: -1 }, "deadlineMs: expected a number of milliseconds, found another number"],
      [{ deadlineMs: Number.NaN }, "deadlineMs: expected a number of milliseconds, found another number"],
      [{ waitUntil: 1 }, "waitUntil: expected a function, found a number"],
    ]) {
      await rejects(tokens.getToken(options), "ERR_DARAJA_INVALID_OPTION", message);
    }
    assert.equal((await tokens.getToken({ signal: undefined, deadlineMs: 1_000 })).expiresIn, 3599);
  });

  test("hands its promise to the platform's waitUntil, whatever that does", async () => {
    const { tokens } = managed();
    const kept = [];
    await tokens.getToken({ waitUntil: (promise) => kept.push(promise) });
    await Promise.all(kept);
    assert.equal(kept.length, 1);
    const { tokens: others } = managed();
    const throwing = () => {
      throw new Error("a platform's");
    };
    assert.equal((await others.getToken({ waitUntil: throwing })).expiresIn, 3599);
  });

  test("who waits when the manager is closed, or comes later, is told so", async () => {
    const { simulator, tokens } = managed();
    simulator.inject({ kind: "hang" });
    const waiting = rejects(tokens.getToken(), "ERR_DARAJA_CLOSED", "The TokenManager was closed");
    while (simulator.requests.length === 0) await settled();
    tokens.close();
    await waiting;
    await rejects(tokens.getToken(), "ERR_DARAJA_CLOSED", "The TokenManager was closed");
    await rejects(tokens.fetch("/mpesa/x"), "ERR_DARAJA_CLOSED", "The TokenManager was closed");
    tokens.close();
  });
});

describe("a failure", () => {
  test("reaches everyone who waits, with its attempts, and is not remembered beyond its back-off", async () => {
    const { simulator, tokens } = managed({ retries: 0, policy: { failureBackoffMs: 1 } });
    simulator.inject({ kind: "quota", path: "/oauth/" });
    const errors = await Promise.all(Array.from({ length: 20 }, () => rejection(tokens.getToken())));
    for (const error of errors) {
      assert.ok(error instanceof DarajaError);
      assert.deepEqual([error.code, error.attempts], ["ERR_DARAJA_RATE_LIMITED", 1]);
    }
    assert.equal(simulator.requests.length, 1);
    assert.equal((await tokens.getToken()).expiresIn, 3599);
  });

  test("of the credentials is remembered for a while, so that nobody hammers Daraja", async () => {
    const { simulator, tokens, credentials } = managed({ consumerSecret: "wrong" });
    const message = "Daraja did not accept the consumer key and secret (HTTP 400)";
    for (let i = 0; i < 10; i++) await rejects(tokens.getToken(), "ERR_DARAJA_INVALID_CREDENTIALS", message);
    assert.equal(simulator.requests.length, 1);
    const error = await rejection(tokens.getToken());
    assert.ok(error.retryAfterMs > 0 && error.retryAfterMs <= 5_000);
    simulator.advance(5_000);
    await rejects(tokens.getToken(), "ERR_DARAJA_INVALID_CREDENTIALS", message);
    assert.equal(simulator.requests.length, 2);
    assert.ok(!inspect(error, { depth: 9 }).includes(credentials.consumerSecret));
  });

  test("of the network is tried again by itself, once, and has the original as its cause", async () => {
    const thrown = new Error("a cable's");
    let calls = 0;
    const { tokens } = managed({
      policy: { failureBackoffMs: 1 },
      fetch: async () => {
        calls += 1;
        throw thrown;
      },
    });
    const error = await rejects(tokens.getToken(), "ERR_DARAJA_NETWORK", "No answer from Daraja: fetch failed");
    assert.deepEqual([error.cause, error.attempts, calls], [thrown, 2, 2]);
  });
});

describe("credentials that a function gives", () => {
  test("are asked for when a token is, and a new secret is used from then on", async () => {
    const { credentials } = managed();
    let given = { ...credentials, consumerSecret: "old" };
    let asked = 0;
    const { simulator, tokens } = managed({
      consumerKey: undefined,
      consumerSecret: undefined,
      credentials: async () => {
        asked += 1;
        return given;
      },
    });
    assert.equal((await rejection(tokens.getToken())).code, "ERR_DARAJA_INVALID_CREDENTIALS");
    given = credentials;
    simulator.advance(5_000);
    await tokens.getToken();
    const before = asked;
    for (let i = 0; i < 100; i++) await tokens.getToken();
    assert.equal(asked, before);
  });

  test("of another app mean that app's token", async () => {
    const simulator = new Simulator();
    const [duka, matatu] = simulator.apps;
    let app = duka;
    const tokens = new TokenManager({
      credentials: () => ({ consumerKey: app.consumerKey, consumerSecret: app.consumerSecret }),
      fetch: simulator.fetch,
      now: () => simulator.now(),
    });
    await tokens.getToken();
    app = matatu;
    simulator.advance(3_599_000);
    await tokens.getToken();
    assert.deepEqual(
      simulator.requests.map(({ app }) => app),
      ["Duka", "Matatu"],
    );
  });

  test("that fail, hang, or give nonsense are named", async () => {
    const failing = () => {
      throw new Error("a vault's");
    };
    for (const [credentials, code, message] of [
      [failing, "ERR_DARAJA_NETWORK", "The function credentials failed"],
      [async () => failing(), "ERR_DARAJA_NETWORK", "The function credentials failed"],
      [() => new Promise(() => {}), "ERR_DARAJA_TIMEOUT", "The function credentials gave none within 20 ms"],
    ]) {
      const { tokens } = managed({ consumerKey: undefined, consumerSecret: undefined, credentials, timeoutMs: 20 });
      await rejects(tokens.getToken(), code, message, { retryable: true });
    }
    for (const given of [undefined, {}, { consumerKey: 5 }]) {
      const { tokens } = managed({ consumerKey: undefined, consumerSecret: undefined, credentials: () => given });
      assert.equal((await rejection(tokens.getToken())).code, "ERR_DARAJA_INVALID_OPTION");
    }
  });
});

describe("a store", () => {
  test("that instances share gives them one token", async () => {
    const store = memoryStore();
    const { simulator, tokens, generated, credentials } = managed({ store });
    const fleet = Array.from(
      { length: 20 },
      () => new TokenManager({ ...credentials, store, fetch: simulator.fetch, now: () => simulator.now() }),
    );
    const all = await Promise.all([tokens, ...fleet].map((manager) => manager.getToken()));
    assert.equal(new Set(all.map(({ accessToken }) => accessToken)).size, 1);
    assert.equal(generated(), 1);
  });

  test("holds a record under the documented key, without key or secret, and keeps what it does not know", async () => {
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

  test("with a record of another schema is left alone", async () => {
    const store = memoryStore();
    const { tokens, simulator } = managed({ store });
    const { load } = store;
    store.load = async () => ({ record: { version: "1", value: '{"schema":2}' } });
    await rejects(
      tokens.getToken(),
      "ERR_DARAJA_STORE_UNAVAILABLE",
      "Expected a record of schema 1 in the store, found something else",
    );
    assert.equal(simulator.requests.length, 0);
    store.load = load;
    assert.equal((await tokens.getToken()).expiresIn, 3599);
  });

  for (const [what, load] of [
    ["throws", () => assert.fail("a store's")],
    ["rejects", () => Promise.reject(new Error("a store's"))],
    ["gives nothing", () => undefined],
    ["gives nonsense", async () => ({ record: { version: 5, value: {} } })],
    ["never answers", () => new Promise(() => {})],
  ]) {
    test(`that ${what} fails closed: nothing is generated`, async () => {
      const policy = { storeTimeoutMs: 5, storePatienceMs: 5, firstPauseMs: 1, longestPauseMs: 2 };
      const store = { load, compareAndSwap: load };
      const { tokens, simulator, events } = managed({ store, policy });
      const message = "The store failed, and no usable token is known";
      await rejects(tokens.getToken(), "ERR_DARAJA_STORE_UNAVAILABLE", message, { retryable: true });
      assert.equal(simulator.requests.length, 0);
      assert.ok(events.some(({ type }) => type === "store-error"));
    });
  }

  test("that fails is done without where that was chosen", async () => {
    const policy = { storeTimeoutMs: 5, storePatienceMs: 5, firstPauseMs: 1, longestPauseMs: 2 };
    const load = () => Promise.reject(new Error("a store's"));
    const { tokens, generated } = managed({ store: { load, compareAndSwap: load }, policy, onStoreDown: "generate" });
    assert.equal((await tokens.getToken()).expiresIn, 3599);
    assert.equal(generated(), 1);
  });

  test("whose answers get lost after the write is believed by what it says next", async () => {
    const store = memoryStore();
    const { compareAndSwap } = store;
    let lost = 0;
    store.compareAndSwap = async (...args) => {
      await compareAndSwap(...args);
      lost += 1;
      throw new Error("the answer got lost");
    };
    const { tokens, generated } = managed({ store, policy: { firstPauseMs: 1, longestPauseMs: 2 } });
    assert.equal((await tokens.getToken()).expiresIn, 3599);
    assert.equal(generated(), 1);
    assert.ok(lost >= 2);
  });

  test("sees only sealed tokens where they are sealed", async () => {
    const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    const seal = async (text) => {
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode(text));
      return Buffer.concat([iv, new Uint8Array(sealed)]).toString("base64");
    };
    const open = async (text) => {
      const bytes = Buffer.from(text, "base64");
      const opened = await crypto.subtle.decrypt(
        { name: "AES-GCM", iv: bytes.subarray(0, 12) },
        key,
        bytes.subarray(12),
      );
      return new TextDecoder().decode(opened);
    };
    const store = memoryStore();
    const values = [];
    const { compareAndSwap } = store;
    store.compareAndSwap = (storeKey, expected, next, options) => {
      values.push(next.value);
      return compareAndSwap(storeKey, expected, next, options);
    };
    const { simulator, tokens, generated, credentials } = managed({ store, seal, open });
    const { accessToken } = await tokens.getToken();
    const shared = { ...credentials, store, seal, open, fetch: simulator.fetch, now: () => simulator.now() };
    assert.equal((await new TokenManager(shared).getToken()).accessToken, accessToken);
    assert.equal(generated(), 1);
    assert.ok(values.length > 0 && values.every((value) => !value.includes(accessToken)));
  });

  test("that says that something changed is looked at before the time", async () => {
    const store = memoryStore();
    const wakes = [];
    let unwatched = 0;
    store.watch = (_, woken) => {
      wakes.push(woken);
      return () => {
        unwatched += 1;
      };
    };
    const { simulator, tokens, credentials } = managed({ store });
    const first = await tokens.getToken();
    const peer = new TokenManager({ ...credentials, store, fetch: simulator.fetch, now: () => simulator.now() });
    await peer.getToken();
    const second = await peer.report(first.accessToken);
    assert.equal(await tokens.getToken(), first);
    for (const wake of wakes) wake();
    assert.equal((await tokens.getToken()).accessToken, second.accessToken);
    tokens.close();
    peer.close();
    assert.equal(unwatched, 2);
  });

  test("without compare-and-swap is refused by what it lacks, and Cloudflare KV by name", () => {
    const kv = { get() {}, put() {}, delete() {}, list() {}, getWithMetadata() {} };
    for (const [store, found, hint] of [
      [
        {},
        "an object without load and compareAndSwap",
        /^A token that others may replace needs load and compareAndSwap/,
      ],
      [{ load() {} }, "an object without compareAndSwap", /^A token that others may replace needs/],
      [kv, "a Cloudflare KV namespace", /^KV has no compare-and-swap.*Use a Durable Object/],
    ]) {
      assert.throws(
        () => managed({ store }),
        (error) => {
          const message = `store: expected a TokenStore, found ${found}`;
          assert.deepEqual([error.code, error.message], ["ERR_DARAJA_INVALID_OPTION", message]);
          assert.match(error.hint, hint);
          return true;
        },
      );
    }
  });
});

describe("what cannot be used", () => {
  test("is refused by the constructor, by name, and nothing is sent", () => {
    for (const [options, message] of [
      [{ consumerKey: undefined }, "consumerKey: expected a string, found undefined"],
      [{ signal: AbortSignal.abort() }, "signal: expected one of the documented options, found an unknown one"],
      [
        { credentials: () => ({}) },
        "credentials: expected nothing beside consumerKey and consumerSecret, found a function",
      ],
      [{ onEvent: 5 }, "onEvent: expected a function, found a number"],
      [{ renewInBackground: "yes" }, "renewInBackground: expected a boolean, found a string"],
      [{ policy: 5 }, "policy: expected an object, found a number"],
      [{ policy: { floor: 5 } }, "floor: expected one of the documented options, found an unknown one"],
      [
        { policy: { minRemainingMs: 60_001 } },
        "policy: minRemainingMs: expected at most blockingWindowMs, 60000, found 60001",
      ],
      [{ onStoreDown: "panic" }, 'onStoreDown: expected "fail" or "generate", found another string'],
      [{ renewBeforeMs: 0.5 }, "renewBeforeMs: expected a whole number from 0 to 2147483647, found another number"],
    ]) {
      assert.throws(
        () => managed(options),
        (error) => {
          assert.ok(error instanceof DarajaError);
          assert.deepEqual([error.code, error.message], ["ERR_DARAJA_INVALID_OPTION", message]);
          return true;
        },
      );
    }
    for (const options of [undefined, null, 5]) {
      assert.throws(
        () => new TokenManager(options),
        /^DarajaError: options: expected an object, found something else$/,
      );
    }
  });
});

describe("hostile callers", () => {
  test("an onEvent that throws or rejects harms nothing", async () => {
    for (const onEvent of [() => assert.fail("a handler's"), async () => assert.fail("a handler's")]) {
      const { tokens } = managed({ onEvent });
      assert.equal((await tokens.getToken()).expiresIn, 3599);
    }
  });

  test("a clock that throws or gives nonsense is replaced by the runtime's", async () => {
    for (const now of [() => assert.fail("a clock's"), () => "noon", () => Number.NaN, () => -1]) {
      const { tokens } = managed({ now });
      assert.equal((await tokens.getToken()).expiresIn, 3599);
    }
  });

  test("options that are changed later change nothing", async () => {
    const simulator = new Simulator();
    const [{ consumerKey, consumerSecret }] = simulator.apps;
    const options = { consumerKey, consumerSecret, fetch: simulator.fetch, policy: {} };
    const tokens = new TokenManager(options);
    options.consumerSecret = "changed";
    options.fetch = () => assert.fail("another fetch");
    options.policy.minRemainingMs = "changed";
    assert.equal((await tokens.getToken()).expiresIn, 3599);
  });

  test("nothing of a manager shows its secret or its token", async () => {
    const { tokens, credentials, events } = managed();
    const { accessToken } = await tokens.getToken();
    const shown = inspect(tokens, { depth: 9, showHidden: true }) + JSON.stringify(tokens) + inspect(events);
    for (const secret of [credentials.consumerKey, credentials.consumerSecret, accessToken]) {
      assert.ok(!shown.includes(secret), shown);
    }
  });
});

test("a manager is closed by using, where the runtime knows it", () => {
  if (!Symbol.dispose) return;
  const { tokens } = managed();
  tokens[Symbol.dispose]();
  return rejects(tokens.getToken(), "ERR_DARAJA_CLOSED", "The TokenManager was closed");
});
