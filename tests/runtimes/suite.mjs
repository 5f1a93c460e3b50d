// What generateToken promises, checked inside a runtime. No imports: it runs where there are none.

/** Far beyond any check's own time: it turns a promise that never settles into a failure. */
const NEVER_MS = 30_000;

/** Checks every promise against the test server and gives `[{ name, error? }]`, one for each sentence. */
export async function suite({ generateToken, DarajaError, Simulator, baseUrl, consumerKey, consumerSecret, answers }) {
  const results = [];
  const valid = { baseUrl, consumerKey, consumerSecret, retries: 0 };
  const check = async (name, run) => {
    let timer;
    const never = new Promise((_, reject) => {
      timer = setTimeout(reject, NEVER_MS, new Error("never settled"));
    });
    try {
      await Promise.race([run(), never]);
      results.push({ name });
    } catch (error) {
      results.push({ name, error: String(error?.stack ?? error) });
    } finally {
      clearTimeout(timer);
    }
  };
  const rejects = async (options, code) => {
    const error = await rejection(generateToken(options));
    equal(error?.code, code, `code of ${describe(error)}`);
    truthy(error instanceof DarajaError, "an instance of DarajaError");
    return error;
  };

  await check("a token comes back, frozen, with its lifetime and its end", async () => {
    const before = Date.now();
    const token = await generateToken(valid);
    const after = Date.now();
    equal(Object.keys(token).join(), "accessToken,expiresIn,expiresAt", "fields");
    truthy(Object.isFrozen(token), "frozen");
    truthy(/^[A-Za-z0-9]{28}$/.test(token.accessToken), "the access token of the server");
    equal(token.expiresIn, 3599, "expiresIn");
    truthy(token.expiresAt >= before + 3_599_000 && token.expiresAt <= after + 3_599_000, "counted from the request");
  });

  await check("20 parallel calls all give a token of their own", async () => {
    const tokens = await Promise.all(Array.from({ length: 20 }, () => generateToken(valid)));
    equal(new Set(tokens.map(({ accessToken }) => accessToken)).size, 20, "different tokens");
  });

  for (const { name, expect } of answers) {
    await check(`the answer ${name} gives ${expect.code ?? "a token"}`, async () => {
      const outcome = await generateToken({ ...valid, path: `/answers/${name}` }).catch((error) => error);
      equal(outcome instanceof DarajaError, "code" in expect, `a DarajaError: ${describe(outcome)}`);
      for (const [field, value] of Object.entries(expect)) equal(outcome[field], value, field);
    });
  }

  await check("a wrong secret is INVALID_CREDENTIALS, with a hint and without the secret", async () => {
    const secret = "wrong-secret-7Fj2:ü";
    const error = await rejects({ ...valid, consumerSecret: secret }, "ERR_DARAJA_INVALID_CREDENTIALS");
    truthy(error instanceof Error, "an instance of Error");
    equal(error.name, "DarajaError", "name");
    truthy(typeof error.hint === "string" && error.hint.length > 0, "a hint");
    const credential = btoa(String.fromCharCode(...new TextEncoder().encode(`${consumerKey}:${secret}`)));
    const shown = [error.message, error.stack, String(error), JSON.stringify(error), ...Object.values(error)].join(
      "\n",
    );
    truthy(!shown.includes(secret) && !shown.includes(credential), "no secret in what the error shows");
  });

  await check("an aborted signal rejects with its reason", async () => {
    const reason = new Error("enough");
    equal(await rejection(generateToken({ ...valid, signal: AbortSignal.abort(reason) })), reason, "reason");
  });
  for (const path of ["/hang", "/hang-body"]) {
    await check(`an abort during ${path} rejects with its reason`, async () => {
      const reason = new Error("enough");
      const aborter = new AbortController();
      const call = rejection(generateToken({ ...valid, path, signal: aborter.signal }));
      setTimeout(() => aborter.abort(reason), 100);
      equal(await call, reason, "reason");
    });
    await check(`timeoutMs ends ${path}`, async () => {
      const error = await rejects({ ...valid, path, timeoutMs: 200 }, "ERR_DARAJA_TIMEOUT");
      equal(error.retryable, true, "retryable");
    });
  }
  await check("a body that breaks off is NETWORK", async () => {
    const error = await rejects({ ...valid, path: "/cut" }, "ERR_DARAJA_NETWORK");
    equal(error.retryable, true, "retryable");
  });
  await check("a body without an end is MALFORMED_RESPONSE", () =>
    rejects({ ...valid, path: "/endless" }, "ERR_DARAJA_MALFORMED_RESPONSE"),
  );

  const getter = {
    ...valid,
    get consumerSecret() {
      throw new Error("a getter of the caller's");
    },
  };
  for (const [what, options] of [
    ["no", undefined],
    ["null for", null],
    ["a throwing getter in the", getter],
  ]) {
    await check(`${what} options are INVALID_OPTION`, () => rejects(options, "ERR_DARAJA_INVALID_OPTION"));
  }
  await check("a fetch of the caller's that throws is NETWORK, with the original as cause", async () => {
    const thrown = new Error("a fetch of the caller's");
    const fetch = () => {
      throw thrown;
    };
    equal((await rejects({ ...valid, fetch }, "ERR_DARAJA_NETWORK")).cause, thrown, "cause");
  });
  for (const nonsense of [undefined, {}, Promise.resolve({})]) {
    await check(`a fetch of the caller's that returns ${describe(nonsense)} is NETWORK`, () =>
      rejects({ ...valid, fetch: () => nonsense }, "ERR_DARAJA_NETWORK"),
    );
  }

  const simulated = (options) => {
    const simulator = new Simulator(options);
    const [{ consumerKey, consumerSecret }] = simulator.apps;
    const token = () => generateToken({ consumerKey, consumerSecret, fetch: simulator.fetch, retries: 0 });
    const call = async (accessToken) => {
      const headers = { authorization: `Bearer ${accessToken}` };
      const response = await simulator.fetch("https://sandbox.safaricom.co.ke/mpesa/x/v1", { method: "POST", headers });
      return (await response.json()).errorCode ?? response.status;
    };
    return { simulator, token, call };
  };
  await check("the simulator's new token kills the one before, and an hour the new one", async () => {
    const { simulator, token, call } = simulated();
    const [first, second] = [await token(), await token()].map(({ accessToken }) => accessToken);
    equal(await call(first), "404.001.03", "the first token");
    equal(await call(second), 200, "the second token");
    simulator.advance(3_599_000);
    equal(await call(second), "404.001.03", "the second token, later");
    equal(simulator.requests.map(({ outcome }) => outcome).join(), "token,token,dead-token,accepted,dead-token", "log");
  });
  await check("the simulator fails as it is told to, and the package says how", async () => {
    const { simulator, token } = simulated();
    for (const [kind, code] of [
      ["empty-400", "ERR_DARAJA_INVALID_CREDENTIALS"],
      ["blocked-200", "ERR_DARAJA_BLOCKED"],
      ["cut", "ERR_DARAJA_NETWORK"],
      ["truncated", "ERR_DARAJA_MALFORMED_RESPONSE"],
    ]) {
      simulator.inject({ kind });
      equal((await rejection(token())).code, code, kind);
    }
  });
  await check("the simulator holds an answer back until its clock has come so far", async () => {
    const { simulator, token } = simulated();
    simulator.inject({ kind: "latency", ms: 9_000 });
    const call = token();
    while (simulator.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    simulator.advance(9_000);
    equal((await call).expiresIn, 3599, "expiresIn");
  });
  await check("the simulator refuses a bad option with the package's own error", async () => {
    const error = await rejection(Promise.resolve().then(() => new Simulator({ seed: "one" })));
    truthy(error instanceof DarajaError, "an instance of DarajaError");
    equal(error.message, "seed: expected a whole number, not negative, found a string", "message");
  });
  return results;
}

async function rejection(promise) {
  const value = await promise.then(
    () => NONE,
    (error) => error,
  );
  if (value === NONE) throw new Error("expected a rejection, got a token");
  return value;
}
const NONE = Symbol("no rejection");

function equal(actual, expected, what) {
  if (!Object.is(actual, expected)) {
    throw new Error(`${what}: expected ${describe(expected)}, got ${describe(actual)}`);
  }
}

function truthy(value, what) {
  if (!value) throw new Error(`expected ${what}`);
}

function describe(value) {
  if (value instanceof Promise) return "a promise of nonsense";
  if (value instanceof Error) return `${value.name} ${value.code ?? ""}: ${value.message}`;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
