// What callers of a TokenManager may do to it and to each other: abort, close, be late, lie.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { rejection, rejects, settled } from "../../support/installed.mjs";
import { BRIEF, gate, strays, withManagers } from "../../support/managers.mjs";
import { project } from "../../support/packed.mjs";

const { managed, spiedStore, TokenManager } = await withManagers("manager-callers");
const noStrays = strays();
const invalid = "ERR_DARAJA_INVALID_OPTION";
const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;

/** A signal that counts its listeners. */
function countedSignal() {
  const controller = new AbortController();
  const { signal } = controller;
  const listeners = new Set();
  signal.addEventListener = (_, listener) => listeners.add(listener);
  signal.removeEventListener = (_, listener) => listeners.delete(listener);
  const abort = (reason) => {
    controller.abort(reason);
    for (const listener of listeners) listener();
  };
  return { signal, listeners, abort };
}

describe("close", () => {
  test("tells those who wait at once, though neither Daraja nor the store answers, and leaves no timer", async () => {
    await settled();
    const before = timers();
    const hanging = () => new Promise(() => {});
    for (const options of [
      { fetch: hanging, timeoutMs: 1000 },
      { store: { load: hanging, compareAndSwap: hanging }, policy: { ...BRIEF, storeTimeoutMs: 1000 } },
      { credentials: hanging, timeoutMs: 1000 },
    ]) {
      const { tokens } = managed({ retries: 0, ...options });
      const { signal, listeners } = countedSignal();
      const waiting = [tokens.getToken(), tokens.getToken({ signal }), tokens.report("x"), tokens.fetch("/mpesa/x")];
      await settled();
      tokens.close();
      for (const call of waiting) await rejects(call, "ERR_DARAJA_CLOSED", "The TokenManager was closed");
      assert.equal(listeners.size, 0);
    }
    // What is still asked for has its own limit.
    while (timers() > before) await new Promise((resolve) => setTimeout(resolve, 1));
    await noStrays();
  });

  test("in a handler of its own events ends that call and all that come later", async () => {
    for (const type of ["lease-taken", "generated"]) {
      const { tokens } = managed({ onEvent: (event) => event.type === type && tokens.close() });
      await rejects(tokens.getToken(), "ERR_DARAJA_CLOSED", "The TokenManager was closed");
      await rejects(tokens.report("x"), "ERR_DARAJA_CLOSED", "The TokenManager was closed");
      assert.equal(tokens.peek(), null);
    }
    await noStrays();
  });

  test("while a token is asked for does not lose it: it is published for the others", async () => {
    const store = spiedStore();
    const { opened, open } = gate();
    const asked = gate();
    const { tokens, simulator } = managed({
      store,
      fetch: async (...args) => {
        asked.open();
        await opened;
        return simulator.fetch(...args);
      },
    });
    const waiting = rejection(tokens.getToken());
    await asked.opened;
    tokens.close();
    assert.equal((await waiting).code, "ERR_DARAJA_CLOSED");
    open();
    while (store.written.length < 2) await settled();
    const { value } = store.written.at(-1);
    assert.deepEqual([value.epoch, value.lease], [1, null]);
  });

  test("asks no credentials, and may be called again and before any other call", async () => {
    const { tokens } = managed({ credentials: () => assert.fail("asked") });
    tokens.close();
    tokens.close();
    await rejects(tokens.getToken(), "ERR_DARAJA_CLOSED", "The TokenManager was closed");
  });
});

describe("a signal", () => {
  test("keeps no listener once its call has ended, however that ended", async () => {
    const { tokens, simulator } = managed();
    const { signal, listeners, abort } = countedSignal();
    for (let i = 0; i < 20; i++) await tokens.getToken({ signal });
    simulator.advance(3_599_000);
    simulator.inject({ kind: "quota", path: "/oauth/", times: 2 });
    await rejection(tokens.getToken({ signal }));
    assert.equal(listeners.size, 0);
    const store = { load: () => new Promise(() => {}), compareAndSwap: () => new Promise(() => {}) };
    const { tokens: others } = managed({ store, policy: BRIEF });
    const waiting = rejection(others.getToken({ signal }));
    await settled();
    assert.equal(listeners.size, 1);
    const reason = new Error("enough");
    abort(reason);
    assert.equal(await waiting, reason);
    assert.equal(listeners.size, 0);
    others.close();
    await noStrays();
  });

  test("that has aborted ends even a call that would be answered at once", async () => {
    const { tokens } = managed();
    await tokens.getToken();
    const reason = new Error("enough");
    assert.equal(await rejection(tokens.getToken({ signal: AbortSignal.abort(reason) })), reason);
    assert.equal(await rejection(tokens.fetch("/mpesa/x", { signal: AbortSignal.abort(reason) })), reason);
  });

  test("of a hostile caller harms that call alone", async () => {
    const { tokens } = managed();
    const thrown = new Error("a signal's");
    const signal = {
      aborted: false,
      addEventListener: () => {
        throw thrown;
      },
      removeEventListener: () => {
        throw thrown;
      },
    };
    const hostile = rejection(tokens.getToken({ signal }));
    const patient = tokens.getToken();
    assert.equal(await hostile, thrown);
    assert.equal((await patient).expiresIn, 3599);
    await noStrays();
  });
});

describe("a call", () => {
  test("of 500 that abort while one waits does not end that one's", async () => {
    const { tokens, simulator } = managed();
    simulator.inject({ kind: "latency", ms: 60_000 });
    const controllers = Array.from({ length: 500 }, () => new AbortController());
    const aborted = controllers.map(({ signal }) => rejection(tokens.getToken({ signal })));
    const patient = tokens.getToken();
    while (simulator.requests.length === 0) await settled();
    for (const controller of controllers) controller.abort();
    assert.deepEqual(new Set((await Promise.all(aborted)).map(({ name }) => name)), new Set(["AbortError"]));
    simulator.advance(60_000);
    assert.equal((await patient).expiresIn, 3599);
    assert.equal(simulator.requests.length, 1);
  });

  test("may wait for ever, and for no time at all", async () => {
    const { tokens } = managed();
    const expected = "No token within the deadline";
    const hanging = managed({ fetch: () => new Promise(() => {}), timeoutMs: 20, retries: 0 });
    await rejects(hanging.tokens.getToken({ deadlineMs: 0 }), "ERR_DARAJA_TIMEOUT", expected);
    hanging.tokens.close();
    assert.equal((await tokens.getToken({ deadlineMs: Number.POSITIVE_INFINITY })).expiresIn, 3599);
    assert.equal((await tokens.getToken({ deadlineMs: 0 })).expiresIn, 3599);
  });

  test("of report names what it cannot use, and never throws", async () => {
    const { tokens, generated } = managed();
    const token = await tokens.getToken();
    for (const [args, message] of [
      [[], "accessToken: expected a string, found undefined"],
      [[token], "accessToken: expected a string, found an object"],
      [[Symbol("token")], "accessToken: expected a string, found a symbol"],
      [["x".repeat(65_537)], "accessToken: expected a string, found a string of over 65536 characters"],
      [["x", null], "options: expected an object, found null"],
      [["x", { endpoint: 5 }], "endpoint: expected a string, found a number"],
      [["x", { path: "/x" }], "path: expected one of endpoint, found another name"],
    ]) {
      await rejects(tokens.report(...args), invalid, message);
    }
    const throwing = {
      get endpoint() {
        return assert.fail("a getter's");
      },
    };
    const found = "endpoint: expected a string, found a property that throws when it is read";
    await rejects(tokens.report("x", throwing), invalid, found);
    assert.equal(await tokens.report("an older one"), token);
    assert.equal(generated(), 1);
  });

  test("with a token in the place of a name does not repeat it", async () => {
    const { tokens } = managed();
    const { accessToken } = await tokens.getToken();
    const message = "options: expected one of signal, deadlineMs, waitUntil, found another name";
    await rejects(tokens.getToken({ [accessToken]: 1 }), invalid, message);
  });

  test("whose waitUntil rejects, throws, or is a thenable that lies harms nothing", async () => {
    for (const waitUntil of [
      async () => assert.fail("a platform's"),
      () => assert.fail("a platform's"),
      () => new Proxy({}, { get: () => assert.fail("a platform's") }),
    ]) {
      const { tokens } = managed();
      assert.equal((await tokens.getToken({ waitUntil })).expiresIn, 3599);
    }
    await noStrays();
  });
});

describe("options", () => {
  const kinds = {
    consumerKey: "a string",
    consumerSecret: "a string",
    credentials: "a function",
    environment: "a string",
    baseUrl: "a string",
    path: "a string",
    fetch: "a function",
    timeoutMs: "a number",
    retries: "a number",
    store: "a TokenStore",
    renewBeforeMs: "a number",
    renewInBackground: "a boolean",
    retryOnRejection: "a boolean",
    onStoreDown: "a string",
    onEvent: "a function",
    seal: "a function",
    open: "a function",
    now: "a function",
    policy: "an object",
  };
  for (const [name, expected] of Object.entries(kinds)) {
    test(`${name} that is no ${expected.replace(/^an? /, "")} is refused by name, and nothing is sent`, () => {
      const { credentials } = managed();
      const fetch = () => assert.fail("a request was sent");
      for (const [value, found] of [
        [null, "null"],
        [5n, "a bigint"],
        [Symbol("x"), "a symbol"],
      ]) {
        const code = invalid;
        const message = `${name}: expected ${expected}, found ${found}`;
        assert.throws(() => new TokenManager({ ...credentials, fetch, [name]: value }), { code, message });
      }
    });
  }

  test("are read once each, from a class or its prototype too", async () => {
    const { credentials, simulator } = managed();
    const read = [];
    const all = { ...credentials, fetch: simulator.fetch, now: () => simulator.now(), policy: { drainMs: 0 } };
    class Settings {}
    for (const [name, value] of Object.entries(all)) {
      Object.defineProperty(Settings.prototype, name, {
        get: () => {
          read.push(name);
          return value;
        },
      });
    }
    const tokens = new TokenManager(new Settings());
    assert.equal((await tokens.getToken()).expiresIn, 3599);
    assert.deepEqual(read.sort(), Object.keys(all).sort());
  });

  test("that are frozen, or a proxy that passes on, are taken", async () => {
    const { credentials, simulator } = managed();
    const options = Object.freeze({ ...credentials, fetch: simulator.fetch, policy: Object.freeze({ drainMs: 0 }) });
    assert.equal((await new TokenManager(options).getToken()).expiresIn, 3599);
    assert.equal((await new TokenManager(new Proxy(options, {})).getToken()).expiresIn, 3599);
  });

  test("that throw when they are read are refused by name", () => {
    const names = {
      store: "a TokenStore",
      policy: "an object",
      now: "a function",
      onEvent: "a function",
      seal: "a function",
    };
    for (const [name, expected] of Object.entries(names)) {
      const { credentials } = managed();
      const options = Object.defineProperty({ ...credentials }, name, { get: () => assert.fail("a getter's") });
      assert.throws(() => new TokenManager(options), {
        code: invalid,
        message: `${name}: expected ${expected}, found a property that throws when it is read`,
      });
    }
    const { credentials } = managed();
    const store = Object.defineProperty({}, "load", { get: () => assert.fail("a store's") });
    assert.throws(() => new TokenManager({ ...credentials, store }), {
      code: invalid,
      message: "store: expected a TokenStore, found a property that throws when it is read",
    });
  });
});

describe("a clock", () => {
  test("of the runtime's that a test replaces later is the one that counts", async () => {
    const { tokens, generated } = managed({ now: undefined });
    await tokens.getToken();
    const { now } = Date;
    try {
      Date.now = () => now() + 3_599_000;
      assert.equal(tokens.peek(), null);
      await tokens.getToken();
    } finally {
      Date.now = now;
    }
    assert.equal(generated(), 2);
  });

  test("that throws, or gives what is no time, is replaced by the runtime's", async () => {
    const hostile = { valueOf: () => assert.fail("a clock's") };
    for (const given of [hostile, 5n, Symbol("now"), "1", Number.POSITIVE_INFINITY, null, undefined, {}]) {
      const { tokens } = managed({ now: () => given });
      const token = await tokens.getToken();
      assert.equal(await tokens.getToken(), token);
      assert.equal(tokens.peek(), token);
    }
  });

  test("that is set a day forward costs a token, and none when it is set back", async () => {
    let offset = 0;
    const { tokens, simulator, generated } = managed({ now: () => simulator.now() + offset });
    await tokens.getToken();
    offset = 86_400_000;
    const { accessToken } = await tokens.getToken();
    for (offset of [-86_400_000, 0]) assert.equal((await tokens.getToken()).accessToken, accessToken);
    assert.equal(generated(), 2);
  });

  test("that calls the manager back does no harm", async () => {
    let depth = 0;
    const { tokens } = managed({
      now: () => {
        if (depth++ === 0) tokens?.peek();
        depth--;
        return Date.now();
      },
    });
    assert.equal((await tokens.getToken()).expiresIn, 3599);
  });
});

test("a process with nothing else to do ends, though a manager renews in the background and watches its store", () => {
  const source = `
    import { memoryStore, TokenManager } from "daraja-auth";
    import { Simulator } from "daraja-auth/simulator";
    const simulator = new Simulator();
    const [{ consumerKey, consumerSecret }] = simulator.apps;
    const store = { ...memoryStore(), watch: () => () => {} };
    const { fetch } = simulator;
    const tokens = new TokenManager({ consumerKey, consumerSecret, fetch, store, renewInBackground: true });
    console.log((await tokens.getToken()).expiresIn);
  `;
  const folder = project("node-manager-exit");
  writeFileSync(join(folder, "index.mjs"), source);
  const { status, stdout, stderr } = spawnSync(process.execPath, ["index.mjs"], {
    cwd: folder,
    encoding: "utf8",
    timeout: 60_000,
  });
  assert.deepEqual([status, stdout, stderr], [0, "3599\n", ""]);
});
