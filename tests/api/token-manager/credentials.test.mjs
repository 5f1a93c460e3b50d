// The option `credentials`: when the function is called, rotated secrets, hostile functions.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import { rejection, rejects, settled } from "../../support/installed.mjs";
import { BRIEF, gate, strays, withManagers } from "../../support/managers.mjs";

const { managed, spiedStore, Simulator } = await withManagers("manager-credentials");
const noStrays = strays();
const invalid = "ERR_DARAJA_INVALID_OPTION";
const pairOf = ({ consumerKey, consumerSecret }) => ({ consumerKey, consumerSecret });

describe("a credentials function", () => {
  test("is called twice for any number of callers of a cold manager: for the record's key, and for the request", async () => {
    const [app] = new Simulator().apps;
    let asked = 0;
    const credentials = async () => {
      asked += 1;
      return pairOf(app);
    };
    const { tokens, generated } = managed({ credentials });
    await Promise.all(Array.from({ length: 1_000 }, () => tokens.getToken()));
    assert.deepEqual([asked, generated()], [2, 1]);
    for (let i = 0; i < 100; i++) await tokens.getToken();
    assert.equal(asked, 2);
  });

  test("that is slow shortens the attempt, so that the lease outlasts both", async () => {
    const [app] = new Simulator().apps;
    let asked = 0;
    let elapsed = 0;
    // The function uses 30 of the attempt's 40 ms. Daraja never answers.
    const credentials = () => {
      if (asked++ > 0) elapsed += 30;
      return pairOf(app);
    };
    const limits = [];
    const { performance, setTimeout: original } = globalThis;
    const { tokens } = managed({
      credentials,
      timeoutMs: 40,
      retries: 0,
      policy: { ...BRIEF, failureBackoffMs: 1 },
      fetch: () => new Promise(() => {}),
    });
    globalThis.performance = { now: () => elapsed };
    globalThis.setTimeout = (run, ms, ...rest) => {
      limits.push(ms);
      return original(run, ms, ...rest);
    };
    try {
      await rejects(tokens.getToken(), "ERR_DARAJA_TIMEOUT", "Daraja did not answer within 40 ms", { attempts: 1 });
    } finally {
      Object.assign(globalThis, { performance, setTimeout: original });
    }
    assert.ok(limits.includes(10), `${limits}`);
  });

  test("that throws, rejects or hangs is called again by the next call, and only its error's name and code are shown", async () => {
    const thrown = Object.assign(new Error("a vault's error"), { code: "ETHROTTLED" });
    const [app] = new Simulator().apps;
    const network = ["ERR_DARAJA_NETWORK", "The function credentials failed"];
    const timeout = ["ERR_DARAJA_TIMEOUT", "The function credentials gave nothing within 20 ms"];
    for (const [failing, [code, message], cause] of [
      [() => assert.fail(thrown), network, "Error ETHROTTLED"],
      [() => Promise.reject(thrown), network, "Error ETHROTTLED"],
      [() => new Promise(() => {}), timeout, undefined],
      [() => Promise.reject(undefined), network, "no name to show"],
      [() => Promise.reject({ name: "a secret of theirs", code: {} }), network, "no name to show"],
      [() => new Proxy({}, { get: () => assert.fail(thrown) }), network, "Error ETHROTTLED"],
    ]) {
      let given = failing;
      const { tokens } = managed({ credentials: () => given(), timeoutMs: 20 });
      const error = await rejects(tokens.getToken(), code, message, { retryable: true });
      assert.equal(error.cause?.message, cause);
      given = () => pairOf(app);
      assert.equal((await tokens.getToken()).expiresIn, 3599);
    }
    await noStrays();
  });

  test("that fails once is called again by the same call, like a request to Daraja that fails", async () => {
    const [app] = new Simulator().apps;
    const answers = [pairOf(app), pairOf(app), undefined, pairOf(app)];
    const credentials = async () => answers.shift() ?? assert.fail("a vault's error");
    const { tokens, simulator, generated } = managed({ credentials, policy: { ...BRIEF, failureBackoffMs: 1 } });
    await tokens.getToken();
    simulator.advance(3_600_000);
    assert.equal((await tokens.getToken()).expiresIn, 3599);
    assert.deepEqual([answers.length, generated()], [0, 2]);
  });

  test("that gives wrong credentials fails with an error that says what was expected and found", async () => {
    const throwing = Object.defineProperty({}, "consumerKey", { get: () => assert.fail("a getter's error") });
    for (const [given, message] of [
      [undefined, "credentials: expected { consumerKey, consumerSecret }, found undefined"],
      [null, "credentials: expected { consumerKey, consumerSecret }, found null"],
      ["key:secret", "credentials: expected { consumerKey, consumerSecret }, found a string"],
      [{}, "consumerKey: expected a string, found undefined"],
      [{ consumerKey: 5 }, "consumerKey: expected a string, found a number"],
      [{ consumerKey: "key" }, "consumerSecret: expected a string, found undefined"],
      [throwing, "consumerKey: expected a string, found a property that throws when it is read"],
      [{ consumerKey: "key ", consumerSecret: "secret" }, "consumerKey has whitespace around it"],
    ]) {
      const { tokens, simulator } = managed({ credentials: () => given });
      await rejects(tokens.getToken(), invalid, message);
      assert.equal(simulator.requests.length, 0);
    }
    await noStrays();
  });

  test("whose error contains a secret, at the first call or later, fails with an error without the secret", async () => {
    const simulator = new Simulator();
    const [app] = simulator.apps;
    // V8's error quotes the text that it could not parse.
    const failing = async () => JSON.parse(`{"consumerSecret":${app.consumerSecret}}`);
    let given = failing;
    const { tokens } = managed({ credentials: () => given() }, { simulator });
    const shown = async () => inspect(await rejection(tokens.getToken()), { depth: 9, showHidden: true });
    const part = app.consumerSecret.slice(0, 8);
    assert.ok(!(await shown()).includes(part));
    given = () => pairOf(app);
    await tokens.getToken();
    given = failing;
    simulator.advance(3_599_000);
    assert.ok(!(await shown()).includes(part));
  });
});

describe("a secret that was rotated", () => {
  test("is used for the next token, in the same record, after the back-off that a wrong secret caused", async (t) => {
    const simulator = new Simulator();
    const [app] = simulator.apps;
    const store = spiedStore();
    let given = pairOf(app);
    const { tokens, generated } = managed({ store, credentials: () => given }, { simulator });
    await tokens.getToken();
    given = { ...given, consumerSecret: "wrong" };
    simulator.advance(3_599_000);
    const refused = "Daraja did not accept the consumer key and secret (HTTP 400)";
    await rejects(tokens.getToken(), "ERR_DARAJA_INVALID_CREDENTIALS", refused);
    given = pairOf(app);
    // The back-off uses the clock that never jumps.
    const { now } = performance;
    t.mock.method(performance, "now", () => now.call(performance) + 5_000);
    assert.equal((await tokens.getToken()).expiresIn, 3599);
    assert.deepEqual([generated(), simulator.requests.length], [2, 3]);
    assert.equal(new Set(store.written.map(({ key }) => key)).size, 1);
  });
});

describe("another app's key", () => {
  test("has another record, no token gets into the other app's record, and the first record keeps no lease", async () => {
    const simulator = new Simulator();
    const [first, second] = simulator.apps;
    const store = spiedStore();
    let app = first;
    const { tokens } = managed({ store, credentials: () => pairOf(app) }, { simulator });
    const { accessToken } = await tokens.getToken();
    app = second;
    simulator.advance(3_599_000);
    // Calls of two kinds, getToken and report, find that the key has changed.
    const [one, two] = await Promise.all([tokens.getToken(), tokens.report(accessToken), tokens.getToken()]);
    assert.equal(one.accessToken, two.accessToken);
    const appOf = (token) => (token === accessToken ? "first" : "second");
    const owners = new Map();
    for (const { key, value } of store.written) {
      if (value.token) owners.set(key, (owners.get(key) ?? new Set()).add(appOf(value.token)));
    }
    assert.deepEqual(
      [...owners.values()].map((apps) => [...apps]),
      [["first"], ["second"]],
    );
    const lastOfFirst = store.written.findLast(({ key }) => key === store.written[0].key);
    assert.equal(lastOfFirst.value.lease, null);
  });

  test("at each call gives an error, and causes no endless loop", async () => {
    const simulator = new Simulator();
    let calls = 0;
    const credentials = () => pairOf(simulator.apps[calls++ % 2]);
    const { tokens } = managed({ credentials }, { simulator });
    const message = "credentials: expected those of one app, found others at each call";
    await rejects(tokens.getToken(), invalid, message);
    assert.equal(simulator.requests.length, 0);
    const before = calls;
    await settled();
    assert.equal(calls, before);
    await noStrays();
  });

  test("that arrives while calls wait gives each waiting call the new app's token", async () => {
    const simulator = new Simulator();
    const [first, second] = simulator.apps;
    const { opened, open } = gate();
    let app = first;
    let asked = 0;
    const credentials = async () => {
      if (asked++ === 1) await opened;
      return pairOf(app);
    };
    const { tokens } = managed({ credentials }, { simulator });
    const waiting = Array.from({ length: 20 }, () => tokens.getToken());
    while (asked < 2) await settled();
    app = second;
    open();
    const all = await Promise.all(waiting);
    assert.equal(new Set(all).size, 1);
    assert.deepEqual(
      simulator.requests.map(({ app }) => app),
      ["Matatu"],
    );
  });
});
