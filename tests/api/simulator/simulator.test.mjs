// The class Simulator: what it is to the tests of those who use it. What it answers is tested in
// crates/simulator/tests.
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { join } from "node:path";
import { before, describe, mock, test } from "node:test";
import { inspect } from "node:util";
import { runInNewContext } from "node:vm";
import { run } from "../../support/child.mjs";
import { installed, rejection, settled } from "../../support/installed.mjs";
import { project } from "../../support/packed.mjs";

const BUSINESS = "https://sandbox.safaricom.co.ke/mpesa/b2b/v1/remittax";
const TOKEN = "https://sandbox.safaricom.co.ke/oauth/v1/generate?grant_type=client_credentials";

let Simulator;
let DarajaError;
let generateToken;
before(async () => {
  ({ Simulator, DarajaError, generateToken } = await installed("simulator"));
});

const basic = ({ consumerKey, consumerSecret }) => `Basic ${btoa(`${consumerKey}:${consumerSecret}`)}`;
const bearer = (accessToken) => ({ method: "POST", headers: { Authorization: `Bearer ${accessToken}` } });
const issue = (simulator, app = simulator.apps[0]) =>
  generateToken({ ...credentialsOf(app), fetch: simulator.fetch, retries: 0 });
const credentialsOf = ({ consumerKey, consumerSecret }) => ({ consumerKey, consumerSecret });

/** Checks that it throws a DarajaError for an option, with that message. */
function refuses(run, message) {
  assert.throws(run, (error) => {
    assert.ok(error instanceof DarajaError, String(error));
    assert.deepEqual([error.code, error.message], ["ERR_DARAJA_INVALID_OPTION", message]);
    assert.match(error.hint, /\.$/);
    return true;
  });
}

describe("its apps", () => {
  test("are three samples, each with credentials that get a token", async () => {
    const simulator = new Simulator();
    assert.deepEqual(
      simulator.apps.map(({ name, environment, products }) => ({ name, environment, products })),
      [
        { name: "Duka", environment: undefined, products: undefined },
        { name: "Matatu", environment: "sandbox", products: ["stkpush", "stkpushquery"] },
        { name: "Shamba", environment: "production", products: undefined },
      ],
    );
    for (const app of simulator.apps) {
      const { environment } = app;
      const options = { ...credentialsOf(app), ...(environment && { environment }), fetch: simulator.fetch };
      assert.equal((await generateToken(options)).expiresIn, 3599);
    }
  });

  test("are those that are given, and nobody can change them", async () => {
    const apps = [{ name: "mine", consumerKey: "key", consumerSecret: "se:cret ü", products: ["b2c"] }];
    const simulator = new Simulator({ apps });
    assert.deepEqual(simulator.apps, apps);
    apps[0].consumerSecret = "changed";
    assert.throws(() => simulator.apps.push({}), TypeError);
    assert.throws(() => simulator.apps[0].products.push("b2b"), TypeError);
    assert.ok((await issue(simulator)).accessToken);
  });

  test("are not shown when a simulator is inspected or written as JSON", () => {
    const simulator = new Simulator();
    const shown = inspect(simulator, { depth: 9, showHidden: true }) + JSON.stringify(simulator);
    for (const { consumerKey, consumerSecret } of simulator.apps) {
      assert.ok(!shown.includes(consumerKey) && !shown.includes(consumerSecret), shown);
    }
  });
});

describe("its fetch", () => {
  test("takes a string, a URL and a Request, with the rest in either argument", async () => {
    const simulator = new Simulator();
    const headers = { Authorization: basic(simulator.apps[0]) };
    for (const args of [
      [TOKEN, { headers }],
      [new URL(TOKEN), { headers: new Headers(headers) }],
      [new Request(TOKEN, { headers })],
      [new Request(TOKEN), { headers: Object.entries(headers) }],
      [new Request(TOKEN, { method: "POST", headers }), { method: "get" }],
      [{ toString: () => TOKEN }, { headers }],
      [runInNewContext("new URL(href)", { URL: class extends URL {}, href: TOKEN }), { headers }],
    ]) {
      const response = await simulator.fetch(...args);
      assert.ok(response instanceof Response);
      assert.deepEqual(Object.keys(await response.json()), ["access_token", "expires_in"]);
    }
  });

  test("reads a body of every kind", async () => {
    const simulator = new Simulator();
    const { accessToken } = await issue(simulator);
    const stream = () =>
      new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode('{"Amount":1}'));
          controller.close();
        },
      });
    const form = new URLSearchParams({ a: "ü" });
    for (const [body, echoed] of [
      ['{"Amount":1}', { Amount: 1 }],
      [new TextEncoder().encode('{"Amount":1}'), { Amount: 1 }],
      [new Blob(['{"Amount":1}']), { Amount: 1 }],
      [stream(), { Amount: 1 }],
      [form, "a=%C3%BC"],
      [undefined, null],
    ]) {
      const init = { ...bearer(accessToken), body, duplex: "half" };
      assert.deepEqual((await (await simulator.fetch(BUSINESS, init)).json()).echo.body, echoed);
      const request = new Request(BUSINESS, { ...init, body: body instanceof ReadableStream ? stream() : body });
      assert.deepEqual((await (await simulator.fetch(request)).json()).echo.body, echoed);
    }
  });

  test("rejects what fetch rejects: no URL, a body that breaks off, a signal that has aborted", async () => {
    const simulator = new Simulator();
    assert.ok((await rejection(simulator.fetch("/oauth"))) instanceof TypeError);
    const broken = new Error("broken");
    const body = new ReadableStream({ pull: (controller) => controller.error(broken) });
    assert.equal(await rejection(simulator.fetch(BUSINESS, { method: "POST", body, duplex: "half" })), broken);
    const reason = new Error("enough");
    assert.equal(await rejection(simulator.fetch(TOKEN, { signal: AbortSignal.abort(reason) })), reason);
    for (const method of [undefined, "GET", "head"]) {
      assert.ok((await rejection(simulator.fetch(TOKEN, { method, body: "x" }))) instanceof TypeError);
    }
    const posted = new Request(BUSINESS, { method: "POST", body: "x" });
    assert.ok((await rejection(simulator.fetch(posted, { method: "GET", body: null }))) instanceof TypeError);
    assert.deepEqual(simulator.requests, []);
  });

  test("ends when its signal aborts, though a body never does", async () => {
    const simulator = new Simulator();
    const controller = new AbortController();
    const init = { method: "POST", body: new ReadableStream(), duplex: "half", signal: controller.signal };
    const call = rejection(simulator.fetch(BUSINESS, init));
    await settled();
    const reason = new Error("enough");
    controller.abort(reason);
    assert.equal(await call, reason);
    assert.deepEqual(simulator.requests, []);
  });

  test("leaves no listener on a signal, however a call ends", async () => {
    const simulator = new Simulator();
    const { signal } = new AbortController();
    const late = { kind: "latency", ms: 1_000 };
    simulator.inject(late);
    const call = simulator.fetch(BUSINESS, { method: "post", body: "x", signal });
    await settled();
    assert.equal(getEventListeners(signal, "abort").length, 1);
    simulator.advance(1_000);
    await call;
    const body = new ReadableStream({ pull: (controller) => controller.error(new Error("broken")) });
    await rejection(simulator.fetch(BUSINESS, { method: "POST", body, duplex: "half", signal }));
    assert.equal(getEventListeners(signal, "abort").length, 0);
    assert.equal(simulator.requests[0].method, "POST");
  });

  test("needs no this, so it can be handed to any library", async () => {
    const { fetch, apps } = new Simulator();
    assert.equal((await generateToken({ ...credentialsOf(apps[0]), fetch })).expiresIn, 3599);
  });

  test("answers while sinon has replaced every timer and queueMicrotask", async () => {
    // In a process of its own: the test runner needs the real ones.
    const source = `
import FakeTimers from "@sinonjs/fake-timers";
import { generateToken } from "daraja-auth";
import { Simulator } from "daraja-auth/simulator";
const simulator = new Simulator();
const [{ consumerKey, consumerSecret }] = simulator.apps;
const clock = FakeTimers.install({ toFake: ["setTimeout", "setImmediate", "nextTick", "queueMicrotask", "Date"] });
const { accessToken } = await generateToken({ consumerKey, consumerSecret, fetch: simulator.fetch });
const init = { method: "POST", headers: { Authorization: "Bearer " + accessToken } };
const { ResponseCode } = await (await simulator.fetch("${BUSINESS}", init)).json();
clock.uninstall();
console.log(ResponseCode);
`;
    const folder = project("node-simulator-sinon", { "index.mjs": source });
    const { code, stdout, stderr } = await run(process.execPath, [join(folder, "index.mjs")]);
    assert.deepEqual([code, stdout], [0, "0\n"], stderr);
  });

  test("gives an empty body where there is none, and the date by its own clock", async () => {
    const simulator = new Simulator({ now: () => Date.UTC(2026, 10, 25, 8, 43, 31, 999) });
    const response = await simulator.fetch(TOKEN, { headers: { Authorization: "Basic eDp5" } });
    assert.deepEqual([response.status, await response.text()], [400, ""]);
    assert.equal(response.headers.get("date"), "Wed, 25 Nov 2026 08:43:31 GMT");
  });
});

describe("its clock", () => {
  test("is Date.now, looked up at each request, or the function that is given", async (t) => {
    t.after(() => mock.timers.reset());
    const simulator = new Simulator();
    mock.timers.enable({ apis: ["Date"], now: 1_000_000 });
    assert.equal(simulator.now(), 1_000_000);
    let now = 5_000.9;
    const mine = new Simulator({ now: () => now });
    assert.equal(mine.now(), 5_000);
    mine.advance(1_000);
    now = 6_000;
    assert.equal(mine.now(), 7_000);
  });

  test("moves on, and tokens die by it", async () => {
    const simulator = new Simulator({ tokenLifetimeSeconds: 60 });
    const { accessToken } = await issue(simulator);
    assert.equal((await simulator.fetch(BUSINESS, bearer(accessToken))).status, 200);
    simulator.advance(60_000);
    assert.equal((await simulator.fetch(BUSINESS, bearer(accessToken))).status, 404);
  });

  test("refuses to go back or nowhere", () => {
    const simulator = new Simulator();
    for (const ms of [-1, Number.NaN, Number.POSITIVE_INFINITY, "1", undefined]) {
      refuses(() => simulator.advance(ms), "ms: expected a number of milliseconds, not negative");
    }
    const broken = new Simulator({ now: () => "noon" });
    refuses(() => broken.now(), "now: expected a function that gives milliseconds since the epoch");
  });
});

describe("its requests", () => {
  test("are recorded with what was asked and why it was answered so, without secret or token", async () => {
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

  test("show no credential in any header, nor what stands before one", async () => {
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

  test("are told to onRequest before they are answered, whatever it does", async () => {
    const told = [];
    const simulator = new Simulator({
      onRequest(request) {
        told.push(request);
        if (told.length === 1) throw new Error("the caller's");
        return Promise.reject(new Error("the caller's, later"));
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

  test("are fewer where their bodies are long: the oldest go, and the newest stays", async () => {
    const simulator = new Simulator();
    const ask = (path, length) =>
      simulator.fetch(`http://localhost${path}`, { method: "POST", body: "x".repeat(length) });
    const paths = () => simulator.requests.map(({ path }) => path);
    await ask("/1", 8_000_000);
    await ask("/2", 8_000_000);
    assert.deepEqual(paths(), ["/1", "/2"]);
    await ask("/3", 1);
    assert.deepEqual(paths(), ["/2", "/3"]);
    await ask("/4", 16_000_001);
    assert.deepEqual(paths(), ["/4"]);
    await ask("/5", 16_000_000);
    assert.deepEqual(paths(), ["/5"]);
  });

  test("are a list of its own at each look, and frozen", async () => {
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

describe("its faults", () => {
  test("strike the next request, and the package says what each is", async () => {
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

  test("a hang ends with the caller's time limit, and with its signal", async () => {
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

  test("latency is the runtime's time, or the simulator's, whichever comes first", async (t) => {
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

  test("latency is both together, too: the runtime's time has to make up only what advance() left", async (t) => {
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

  test("latency that nobody waits for any more keeps no process alive", async (t) => {
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

  test("can be for ever, for a path, and cleared", async () => {
    const simulator = new Simulator();
    simulator.inject({ kind: "unavailable", rate: 1, path: "/mpesa/" });
    const { accessToken } = await issue(simulator);
    for (let i = 0; i < 3; i++) assert.equal((await simulator.fetch(BUSINESS, bearer(accessToken))).status, 503);
    simulator.clearFaults();
    assert.equal((await simulator.fetch(BUSINESS, bearer(accessToken))).status, 200);
  });

  test("a body that was cut rejects where it is read", async () => {
    const simulator = new Simulator();
    simulator.inject({ kind: "cut" });
    const response = await simulator.fetch(TOKEN, { headers: { Authorization: basic(simulator.apps[0]) } });
    assert.equal(response.status, 200);
    assert.equal((await rejection(response.text())).message, "the simulator cut the connection");
  });
});

describe("what cannot be used", () => {
  const throwing = {
    get seed() {
      throw new Error("a getter of the caller's");
    },
  };
  const app = { name: "a", consumerKey: "k", consumerSecret: "canary-s3cret" };

  test("as options is refused by name, without its value", () => {
    for (const [options, message] of [
      [null, "options: expected a plain object, found null"],
      ["x", "options: expected a plain object, found a string"],
      [[], "options: expected a plain object, found an array"],
      [new Map([["seed", 5]]), "options: expected a plain object, found an instance of a class"],
      [new (class Options {})(), "options: expected a plain object, found an instance of a class"],
      [throwing, "options: expected plain data, found a property that throws when it is read"],
      [{ now: 5 }, "now: expected a function, found a number"],
      [{ now: null }, "now: expected a function, found null"],
      [{ now: {} }, "now: expected a function, found an object"],
      [{ onRequest: [] }, "onRequest: expected a function, found an array"],
      [{ graceMs: Number.NaN }, "graceMs: expected a whole number, not negative, found another number"],
      [{ seed: Number.POSITIVE_INFINITY }, "seed: expected a whole number, not negative, found another number"],
      [{ supersede: Number.NaN }, "supersede: expected true or false, found a number"],
      [{ refuseAs: "403" }, 'refuseAs: expected one of "empty-400", "400.008.01", "401", found another text'],
      [{ apps: new Set() }, "apps: expected an array, found an instance of a class"],
      [{ apps: { length: 0 } }, "apps: expected an array, found an object"],
      [{ apps: [{ ...app, environment: null }] }, "apps[0].environment: expected a string, found null"],
      [{ apps: [{ ...app, name: Number.NaN }] }, "apps[0].name: expected a string, found a number"],
      [{ seed: () => 1 }, "seed: expected plain data, found something else"],
      [{ seed: 2 ** 32 }, "seed: expected a whole number, not negative, found another number"],
      [{ expiresInAs: app.consumerSecret }, 'expiresInAs: expected "string" or "number", found another text'],
      [{ apps: [null] }, "apps[0]: expected a plain object, found null"],
      [{ apps: [app, { ...app, consumerKey: 5 }] }, "apps[1].consumerKey: expected a string, found a number"],
      [{ apps: [app, app] }, "apps[1].name: expected a name of its own, found that of an app before it"],
    ]) {
      refuses(() => new Simulator(options), message);
    }
    assert.throws(
      () => new Simulator({ lifetime: 5 }),
      /^DarajaError: lifetime: expected one of apps, tokenLifetimeSeconds, .*, found an unknown option$/,
    );
  });

  test("as a fault is refused by name", () => {
    const simulator = new Simulator();
    for (const [fault, message] of [
      [undefined, "fault: expected a plain object, found nothing"],
      ["cut", "fault: expected a plain object, found a string"],
      [[{ kind: "cut" }], "fault: expected a plain object, found an array"],
      [{ kind: "cut", times: null }, "times: expected a whole number, not negative, found null"],
      [{ kind: "cut", rate: Number.NaN }, "rate: expected a number from 0 to 1, found another number"],
      [{}, "kind: expected a value, found none"],
      [{ kind: "cut", times: -1 }, "times: expected a whole number, not negative, found another number"],
      [{ kind: "cut", rate: 2 }, "rate: expected a number from 0 to 1, found another number"],
    ]) {
      refuses(() => simulator.inject(fault), message);
    }
  });

  test("an object of another realm, or of no prototype, is as good as any", () => {
    const foreign = runInNewContext("({ seed: 5, apps: [] })");
    assert.deepEqual(new Simulator(foreign).apps, []);
    assert.deepEqual(new Simulator(Object.assign(Object.create(null), { apps: [] })).apps, []);
  });

  test("an option that is undefined is left out", async () => {
    const simulator = new Simulator({ seed: undefined, now: undefined, apps: [{ ...app, products: undefined }] });
    simulator.inject({ kind: "quota", times: undefined, path: undefined });
    assert.deepEqual(simulator.apps, [app]);
  });
});

test("the same seed and the same requests give the same tokens, and another seed others", async () => {
  const first = async (options) => (await issue(new Simulator(options))).accessToken;
  assert.equal(await first(), await first({ seed: 1 }));
  assert.notEqual(await first(), await first({ seed: 2 }));
});

test("a trap in its module is ERR_DARAJA_INTERNAL, and the next call goes on where it was", async (t) => {
  const simulator = new Simulator();
  const { accessToken } = await issue(simulator);
  // Deep enough to exhaust the module's stack; JSON of that depth comes from nobody's options.
  let deep = {};
  for (let i = 0; i < 100_000; i++) deep = { deep };
  const error = await rejection(Promise.resolve().then(() => simulator.inject({ kind: deep })));
  t.diagnostic(String(error.cause));
  assert.deepEqual([error.code, error instanceof DarajaError], ["ERR_DARAJA_INTERNAL", true]);
  assert.equal((await simulator.fetch(BUSINESS, bearer(accessToken))).status, 200);
});
