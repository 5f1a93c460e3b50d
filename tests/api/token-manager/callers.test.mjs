// How callers can disturb a TokenManager and each other: they abort, close, call late, and pass wrong values.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, test } from "node:test";
import { rejection, rejects, settled } from "../../support/installed.mjs";
import { BRIEF, gate, strays, withManagers } from "../../support/managers.mjs";
import { project } from "../../support/packed.mjs";

const { managed, spiedStore } = await withManagers("manager-callers");
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
  test("rejects waiting calls at once, even if Daraja and the store do not answer, and no timer outlives its time limit", async () => {
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
    // Requests that still run end at their own time limit.
    while (timers() > before) await new Promise((resolve) => setTimeout(resolve, 1));
    await noStrays();
  });

  test("in a handler of the manager's events ends that call and all later calls", async () => {
    for (const type of ["lease-taken", "generated"]) {
      const { tokens } = managed({ onEvent: (event) => event.type === type && tokens.close() });
      await rejects(tokens.getToken(), "ERR_DARAJA_CLOSED", "The TokenManager was closed");
      await rejects(tokens.report("x"), "ERR_DARAJA_CLOSED", "The TokenManager was closed");
      assert.equal(tokens.peek(), null);
    }
    await noStrays();
  });

  test("during a request for a token still publishes that token for other instances", async () => {
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

  test("does not ask for credentials, and can be called twice, or before any other call", async () => {
    const { tokens } = managed({ credentials: () => assert.fail("asked") });
    tokens.close();
    tokens.close();
    await rejects(tokens.getToken(), "ERR_DARAJA_CLOSED", "The TokenManager was closed");
  });

  test("is also the method Symbol.dispose, which `using` calls, if the runtime has that symbol", () => {
    if (!Symbol.dispose) return;
    const { tokens } = managed();
    tokens[Symbol.dispose]();
    return rejects(tokens.getToken(), "ERR_DARAJA_CLOSED", "The TokenManager was closed");
  });
});

test("in a runtime without Symbol.dispose the manager has no method with the name undefined", () => {
  const folder = project("manager-callers-dispose", {});
  const path = join(folder, "node_modules", "daraja-auth", "pkg", "index.cjs");
  // Like a browser that does not have Symbol.dispose yet.
  const without = new Proxy(() => {}, {
    get: (_, name) => (name === "dispose" ? undefined : Symbol[name]),
    apply: (_, __, [description]) => Symbol(description),
  });
  const module = { exports: {} };
  new Function("module", "exports", "require", "Symbol", readFileSync(path, "utf8"))(
    module,
    module.exports,
    createRequire(path),
    without,
  );
  const { prototype } = module.exports.TokenManager;
  const names = ["constructor", "getToken", "report", "accepted", "fetch", "baseUrl", "peek", "close"];
  assert.deepEqual(Object.getOwnPropertyNames(prototype), names);
});

describe("a signal", () => {
  test("keeps no listener after its call succeeds, fails or is aborted", async () => {
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

  test("that has aborted ends even a call that could be answered at once", async () => {
    const { tokens } = managed();
    await tokens.getToken();
    const reason = new Error("enough");
    assert.equal(await rejection(tokens.getToken({ signal: AbortSignal.abort(reason) })), reason);
    assert.equal(await rejection(tokens.fetch("/mpesa/x", { signal: AbortSignal.abort(reason) })), reason);
  });

  test("that is hostile makes only its own call fail", async () => {
    const { tokens } = managed();
    const thrown = new Error("a signal's error");
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
  test("continues to wait while 500 other calls are aborted", async () => {
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

  test("can have an infinite deadline, and a deadline of 0", async () => {
    const { tokens } = managed();
    const expected = "No token within the deadline";
    const hanging = managed({ fetch: () => new Promise(() => {}), timeoutMs: 20, retries: 0 });
    await rejects(hanging.tokens.getToken({ deadlineMs: 0 }), "ERR_DARAJA_TIMEOUT", expected);
    hanging.tokens.close();
    assert.equal((await tokens.getToken({ deadlineMs: Number.POSITIVE_INFINITY })).expiresIn, 3599);
    assert.equal((await tokens.getToken({ deadlineMs: 0 })).expiresIn, 3599);
  });

  test("of report rejects with an error that names a wrong argument, and never throws", async () => {
    const { tokens, generated } = managed();
    const token = await tokens.getToken();
    for (const [args, message] of [
      [[], "accessToken: expected a string, found undefined"],
      [[token], "accessToken: expected a string, found an object"],
      [[Symbol("token")], "accessToken: expected a string, found a symbol"],
      [["x".repeat(65_537)], "accessToken: expected a string, found a string of over 65536 characters"],
      [["x", null], "options: expected an object, found null"],
      [["x", { endpoint: 5 }], "endpoint: expected a string, found a number"],
      [["x", { path: "/x" }], "unknown option path"],
    ]) {
      await rejects(tokens.report(...args), invalid, message);
    }
    const throwing = {
      get endpoint() {
        return assert.fail("a getter's error");
      },
    };
    const found = "endpoint: expected a string, found a property that throws when it is read";
    await rejects(tokens.report("x", throwing), invalid, found);
    assert.equal(await tokens.report("an older one"), token);
    assert.equal(generated(), 1);
  });

  test("with a token as the name of an option has an error that does not show the token", async () => {
    const { tokens } = managed();
    const { accessToken } = await tokens.getToken();
    const message = "unknown option [redacted]";
    await rejects(tokens.getToken({ [accessToken]: 1 }), invalid, message);
  });

  test("succeeds even if waitUntil rejects, throws or returns a hostile thenable", async () => {
    for (const waitUntil of [
      async () => assert.fail("a platform's error"),
      () => assert.fail("a platform's error"),
      () => new Proxy({}, { get: () => assert.fail("a platform's error") }),
    ]) {
      const { tokens } = managed();
      assert.equal((await tokens.getToken({ waitUntil })).expiresIn, 3599);
    }
    await noStrays();
  });

  test("with its own deadline fails at that deadline, and other calls continue to wait", async () => {
    const { simulator, tokens } = managed();
    simulator.inject({ kind: "latency", ms: 9_000 });
    const hasty = tokens.getToken({ deadlineMs: 5 });
    const patient = tokens.getToken();
    await rejects(hasty, "ERR_DARAJA_TIMEOUT", "No token within the deadline", { retryable: true });
    simulator.advance(9_000);
    assert.equal((await patient).expiresIn, 3599);
  });

  test("of getToken rejects with an error that names a wrong argument", async () => {
    const { tokens } = managed();
    for (const [options, message] of [
      [null, "options: expected an object, found null"],
      ["a signal", "options: expected an object, found a string"],
      [{ timeout: 5 }, "unknown option timeout"],
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
});

test("a process can end while a manager renews in the background and watches its store", () => {
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
