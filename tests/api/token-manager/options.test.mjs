// The constructor's options, and the clock: which values are accepted, and which give errors that name the option.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { withManagers } from "../../support/managers.mjs";

const { managed, Simulator, TokenManager } = await withManagers("manager-options");
const invalid = "ERR_DARAJA_INVALID_OPTION";

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
    test(`with a ${name} that is not ${expected} give an error that names it, and nothing is sent`, () => {
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

  test("are read once each, also if they are accessors of a class", async () => {
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

  test("that are frozen, or a proxy without traps, are accepted", async () => {
    const { credentials, simulator } = managed();
    const options = Object.freeze({ ...credentials, fetch: simulator.fetch, policy: Object.freeze({ drainMs: 0 }) });
    assert.equal((await new TokenManager(options).getToken()).expiresIn, 3599);
    assert.equal((await new TokenManager(new Proxy(options, {})).getToken()).expiresIn, 3599);
  });

  test("that throw when they are read give errors that name the option", () => {
    const names = {
      store: "a TokenStore",
      policy: "an object",
      now: "a function",
      onEvent: "a function",
      seal: "a function",
    };
    for (const [name, expected] of Object.entries(names)) {
      const { credentials } = managed();
      const options = Object.defineProperty({ ...credentials }, name, { get: () => assert.fail("a getter's error") });
      assert.throws(() => new TokenManager(options), {
        code: invalid,
        message: `${name}: expected ${expected}, found a property that throws when it is read`,
      });
    }
    const { credentials } = managed();
    const store = Object.defineProperty({}, "load", { get: () => assert.fail("a store's error") });
    assert.throws(() => new TokenManager({ ...credentials, store }), {
      code: invalid,
      message: "store: expected a TokenStore, found a property that throws when it is read",
    });
  });

  test("that are unknown give an error that asks whether a similar name was meant, and lists the options", () => {
    const hint =
      "The options are consumerKey, consumerSecret, credentials, environment, baseUrl, path, fetch, timeoutMs, retries, " +
      "store, renewBeforeMs, renewInBackground, retryOnRejection, onStoreDown, onEvent, seal, open, now, policy. " +
      "docs/manager.md lists those of policy.";
    for (const [options, message] of [
      [{ renewBefore: 5 }, "unknown option renewBefore; did you mean renewBeforeMs?"],
      [{ secret: "x" }, "unknown option secret; did you mean consumerSecret?"],
      [{ cache: {} }, "unknown option cache"],
      [{ policy: { drain: 5 } }, "unknown option drain; did you mean drainMs?"],
    ]) {
      assert.throws(() => managed(options), { code: invalid, message, hint });
    }
  });

  test("that are missing, wrong or unknown, or contradict each other, give errors that name the option", () => {
    for (const [options, message] of [
      [{ consumerKey: undefined }, "consumerKey: expected a string, found undefined"],
      [{ signal: AbortSignal.abort() }, "unknown option signal"],
      [
        { ...managed().credentials, credentials: () => ({}) },
        "credentials: expected nothing beside consumerKey and consumerSecret, found a function",
      ],
      [{ onEvent: 5 }, "onEvent: expected a function, found a number"],
      [{ renewInBackground: "yes" }, "renewInBackground: expected a boolean, found a string"],
      [{ policy: 5 }, "policy: expected an object, found a number"],
      [{ policy: { floor: 5 } }, "unknown option floor"],
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
          assert.equal(error.name, "DarajaError");
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

  test("can be changed later without an effect", async () => {
    const simulator = new Simulator();
    const [{ consumerKey, consumerSecret }] = simulator.apps;
    const options = { consumerKey, consumerSecret, fetch: simulator.fetch, policy: {} };
    const tokens = new TokenManager(options);
    options.consumerSecret = "changed";
    options.fetch = () => assert.fail("another fetch");
    options.policy.minRemainingMs = "changed";
    assert.equal((await tokens.getToken()).expiresIn, 3599);
  });

  test("can have an onEvent that throws or rejects", async () => {
    for (const onEvent of [() => assert.fail("a handler's error"), async () => assert.fail("a handler's error")]) {
      const { tokens } = managed({ onEvent });
      assert.equal((await tokens.getToken()).expiresIn, 3599);
    }
  });
});

describe("a clock", () => {
  test("of the runtime can be replaced later, as some tests do", async () => {
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

  test("that throws or gives no time is replaced by the runtime's clock", async () => {
    const hostile = { valueOf: () => assert.fail("a clock's error") };
    const values = [hostile, 5n, Symbol("now"), "1", Number.POSITIVE_INFINITY, null, undefined, {}];
    for (const now of [() => assert.fail("a clock's error"), ...values.map((value) => () => value)]) {
      const { tokens } = managed({ now });
      const token = await tokens.getToken();
      assert.equal(await tokens.getToken(), token);
      assert.equal(tokens.peek(), token);
    }
  });

  test("that is set a day forward costs one token, and costs none when it is set back", async () => {
    let offset = 0;
    const { tokens, simulator, generated } = managed({ now: () => simulator.now() + offset });
    await tokens.getToken();
    offset = 86_400_000;
    const { accessToken } = await tokens.getToken();
    for (offset of [-86_400_000, 0]) assert.equal((await tokens.getToken()).accessToken, accessToken);
    assert.equal(generated(), 2);
  });

  test("can call the manager", async () => {
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
