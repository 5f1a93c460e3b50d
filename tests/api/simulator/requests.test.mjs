// The requests that a Simulator records, and the faults that a test injects.
import assert from "node:assert/strict";
import { before, describe, mock, test } from "node:test";
import { inspect } from "node:util";
import { installed, rejection, settled } from "../../support/installed.mjs";

const BUSINESS = "https://sandbox.safaricom.co.ke/mpesa/b2b/v1/remittax";
const TOKEN = "https://sandbox.safaricom.co.ke/oauth/v1/generate?grant_type=client_credentials";

let Simulator;
let generateToken;
before(async () => {
  ({ Simulator, generateToken } = await installed("simulator-requests"));
});

const basic = ({ consumerKey, consumerSecret }) => `Basic ${btoa(`${consumerKey}:${consumerSecret}`)}`;
const bearer = (accessToken) => ({ method: "POST", headers: { Authorization: `Bearer ${accessToken}` } });
const issue = (simulator, app = simulator.apps[0]) =>
  generateToken({ ...credentialsOf(app), fetch: simulator.fetch, retries: 0 });
const credentialsOf = ({ consumerKey, consumerSecret }) => ({ consumerKey, consumerSecret });

describe("a simulator's requests", () => {
  test("are recorded with the request and the reason of the answer, without secret or token", async () => {
    const simulator = new Simulator({ now: () => 1_000 });
    const [app] = simulator.apps;
    const { accessToken } = await issue(simulator);
    await simulator.fetch(`${BUSINESS}?a=1`, { ...bearer(accessToken), body: '{"Amount":1}' });
    await simulator.fetch(BUSINESS, { headers: { Authorization: app.consumerSecret } });
    const [first, second, third] = simulator.requests;
    assert.deepEqual(second, {
      at: 1_000,
      method: "POST",
      path: "/mpesa/b2b/v1/remittax",
      query: { a: "1" },
      headers: { authorization: "Bearer [redacted]" },
      body: '{"Amount":1}',
      status: 200,
      outcome: "accepted",
      app: "Duka",
      token: 1,
    });
    assert.equal(first.headers.authorization, "Basic [redacted]");
    assert.deepEqual(
      [third.headers.authorization, third.outcome, "app" in third],
      ["[redacted]", "malformed-header", false],
    );
    await issue(simulator);
    assert.deepEqual([simulator.requests[3].token, simulator.requests[3].replaces], [2, 1]);
    assert.ok(!("replaces" in first));
    const shown = inspect(simulator.requests, { depth: 9 });
    assert.ok(![accessToken, app.consumerSecret, basic(app).slice(6)].some((secret) => shown.includes(secret)), shown);
  });

  test("show [redacted] in place of a header's credential, and before it only a scheme that is known", async () => {
    const simulator = new Simulator();
    const secret = "canary-s3cret";
    for (const headers of [
      { authorization: `${secret}: ${secret}` },
      { authorization: `Basic${secret} ${secret}` },
      { "proxy-authorization": `basic ${secret}`, cookie: `token=${secret}`, "x-api-key": secret, "x-secret": secret },
      { "x-auth-token": secret, "x-password": secret, apikey: secret },
    ]) {
      await simulator.fetch(BUSINESS, { headers: { ...headers, accept: "text/html" } });
      const [shown] = simulator.requests.slice(-1);
      assert.equal(shown.headers.accept, "text/html");
      assert.ok(!JSON.stringify(shown).includes(secret), JSON.stringify(shown));
    }
    assert.equal(simulator.requests[2].headers["proxy-authorization"], "basic [redacted]");
  });

  test("are passed to onRequest before the answer, also if onRequest throws", async () => {
    const told = [];
    const simulator = new Simulator({
      onRequest(request) {
        told.push(request);
        if (told.length === 1) throw new Error("the caller's error");
        return Promise.reject(new Error("the caller's later error"));
      },
    });
    assert.equal((await issue(simulator)).expiresIn, 3599);
    simulator.inject({ kind: "hang" });
    const controller = new AbortController();
    const hanging = rejection(simulator.fetch(BUSINESS, { signal: controller.signal }));
    await settled();
    assert.deepEqual(
      told.map(({ outcome }) => outcome),
      ["token", "hang"],
    );
    controller.abort();
    await hanging;
    assert.ok(Object.isFrozen(told[0]) && told.every((request, i) => request === simulator.requests[i]));
    assert.equal(told.length, 2);
  });

  test("are fewer if their bodies are long, because the oldest are removed", async () => {
    const simulator = new Simulator();
    const ask = (path, length) =>
      simulator.fetch(`http://localhost${path}`, { method: "POST", body: "x".repeat(length) });
    const paths = () => simulator.requests.map(({ path }) => path);
    await ask("/1", 7_900_000);
    await ask("/2", 7_900_000);
    assert.deepEqual(paths(), ["/1", "/2"]);
    await ask("/3", 300_000);
    assert.deepEqual(paths(), ["/2", "/3"]);
    await ask("/4", 16_000_001);
    assert.deepEqual(paths(), ["/4"]);
    await ask("/5", 16_000_000);
    assert.deepEqual(paths(), ["/5"]);
  });

  test("are fewer if their paths, queries and headers are long", async () => {
    const simulator = new Simulator();
    const long = "x".repeat(1_000_000);
    for (let i = 0; i < 20; i++) {
      await simulator.fetch(`http://localhost/${long}?q=${long}`, { headers: { "x-note": long } });
    }
    assert.equal(simulator.requests.length, 5);
  });

  test("are a new, frozen list at each read", async () => {
    const simulator = new Simulator();
    const before = simulator.requests;
    await simulator.fetch(TOKEN);
    assert.deepEqual([before.length, simulator.requests.length], [0, 1]);
    assert.throws(() => simulator.requests.pop(), TypeError);
    assert.throws(() => {
      simulator.requests[0].status = 200;
    }, TypeError);
  });

  test("are the last 10,000", async () => {
    const simulator = new Simulator();
    for (let i = 0; i <= 10_000; i++) await simulator.fetch(`http://localhost/${i}`);
    assert.equal(simulator.requests.length, 10_000);
    assert.equal(simulator.requests[0].path, "/1");
  });
});

describe("a simulator's faults", () => {
  test("change the next answer, and the package has an error for each", async () => {
    const simulator = new Simulator();
    for (const [kind, code, message] of [
      ["empty-400", "INVALID_CREDENTIALS", "Daraja did not accept the consumer key and secret (HTTP 400)"],
      ["blocked-403", "BLOCKED", "The firewall in front of Daraja blocked this machine (HTTP 403)"],
      ["blocked-503", "BLOCKED", "The firewall in front of Daraja blocked this machine (HTTP 503)"],
      ["blocked-200", "BLOCKED", "The firewall in front of Daraja blocked this machine (HTTP 200)"],
      [
        "spike-arrest",
        "RATE_LIMITED",
        "Daraja is throttling the requests for tokens (HTTP 429): policies.ratelimit.SpikeArrestViolation Spike arrest violation. Allowed rate : 5ps",
      ],
      [
        "busy",
        "RATE_LIMITED",
        "Daraja is throttling the requests for tokens (HTTP 500): 500.003.02 System is busy. Please try again in few minutes.",
      ],
      [
        "quota",
        "RATE_LIMITED",
        "Daraja is throttling the requests for tokens (HTTP 500): 500.003.03 Error Occurred: Quota Violation",
      ],
      ["rate-limited", "RATE_LIMITED", "Daraja is throttling the requests for tokens (HTTP 429): Too Many Requests"],
      ["unavailable", "UNAVAILABLE", "Daraja is not available (HTTP 503): no healthy upstream"],
      ["maintenance", "UNAVAILABLE", "Daraja is not available (HTTP 503)"],
      ["cut", "NETWORK", "No answer from Daraja: its body broke off"],
      [
        "truncated",
        "MALFORMED_RESPONSE",
        "Expected a token from Daraja, found JSON that breaks off or is not well-formed",
      ],
    ]) {
      simulator.inject({ kind });
      const error = await rejection(issue(simulator));
      assert.deepEqual([error.code, error.message], [`ERR_DARAJA_${code}`, message]);
      assert.equal(simulator.requests.at(-1).outcome, kind);
      assert.equal((await issue(simulator)).expiresIn, 3599, `after ${kind}`);
    }
  });

  test("of the kind hang end with the caller's time limit or signal", async () => {
    const simulator = new Simulator();
    const [app] = simulator.apps;
    simulator.inject({ kind: "hang", times: 2 });
    const call = generateToken({ ...credentialsOf(app), fetch: simulator.fetch, retries: 0, timeoutMs: 20 });
    assert.equal((await rejection(call)).code, "ERR_DARAJA_TIMEOUT");
    const controller = new AbortController();
    const reason = new Error("enough");
    const hanging = rejection(simulator.fetch(new Request(TOKEN, { signal: controller.signal })));
    await settled();
    simulator.advance(3_600_000);
    controller.abort(reason);
    assert.equal(await hanging, reason);
  });

  test("of the kind latency end after the delay, by the runtime's timer alone or by advance() alone", async (t) => {
    t.after(() => mock.timers.reset());
    mock.timers.enable({ apis: ["setTimeout", "Date"] });
    const simulator = new Simulator();
    simulator.inject({ kind: "latency", ms: 5_000, times: 2 });
    const answered = [];
    const ask = (name) => simulator.fetch(TOKEN).then(() => answered.push(name));
    const first = ask("first");
    await settled();
    mock.timers.tick(4_999);
    await settled();
    assert.deepEqual(answered, []);
    mock.timers.tick(1);
    await first;
    const second = ask("second");
    await settled();
    simulator.advance(4_999);
    await settled();
    assert.deepEqual(answered, ["first"]);
    simulator.advance(1);
    await second;
    assert.deepEqual(answered, ["first", "second"]);
  });

  test("of the kind latency end when real time and advance() together make up the delay", async (t) => {
    t.after(() => mock.timers.reset());
    mock.timers.enable({ apis: ["setTimeout", "Date"] });
    const simulator = new Simulator();
    simulator.inject({ kind: "latency", ms: 5_000 });
    let isAnswered = false;
    const call = simulator.fetch(TOKEN).then(() => {
      isAnswered = true;
    });
    await settled();
    mock.timers.tick(1_000);
    simulator.advance(3_000);
    mock.timers.tick(999);
    await settled();
    assert.ok(!isAnswered);
    mock.timers.tick(1);
    await call;
  });

  test("of the kind latency keep no process alive if no caller waits", async (t) => {
    const sets = t.mock.method(globalThis, "setTimeout");
    const clears = t.mock.method(globalThis, "clearTimeout");
    const simulator = new Simulator();
    simulator.inject({ kind: "latency", ms: 60_000 });
    const controller = new AbortController();
    const call = rejection(simulator.fetch(TOKEN, { signal: controller.signal }));
    await settled();
    const reason = new Error("enough");
    controller.abort(reason);
    assert.equal(await call, reason);
    const [{ result: timer }] = sets.mock.calls;
    assert.equal(clears.mock.calls.at(-1).arguments[0], timer);
    simulator.advance(1);
    assert.equal(sets.mock.callCount(), 1);
  });

  test("can have no end, can be for one path, and can be cleared", async () => {
    const simulator = new Simulator();
    simulator.inject({ kind: "unavailable", rate: 1, path: "/mpesa/" });
    const { accessToken } = await issue(simulator);
    for (let i = 0; i < 3; i++) assert.equal((await simulator.fetch(BUSINESS, bearer(accessToken))).status, 503);
    simulator.clearFaults();
    assert.equal((await simulator.fetch(BUSINESS, bearer(accessToken))).status, 200);
  });

  test("that cut the body make the caller's read reject", async () => {
    const simulator = new Simulator();
    simulator.inject({ kind: "cut" });
    const response = await simulator.fetch(TOKEN, { headers: { Authorization: basic(simulator.apps[0]) } });
    assert.equal(response.status, 200);
    assert.equal((await rejection(response.text())).message, "the simulator cut the connection");
  });
});
