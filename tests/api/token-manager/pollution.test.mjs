// A careless recursive merge of JSON leaves values on Object.prototype. The package must not read them as its own.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { strays, withManagers } from "../../support/managers.mjs";
import { isWhole } from "../../support/matrix.mjs";

const { managed, generateToken, memoryStore, Simulator, TokenManager } = await withManagers("pollution");
const noStrays = strays();
const ORIGIN = "https://sandbox.safaricom.co.ke";
const REMIT = "/mpesa/b2b/v1/remittax";

/** Runs an action while Object.prototype has a value under that name, as a careless merge leaves it. */
async function polluted(name, value, action) {
  assert.ok(!(name in Object.prototype), name);
  Object.prototype[name] = value;
  try {
    return await action();
  } finally {
    delete Object.prototype[name];
  }
}

const reached = [];
/** Values that may be on Object.prototype: values of JSON, and a function that a program may have put there. */
const VALUES = {
  "a string": "https://evil.example",
  "a negative number": -1,
  "an object": { load: "x", deadlineMs: -1, aborted: true },
  "a function": (...args) => {
    reached.push(args);
    return { consumerKey: "evil", consumerSecret: "evil" };
  },
};

const words = (text) => text.split(/\s+/);
const OPTIONS = words(
  `consumerKey consumerSecret credentials environment baseUrl path fetch signal timeoutMs retries store renewBeforeMs
  renewInBackground retryOnRejection onStoreDown onEvent seal open now policy`,
);
const POLICY = words(
  `renewBeforeMs blockingWindowMs minRemainingMs revalidateAfterMs drainMs renewalWaitMs firstPauseMs longestPauseMs timeoutMs leaseMarginMs
  deadlineMs storeTimeoutMs storePatienceMs clockToleranceMs budgetRefillMs endpointCooldownMs maxEndpointCooldownMs failureBackoffMs
  maxFailureBackoffMs credentialsBackoffMs maxCredentialsBackoffMs longestWaitMs contentionWindowMs keepRecordMs bucket`,
);
const RECORD = words(
  `schema history epoch obtainedAt expiresAt renewAt dead notBefore failures budget left refilledAt lease nonce reason
  durationMs until refusals endpoint nextForcedAt gapMs token sealed record version swapped ttlMs`,
);
/**
 * Members of an init, a request and a response, and a header. `headers` and `body` are left out, because Node's own
 * Response reads those two names.
 */
const INIT = words(
  `method json cf redirect integrity duplex keepalive cache mode referrer referrerPolicy priority window dispatcher
  agent waitUntil url href arrayBuffer Authorization`,
);
/** Other names that the package, its module or the simulator read. */
const OTHERS = words(
  `failure response redirected text a b c row what failure held id core deadline kind cause code hint retryable status errorCode requestId incidentId
  retryAfterMs attempts type statusText options given accessToken expiresIn access_token expires_in fault isWhole
  advance at times rate ms app apps name products tokenLifetimeSeconds supersede graceMs seed cors rejectAs refuseAs detached`,
);
const NAMES = [...new Set([...OPTIONS, ...POLICY, ...RECORD, ...INIT, ...OTHERS])];

const requested = () => new Request(`${ORIGIN}${REMIT}`, { method: "POST", body: "7" });

/** Uses managers and generateToken. Gives what they send, get and report. */
async function life(request = requested()) {
  const simulator = new Simulator();
  const [{ consumerKey, consumerSecret }] = simulator.apps;
  const sent = [];
  const fetch = async (url, init) => {
    const { method, redirect, body } = init;
    const authorization = new Headers(init.headers).get("authorization");
    sent.push([String(url), method, redirect, body, authorization, Object.keys(init).sort().join()]);
    return simulator.fetch(String(url), init);
  };
  const events = [];
  const make = (more) => new TokenManager({ consumerKey, consumerSecret, fetch, now: () => simulator.now(), ...more });
  const tokens = make({
    store: memoryStore(),
    onEvent: (event) => events.push({ ...event, durationMs: 0 }),
    policy: {},
  });
  const answers = [];
  const answered = async (response) => answers.push([response.status, await response.text()]);
  const first = await tokens.getToken();
  await answered(await tokens.fetch(REMIT, { method: "POST", body: "{}" }));
  await generateToken({ consumerKey, consumerSecret, fetch });
  await answered(await tokens.fetch(`${ORIGIN}${REMIT}`, { method: "POST", body: "[]" }));
  await answered(await tokens.fetch(request));
  const second = await tokens.report((await tokens.getToken({})).accessToken, { endpoint: REMIT });
  tokens.accepted(second.accessToken, { endpoint: REMIT });
  simulator.advance(3_600_000);
  simulator.inject({ kind: "latency", ms: 1 });
  const third = await tokens.getToken({ deadlineMs: 60_000 });
  tokens.close();
  const plain = make({ now: undefined });
  const fourth = await plain.getToken();
  await plain.close();
  const refused = await generateToken({ consumerKey, consumerSecret: "wrong", fetch }).catch((error) => ({ ...error }));
  const seen = simulator.requests.map(({ method, path, body, status, outcome }) => [
    method,
    path,
    body,
    status,
    outcome,
  ]);
  return {
    sent,
    seen,
    events,
    answers,
    tokens: [first, second, third, fourth].map((token) => token.accessToken),
    refused,
  };
}

describe("a value on Object.prototype", () => {
  let expected;
  before(async () => {
    expected = await life();
  });

  for (const [kind, [what, value]] of Object.entries(VALUES).entries()) {
    // If only a part of the matrix is tested, each name has one of the values.
    const names = NAMES.filter((_, i) => isWhole || i % Object.keys(VALUES).length === kind);
    test(`that is ${what} changes nothing, under each of ${names.length} names`, async () => {
      const broken = [];
      for (const name of names) {
        try {
          // The request is made first, because the runtime's own classes read Object.prototype.
          const request = requested();
          const found = await polluted(name, value, () => life(request));
          assert.deepEqual(found, expected);
        } catch (error) {
          broken.push(`${name}: ${error.message}`);
        }
      }
      assert.deepEqual(broken, []);
      assert.deepEqual(reached, []);
      await noStrays();
    });
  }

  test("is not sent, also if it is a body or a header", async () => {
    const inits = [];
    const { tokens } = managed({
      fetch: async (url, init) => {
        if (String(url).includes("/oauth/")) {
          return {
            status: 200,
            ok: true,
            headers: new Map(),
            text: async () => '{"access_token":"x","expires_in":"3599"}',
          };
        }
        inits.push(init);
        return { status: 200, ok: true };
      },
    });
    for (const [name, value] of [
      ["body", "evil"],
      ["headers", { "x-evil": "1" }],
    ]) {
      await polluted(name, value, async () => {
        await tokens.fetch(REMIT, {});
        await tokens.fetch(REMIT);
      });
    }
    for (const init of inits) {
      assert.equal(init.body, undefined);
      assert.deepEqual(Object.keys(init.headers), ["Authorization"]);
    }
    assert.equal(inits.length, 4);
  });

  test("does not replace a missing option", async () => {
    for (const name of ["consumerKey", "consumerSecret"]) {
      const { credentials, simulator } = managed();
      const options = { ...credentials, fetch: simulator.fetch };
      delete options[name];
      await polluted(name, credentials[name], async () => {
        const refusal = { code: "ERR_DARAJA_INVALID_OPTION", message: `${name}: expected a string, found undefined` };
        await assert.rejects(generateToken(options), refusal);
        assert.throws(() => new TokenManager(options), refusal);
        const given = () => options;
        const tokens = new TokenManager({ credentials: given, fetch: simulator.fetch });
        await assert.rejects(tokens.getToken(), refusal);
      });
    }
  });

  test("is not read into a record that lacks a field", async () => {
    const store = memoryStore();
    const written = [];
    const spied = {
      load: store.load,
      compareAndSwap: (key, version, next, options) => {
        written.push(next);
        return store.compareAndSwap(key, version, next, options);
      },
    };
    const { tokens } = managed({ store: spied });
    await tokens.getToken();
    for (const name of Object.keys(JSON.parse(written.at(-1).value))) {
      const lacking = JSON.parse(written.at(-1).value);
      delete lacking[name];
      const look = async () => {
        const made = managed({
          store: {
            load: async () => ({ record: { version: "v", value: JSON.stringify(lacking) } }),
            compareAndSwap: async () => ({ swapped: true }),
          },
        });
        return made.tokens.getToken().then(
          ({ expiresIn }) => [expiresIn, made.generated()],
          ({ code }) => [code, made.generated()],
        );
      };
      const without = await look();
      for (const value of [1, "x", true, Number.MAX_SAFE_INTEGER]) {
        assert.deepEqual(await polluted(name, value, look), without, name);
      }
    }
  });
});

describe("the options", () => {
  test("can be accessors and methods of a class, or members that their object inherits", async () => {
    const { credentials, simulator } = managed();
    class Settings {
      get consumerKey() {
        return credentials.consumerKey;
      }
      get consumerSecret() {
        return credentials.consumerSecret;
      }
      fetch(...args) {
        return simulator.fetch(...args);
      }
      /** This is not an option, so it is not read. */
      get connection() {
        return assert.fail("connection was read");
      }
    }
    class Derived extends Settings {}
    for (const options of [new Settings(), new Derived(), Object.create({ ...credentials, fetch: simulator.fetch })]) {
      assert.equal((await new TokenManager(options).getToken()).expiresIn, 3599);
      assert.equal((await generateToken(options)).expiresIn, 3599);
    }
  });
});
