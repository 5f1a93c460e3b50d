// STK push on the simulator: its checks, and the callback that follows.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { before, describe, test } from "node:test";
import { inspect } from "node:util";
import { installed, settled } from "../../support/installed.mjs";
import { pushBody } from "../../support/stk.mjs";

const ORIGIN = "https://sandbox.safaricom.co.ke";
const PUSH = `${ORIGIN}/mpesa/stkpush/v1/processrequest`;

let Simulator;
let generateToken;
before(async () => {
  ({ Simulator, generateToken } = await installed("simulator-stk"));
});

/** A simulator, and a function that sends a push with a live token. */
async function ready(options) {
  const simulator = new Simulator(options);
  const [{ consumerKey, consumerSecret }] = simulator.apps;
  const { accessToken } = await generateToken({ consumerKey, consumerSecret, fetch: simulator.fetch });
  const push = async (changed) => {
    const headers = { Authorization: `Bearer ${accessToken}` };
    const init = { method: "POST", headers, body: JSON.stringify({ ...pushBody(), ...changed }) };
    return (await simulator.fetch(PUSH, init)).json();
  };
  return { simulator, push };
}

/** A server on loopback that keeps the requests that it gets. */
async function receiver(t) {
  const received = [];
  const server = createServer(async (request, response) => {
    const chunks = await request.toArray();
    received.push({ type: request.headers["content-type"], body: JSON.parse(Buffer.concat(chunks)) });
    response.end("{}");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  return { received, url: `http://127.0.0.1:${server.address().port}/paid` };
}

describe("an STK push", () => {
  test("is answered with Daraja's fields, and with Daraja's error if the amount is 0", async () => {
    const { push, simulator } = await ready({ sendCallback: async () => ({ status: 200 }) });
    const answer = await push();
    assert.deepEqual(Object.keys(answer).toSorted(), [
      "CheckoutRequestID",
      "CustomerMessage",
      "MerchantRequestID",
      "ResponseCode",
      "ResponseDescription",
    ]);
    const refused = await push({ Amount: 0 });
    assert.deepEqual([refused.errorCode, refused.errorMessage], ["400.002.02", "Bad Request - Invalid Amount"]);
    assert.deepEqual(
      simulator.requests.map(({ outcome }) => outcome),
      ["token", "accepted", "invalid-request"],
    );
    simulator.advance(2_000);
  });

  test("is followed by its callback after the delay", async (t) => {
    const { received, url } = await receiver(t);
    let tell;
    const told = new Promise((resolve) => {
      tell = resolve;
    });
    const { push, simulator } = await ready({ stkDelayMs: 60_000, onCallback: tell });
    const answer = await push({ CallBackURL: url });
    simulator.advance(59_000);
    await settled();
    assert.deepEqual(simulator.callbacks, []);
    simulator.advance(1_000);
    const sent = await told;
    assert.deepEqual([sent.url, sent.status, "failure" in sent], [url, 200, false]);
    assert.deepEqual(simulator.callbacks, [sent]);
    assert.ok(Object.isFrozen(sent));
    const [{ type, body }] = received;
    assert.equal(type, "application/json");
    const { stkCallback } = body.Body;
    assert.equal(stkCallback.CheckoutRequestID, answer.CheckoutRequestID);
    assert.deepEqual([stkCallback.ResultCode, stkCallback.CallbackMetadata.Item.length], [0, 4]);
  });

  test("ends as the option stkResult or a call of setStkResult says", async () => {
    const codes = [];
    const sendCallback = async (_url, { body }) => {
      codes.push(JSON.parse(body).Body.stkCallback.ResultCode);
      return { status: 200 };
    };
    const { push, simulator } = await ready({ stkResult: "cancelled", stkDelayMs: 0, sendCallback });
    await push();
    for (const result of ["timed-out", "wrong-pin", "insufficient-funds", "paid"]) {
      simulator.setStkResult(result);
      await push();
    }
    await settled();
    assert.deepEqual(codes, [1032, 1037, 2001, 1, 0]);
  });

  test("sends its callback to this machine only, unless sendCallback says otherwise", async (t) => {
    const fetched = t.mock.method(globalThis, "fetch", async () => new Response("{}"));
    const { push, simulator } = await ready({ stkDelayMs: 0 });
    const foreign = [
      "https://example.com/paid",
      "http://127.0.0.1.example.com/",
      "http://192.168.0.5/",
      "http://[::2]/",
    ];
    for (const url of foreign) await push({ CallBackURL: url });
    const ours = ["http://localhost:1/paid", "http://127.0.0.9/", "http://[::1]:8080/paid"];
    for (const url of ours) await push({ CallBackURL: url });
    await settled();
    assert.deepEqual(
      fetched.mock.calls.map(({ arguments: [url] }) => url),
      ours,
    );
    assert.ok(fetched.mock.calls.every(({ arguments: [, init] }) => init.redirect === "manual"));
    assert.deepEqual(
      simulator.callbacks.flatMap(({ failure }) => failure ?? []),
      ["example.com", "127.0.0.1.example.com", "192.168.0.5", "[::2]"].map(
        (host) => `not sent: ${host} is not this machine. To send it, pass the option sendCallback: fetch`,
      ),
    );
    const open = await ready({ stkDelayMs: 0, sendCallback: fetch });
    await open.push({ CallBackURL: "https://example.com/paid" });
    await settled();
    assert.equal(fetched.mock.calls.at(-1).arguments[0], "https://example.com/paid");
  });

  test("whose callback fails is recorded with the reason", async () => {
    const failing = [
      [Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNREFUSED" } }), "ECONNREFUSED"],
      [new Error("the caller's error"), "the caller's error"],
      ["a text", "a text"],
    ];
    for (const [error, failure] of failing) {
      const onCallback = () => Promise.reject(new Error("the caller's later error"));
      const { push, simulator } = await ready({ stkDelayMs: 0, onCallback, sendCallback: () => Promise.reject(error) });
      await push();
      await settled();
      assert.deepEqual([simulator.callbacks[0].failure, "status" in simulator.callbacks[0]], [failure, false]);
    }
  });
});

test("a wrong option of STK push is refused with an error that names it, and an inspection shows no passkey", async () => {
  for (const [options, message] of [
    [{ passkey: "" }, "passkey: expected a text, found an empty string"],
    [{ stkDelayMs: 2 ** 31 }, "stkDelayMs: expected a whole number up to 2147483647, found another number"],
    [{ sendCallback: "fetch" }, "sendCallback: expected a function, found a string"],
    [{ onCallback: 5 }, "onCallback: expected a function, found a number"],
  ]) {
    assert.throws(() => new Simulator(options), { code: "ERR_DARAJA_INVALID_OPTION", message });
  }
  const simulator = new Simulator({ passkey: "canary-passkey" });
  assert.throws(() => simulator.setStkResult("lost"), { code: "ERR_DARAJA_INVALID_OPTION" });
  assert.ok(!inspect(simulator, { depth: 9, showHidden: true }).includes("canary"));
});
