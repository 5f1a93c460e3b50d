// Which failures are tried again, how often, and after what pause. The server or the test's own fetch counts the
// requests.
import assert from "node:assert/strict";
import { after, afterEach, before, mock, test } from "node:test";
import { answers, startDaraja } from "../../support/daraja-server.mjs";
import { accessToken, credentials, granted, installed, rejection, rejects, settled } from "../../support/installed.mjs";

const { generateToken } = await installed("retries");
let daraja;
before(async () => {
  daraja = await startDaraja();
  // The shortest possible pause.
  mock.method(Math, "random", () => 0);
});
after(() => daraja.close());
afterEach(() => mock.timers.reset());

/**
 * Makes a call whose first `times` requests get that row of answers.json. Gives its outcome, and how many requests it
 * sent.
 */
async function requestsOf(times, answer, options = {}) {
  const path = `/flaky/${times}/${daraja.requests.length}/${answer}`;
  const sent = daraja.requests.length;
  const outcome = await generateToken({ ...credentials, baseUrl: daraja.baseUrl, path, ...options }).catch(
    (error) => error,
  );
  return { outcome, requests: daraja.requests.length - sent };
}

const retried = ["ERR_DARAJA_RATE_LIMITED", "ERR_DARAJA_UNAVAILABLE"];
for (const { name, expect } of answers) {
  if (!expect.code || expect.retryAfterMs > 0) continue;
  const again = retried.includes(expect.code);
  test(`the answer ${name} is ${again ? "followed by one more request" : "final"}`, async () => {
    const { outcome, requests } = await requestsOf(1, name);
    assert.equal(requests, again ? 2 : 1);
    assert.equal(outcome.code, again ? undefined : expect.code);
    assert.equal(outcome.expiresIn, again ? 3599 : undefined);
    assert.equal(outcome.attempts, again ? undefined : 1);
    if (!again) assert.equal(outcome.retryable, false);
  });
}

test("a second failure is final by default, and its error says that there were two attempts", async () => {
  const { outcome, requests } = await requestsOf(9, "no-healthy-upstream");
  assert.equal(requests, 2);
  const { code, message, attempts, retryable } = outcome;
  assert.deepEqual(
    { code, message, attempts, retryable },
    {
      code: "ERR_DARAJA_UNAVAILABLE",
      message: "Daraja is not available (HTTP 503): no healthy upstream",
      attempts: 2,
      retryable: true,
    },
  );
});

for (const [retries, requests] of [
  [0, 1],
  [1, 2],
  [3, 4],
  [10, 11],
]) {
  test(`with retries: ${retries} a failing call sends ${requests} requests`, async () => {
    const { outcome, requests: sent } = await requestsOf(99, "empty-500", { retries });
    assert.equal(sent, requests);
    assert.equal(outcome.attempts, requests);
  });
}

test("the call fails with the error of the last attempt", async () => {
  const responses = [new Response("", { status: 503 }), new Response("", { status: 400 })];
  const message = "Daraja did not accept the consumer key and secret (HTTP 400)";
  await rejects(
    generateToken({ ...credentials, fetch: async () => responses.shift(), retries: 5 }),
    "ERR_DARAJA_INVALID_CREDENTIALS",
    message,
    { attempts: 2 },
  );
});

test("a network failure is tried once more", async () => {
  let sent = 0;
  const fetch = () => {
    sent += 1;
    if (sent === 1) throw new TypeError("fetch failed");
    return granted();
  };
  assert.equal((await generateToken({ ...credentials, fetch })).accessToken, accessToken);
  assert.equal(sent, 2);
});

test("a body that breaks off is tried once more", async () => {
  const sent = daraja.requests.length;
  const options = { ...credentials, baseUrl: daraja.baseUrl, path: "/cut" };
  await rejects(generateToken(options), "ERR_DARAJA_NETWORK", "No answer from Daraja: its body broke off", {
    attempts: 2,
  });
  assert.equal(daraja.requests.length - sent, 2);
});

test("attempts follow one another and never overlap", async () => {
  let open = 0;
  let most = 0;
  const fetch = async () => {
    open += 1;
    most = Math.max(most, open);
    await settled();
    open -= 1;
    throw new Error("ECONNRESET");
  };
  await rejection(generateToken({ ...credentials, fetch, retries: 4 }));
  assert.equal(most, 1);
});

/**
 * Runs a call with timers that only the ticks move. Gives the call, and after each tick the number of all requests so
 * far.
 */
async function sentAfter(ticks, respond, options = {}) {
  mock.timers.enable({ apis: ["setTimeout"] });
  let sent = 0;
  const fetch = () => {
    sent += 1;
    return respond(sent);
  };
  const call = generateToken({ ...credentials, fetch, ...options }).catch((error) => error);
  const counts = [];
  for (const ms of ticks) {
    await settled();
    mock.timers.tick(ms);
    await settled();
    counts.push(sent);
  }
  return { counts, call };
}

const never = () => new Promise(() => {});
const unavailable = (retryAfter) => new Response("", { status: 503, headers: { "retry-after": retryAfter } });

test("after a time-out the next attempt waits a second, so that the late request can arrive first", async () => {
  const { counts, call } = await sentAfter([99, 1, 999, 1], (sent) => (sent === 1 ? never() : granted()), {
    timeoutMs: 100,
  });
  assert.deepEqual(counts, [1, 1, 1, 2]);
  assert.equal((await call).accessToken, accessToken);
});

test("each attempt has a time limit of its own", async () => {
  const { counts, call } = await sentAfter([100, 1000, 99, 1], never, { timeoutMs: 100 });
  assert.deepEqual(counts, [1, 2, 2, 2]);
  const { code, attempts, message } = await call;
  assert.deepEqual([code, attempts, message], ["ERR_DARAJA_TIMEOUT", 2, "Daraja did not answer within 100 ms"]);
});

test("the time limit is ten seconds by default", async () => {
  const { call } = await sentAfter([9_999, 1], never, { retries: 0 });
  assert.equal((await call).message, "Daraja did not answer within 10000 ms");
});

test("a call waits for a Retry-After of up to five seconds", async () => {
  const { counts, call } = await sentAfter([4_999, 1], (sent) => (sent === 1 ? unavailable("5") : granted()));
  assert.deepEqual(counts, [1, 2]);
  assert.equal((await call).accessToken, accessToken);
});

test("a Retry-After with a date counts from the server's clock", async () => {
  const headers = { date: "Wed, 21 Oct 2026 07:28:00 GMT", "retry-after": "Wed, 21 Oct 2026 07:28:03 GMT" };
  const respond = (sent) => (sent === 1 ? new Response("", { status: 429, headers }) : granted());
  const { counts, call } = await sentAfter([2_999, 1], respond);
  assert.deepEqual(counts, [1, 2]);
  assert.equal((await call).accessToken, accessToken);
});

test("a Retry-After of over five seconds gives an error at once, which says how long to wait", async () => {
  let sent = 0;
  const fetch = async () => {
    sent += 1;
    return unavailable("6");
  };
  await rejects(
    generateToken({ ...credentials, fetch }),
    "ERR_DARAJA_UNAVAILABLE",
    "Daraja is not available (HTTP 503)",
    {
      retryAfterMs: 6_000,
      attempts: 1,
      retryable: true,
    },
  );
  assert.equal(sent, 1);
});

test("a Retry-After with a date counts from our clock if the answer has no date", async () => {
  const now = Date.parse("Wed, 21 Oct 2026 07:27:00 GMT");
  const clock = mock.method(Date, "now", () => now);
  const fetch = async () => unavailable("Wed, 21 Oct 2026 07:28:00 GMT");
  const error = await rejection(generateToken({ ...credentials, fetch }));
  clock.mock.restore();
  assert.equal(error.retryAfterMs, 60_000);
});

for (const nonsense of ["soon", "-1", "1.5", "1e3", "0x10", "Wed, 21 Oct 2026", "9".repeat(100_000)]) {
  test(`Retry-After: ${nonsense.slice(0, 20)} is ignored`, async () => {
    const error = await rejection(
      generateToken({ ...credentials, fetch: async () => unavailable(nonsense), retries: 0 }),
    );
    assert.equal(error.code, "ERR_DARAJA_UNAVAILABLE");
    assert.equal("retryAfterMs" in error, false);
  });
}

test("pauses double from half a second up to five seconds, and a random factor shortens each", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const half = mock.method(Math, "random", () => 0.5);
  const waited = [];
  const timers = mock.method(globalThis, "setTimeout", (callback, ms) => {
    if (ms !== 60_000) {
      waited.push(ms);
      setImmediate(callback);
    }
    return undefined;
  });
  const fetch = () => Promise.reject(new Error("ECONNRESET"));
  const error = await rejection(generateToken({ ...credentials, fetch, retries: 6, timeoutMs: 60_000 }));
  half.mock.restore();
  timers.mock.restore();
  assert.equal(error.attempts, 7);
  assert.deepEqual(waited, [250, 500, 1_000, 2_000, 2_500, 2_500]);
});
