// The class Simulator: its apps, fetch and clock. crates/simulator/tests has the tests of its answers.
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

/** Checks that a function throws a DarajaError for an option, with that message. */
function refuses(run, message) {
  assert.throws(run, (error) => {
    assert.ok(error instanceof DarajaError, String(error));
    assert.deepEqual([error.code, error.message], ["ERR_DARAJA_INVALID_OPTION", message]);
    assert.match(error.hint, /\.$/);
    return true;
  });
}

describe("a simulator's apps", () => {
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

  test("are those of the options, and cannot be changed", async () => {
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

describe("a simulator's fetch", () => {
  test("takes a string, a URL or a Request, and reads method and headers from the init or the Request", async () => {
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

  test("reads a body that is text, bytes, a Blob, a stream or a form", async () => {
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

  test("rejects like the real fetch: for a wrong URL, a body that breaks off, an aborted signal, a GET with a body", async () => {
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

  test("ends when its signal aborts, although the body never ends", async () => {
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

  test("leaves no listener on a signal after an answer, or after a body that broke off", async () => {
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

  test("works without `this`, so any library can call it", async () => {
    const { fetch, apps } = new Simulator();
    assert.equal((await generateToken({ ...credentialsOf(apps[0]), fetch })).expiresIn, 3599);
  });

  test("answers while sinon has replaced the timers, Date, nextTick and queueMicrotask", async () => {
    // It runs in a separate process, because the test runner needs the real timers.
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

  test("gives the answer to a wrong pair as an empty text, with a date by the simulator's clock", async () => {
    const simulator = new Simulator({ now: () => Date.UTC(2026, 10, 25, 8, 43, 31, 999) });
    const response = await simulator.fetch(TOKEN, { headers: { Authorization: "Basic eDp5" } });
    assert.deepEqual([response.status, await response.text()], [400, ""]);
    assert.equal(response.headers.get("date"), "Wed, 25 Nov 2026 08:43:31 GMT");
  });
});

describe("a simulator's clock", () => {
  test("is Date.now, looked up at each use, or the function that is given; advance() adds to it", async (t) => {
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

  test("moves forward by advance(), and tokens expire by it", async () => {
    const simulator = new Simulator({ tokenLifetimeSeconds: 60 });
    const { accessToken } = await issue(simulator);
    assert.equal((await simulator.fetch(BUSINESS, bearer(accessToken))).status, 200);
    simulator.advance(60_000);
    assert.equal((await simulator.fetch(BUSINESS, bearer(accessToken))).status, 404);
  });

  test("refuses a negative time, and a value that is not a time", () => {
    const simulator = new Simulator();
    for (const ms of [-1, Number.NaN, Number.POSITIVE_INFINITY, "1", undefined]) {
      refuses(() => simulator.advance(ms), "ms: expected a number of milliseconds, not negative");
    }
    const broken = new Simulator({ now: () => "noon" });
    refuses(() => broken.now(), "now: expected a function that gives milliseconds since the epoch");
  });
});

test("the same seed and the same requests give the same tokens, and another seed gives others", async () => {
  const first = async (options) => (await issue(new Simulator(options))).accessToken;
  assert.equal(await first(), await first({ seed: 1 }));
  assert.notEqual(await first(), await first({ seed: 2 }));
});

test("a trap in the module gives ERR_DARAJA_INTERNAL, and the next call has the same state", async (t) => {
  const simulator = new Simulator();
  const { accessToken } = await issue(simulator);
  // Deep enough to exhaust the module's stack. No real options contain JSON of that depth.
  let deep = {};
  for (let i = 0; i < 100_000; i++) deep = { deep };
  const error = await rejection(Promise.resolve().then(() => simulator.inject({ kind: deep })));
  t.diagnostic(String(error.cause));
  assert.deepEqual([error.code, error instanceof DarajaError], ["ERR_DARAJA_INTERNAL", true]);
  assert.equal((await simulator.fetch(BUSINESS, bearer(accessToken))).status, 200);
});
