// Checks the package's promises inside a runtime. It has no imports, because some runtimes have none.

/** Longer than any check takes. A promise that never settles becomes a failure after this time. */
const NEVER_MS = 30_000;
/** Checks every promise against the test server and gives `[{ name, error? }]`, one for each check. */
export async function suite({ daraja, Simulator, baseUrl, consumerKey, consumerSecret, answers }) {
  const { DarajaError, generateToken, isTokenRejected, memoryStore, TokenManager } = daraja;
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

  await check("generateToken gives a frozen token with its lifetime and its end", async () => {
    const before = Date.now();
    const token = await generateToken(valid);
    const after = Date.now();
    equal(Object.keys(token).join(), "accessToken,expiresIn,expiresAt", "fields");
    truthy(Object.isFrozen(token), "frozen");
    truthy(/^[A-Za-z0-9]{28}$/.test(token.accessToken), "the access token of the server");
    equal(token.expiresIn, 3599, "expiresIn");
    truthy(token.expiresAt >= before + 3_599_000 && token.expiresAt <= after + 3_599_000, "counted from the request");
  });

  await check("20 parallel calls give 20 different tokens", async () => {
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

  await check("a wrong secret gives INVALID_CREDENTIALS, with a hint and without the secret", async () => {
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
  await check("a body that breaks off gives NETWORK", async () => {
    const error = await rejects({ ...valid, path: "/cut" }, "ERR_DARAJA_NETWORK");
    equal(error.retryable, true, "retryable");
  });
  await check("a body that never ends gives MALFORMED_RESPONSE", () =>
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
    await check(`${what} options give INVALID_OPTION`, () => rejects(options, "ERR_DARAJA_INVALID_OPTION"));
  }
  await check("a caller's fetch that throws gives NETWORK, with the thrown error as cause", async () => {
    const thrown = new Error("a fetch of the caller's");
    const fetch = () => {
      throw thrown;
    };
    equal((await rejects({ ...valid, fetch }, "ERR_DARAJA_NETWORK")).cause, thrown, "cause");
  });
  for (const nonsense of [undefined, {}, Promise.resolve({})]) {
    await check(`a caller's fetch that returns ${describe(nonsense)} gives NETWORK`, () =>
      rejects({ ...valid, fetch: () => nonsense }, "ERR_DARAJA_NETWORK"),
    );
  }

  const simulated = (options) => {
    const simulator = new Simulator(options);
    const [{ consumerKey, consumerSecret }] = simulator.apps;
    const token = () => generateToken({ consumerKey, consumerSecret, fetch: simulator.fetch, retries: 0 });
    const send = (accessToken) => {
      const headers = { authorization: `Bearer ${accessToken}` };
      return simulator.fetch("https://sandbox.safaricom.co.ke/mpesa/x/v1", { method: "POST", headers });
    };
    const call = async (accessToken) => {
      const response = await send(accessToken);
      return (await response.json()).errorCode ?? response.status;
    };
    const manager = new TokenManager({ consumerKey, consumerSecret, fetch: simulator.fetch, retries: 0 });
    const count = (outcome) => simulator.requests.filter((request) => request.outcome === outcome).length;
    return { simulator, token, send, call, manager, count };
  };
  await check("a new token of the simulator ends the old token, and expires after an hour", async () => {
    const { simulator, token, call } = simulated();
    const [first, second] = [await token(), await token()].map(({ accessToken }) => accessToken);
    equal(await call(first), "404.001.03", "the first token");
    equal(await call(second), 200, "the second token");
    simulator.advance(3_599_000);
    equal(await call(second), "404.001.03", "the second token, later");
    equal(simulator.requests.map(({ outcome }) => outcome).join(), "token,token,dead-token,accepted,dead-token", "log");
  });
  await check("the simulator fails with the injected fault, and the package gives the error for it", async () => {
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
  await check("the simulator delays an answer until its clock has reached the time", async () => {
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
    equal(error.message, "seed is not valid", "message");
  });

  await check("20 parallel callers of a TokenManager get one frozen token, which peek() gives too", async () => {
    const manager = new TokenManager(valid);
    equal(manager.peek(), null, "nothing at first");
    const tokens = await Promise.all(Array.from({ length: 20 }, () => manager.getToken()));
    equal(new Set(tokens.map(({ accessToken }) => accessToken)).size, 1, "tokens");
    const [token] = tokens;
    truthy(Object.isFrozen(token), "frozen");
    equal(Object.keys(token).join(), "accessToken,expiresIn,expiresAt", "fields");
    equal(manager.peek()?.accessToken, token.accessToken, "peek");
    manager.close();
  });
  await check("managers with the same memoryStore share a token, and a manager with another does not", async () => {
    const store = memoryStore();
    const managers = [{ store }, { store }, { store: memoryStore() }].map(
      (options) => new TokenManager({ ...valid, ...options }),
    );
    const [first, second, third] = await Promise.all(managers.map((manager) => manager.getToken()));
    equal(second.accessToken, first.accessToken, "the second token");
    truthy(third.accessToken !== first.accessToken, "another token for the third");
    for (const manager of managers) manager.close();
  });
  await check("a dead token is replaced once, and all calls with the dead token succeed", async () => {
    const { token, manager, count } = simulated();
    const path = "/mpesa/b2b/v1/remittax";
    const pay = () => manager.fetch(path, { method: "POST", body: JSON.stringify({ Amount: 100 }) });
    equal((await pay()).status, 200, "with the first token");
    await token();
    const responses = await Promise.all(Array.from({ length: 10 }, pay));
    for (const response of responses) {
      equal(response.status, 200, "status");
      equal((await response.json()).echo.body.Amount, 100, "what arrived");
    }
    equal(count("token"), 3, "tokens: the first, the one of the other program, and one that replaces it for all calls");
    equal(count("accepted"), 11, "payments carried out");
    manager.close();
  });
  await check("a token that dies again and again is replaced each time, and each call succeeds", async () => {
    const { token, manager, count } = simulated();
    for (let round = 1; round <= 4; round++) {
      equal((await manager.fetch("/mpesa/x/v1", { method: "POST" })).status, 200, `status in round ${round}`);
      await token();
    }
    equal(count("token"), 8, "tokens: one for each call, and four of the other program");
    manager.close();
  });
  await check("report gives the live token after a token was rejected", async () => {
    const { token, call, manager, count } = simulated();
    const { accessToken: dead } = await manager.getToken();
    await token();
    const { accessToken: live } = await manager.report(dead);
    equal(await call(live), 200, "the new one");
    equal((await manager.report(dead)).accessToken, live, "after a second report of the same token");
    equal(count("token"), 3, "tokens");
    manager.close();
  });
  await check("isTokenRejected recognizes the answer to a dead token, and leaves it readable", async () => {
    const { token, send } = simulated();
    const { accessToken } = await token();
    const accepted = await send(accessToken);
    await token();
    const rejected = await send(accessToken);
    equal(await isTokenRejected(rejected), true, "for a dead token");
    equal((await rejected.json()).errorCode, "404.001.03", "errorCode");
    equal(await isTokenRejected(accepted), false, "for a live token");
  });
  await check("the token is sent to no other origin", async () => {
    const { manager, simulator } = simulated();
    const error = await rejection(manager.fetch("https://example.com/mpesa/b2b/v1/remittax"));
    truthy(error instanceof DarajaError, "an instance of DarajaError");
    equal(error.code, "ERR_DARAJA_INVALID_OPTION", "code");
    equal(simulator.requests.length, 0, "requests");
    manager.close();
  });
  await check("a wrong secret reaches every caller of a TokenManager", async () => {
    const manager = new TokenManager({ ...valid, consumerSecret: "wrong" });
    const errors = await Promise.all(Array.from({ length: 10 }, () => rejection(manager.getToken())));
    for (const error of errors) {
      truthy(error instanceof DarajaError, "an instance of DarajaError");
      equal(error.code, "ERR_DARAJA_INVALID_CREDENTIALS", "code");
    }
    manager.close();
  });
  await check("a caller's signal or deadline ends only the wait of that caller", async () => {
    const { simulator, manager } = simulated();
    simulator.inject({ kind: "latency", ms: 5_000 });
    const reason = new Error("enough");
    const aborter = new AbortController();
    const patient = manager.getToken();
    const aborted = rejection(manager.getToken({ signal: aborter.signal }));
    const late = rejection(manager.getToken({ deadlineMs: 50 }));
    aborter.abort(reason);
    equal(await aborted, reason, "reason");
    equal((await late).code, "ERR_DARAJA_TIMEOUT", "code");
    while (simulator.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    simulator.advance(5_000);
    equal((await patient).expiresIn, 3599, "expiresIn");
    manager.close();
  });
  await check("a closed TokenManager has no token and gets none", async () => {
    const manager = new TokenManager(valid);
    await manager.getToken();
    manager.close();
    equal(manager.peek(), null, "peek");
    equal((await rejection(manager.getToken())).code, "ERR_DARAJA_CLOSED", "code");
    equal((await rejection(manager.fetch("/mpesa/x"))).code, "ERR_DARAJA_CLOSED", "code of fetch");
  });
  return results;
}

function rejection(promise) {
  return promise.then(
    () => {
      throw new Error("expected a rejection, but the promise resolved");
    },
    (error) => error,
  );
}

function equal(actual, expected, what) {
  truthy(Object.is(actual, expected), `${what}: ${describe(expected)}, got ${describe(actual)}`);
}

function truthy(value, what) {
  if (!value) throw new Error(`expected ${what}`);
}

function describe(value) {
  if (value instanceof Promise) return "a promise of nonsense";
  if (value instanceof Error) return `${value.name} ${value.code ?? ""}: ${value.message}`;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
