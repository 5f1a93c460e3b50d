// Two unchanged clients that we did not write use the simulator. The tests show that it serves them, and how they fail.
import assert from "node:assert/strict";
import https from "node:https";
import { createRequire } from "node:module";
import { connect } from "node:net";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { rejection } from "../support/installed.mjs";
import { tool } from "../support/npm-tools.mjs";
import { project } from "../support/packed.mjs";

const require = createRequire(import.meta.url);
const payment = {
  shortCode: "174379",
  passKey: "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919",
  phone: "254700000000",
  callback: "https://example.com/paid",
};

/** The clients. `pay(app)` asks a customer for one shilling. `said(error)` is Daraja's answer in the client's error. */
const peers = [
  {
    ...tool("mpesa-api"),
    async pay({ consumerKey, consumerSecret }) {
      const { Mpesa } = require("mpesa-api");
      const credentials = { clientKey: consumerKey, clientSecret: consumerSecret, securityCredential: "none" };
      return new Mpesa(credentials, "sandbox").lipaNaMpesaOnline({
        BusinessShortCode: payment.shortCode,
        passKey: payment.passKey,
        TransactionType: "CustomerPayBillOnline",
        Amount: 1,
        PartyA: payment.phone,
        PartyB: payment.shortCode,
        PhoneNumber: payment.phone,
        CallBackURL: payment.callback,
        AccountReference: "a",
      });
    },
    said: ({ statusCode, data }) => ({ status: statusCode, data }),
  },
  {
    ...tool("mpesa-node"),
    async pay({ consumerKey, consumerSecret }) {
      const Mpesa = require("mpesa-node");
      const { shortCode, passKey, phone, callback } = payment;
      const lipaNaMpesa = { lipaNaMpesaShortCode: shortCode, lipaNaMpesaShortPass: passKey };
      const mpesa = new Mpesa({ consumerKey, consumerSecret, environment: "sandbox", ...lipaNaMpesa });
      const { data } = await mpesa.lipaNaMpesaOnline(phone, 1, callback, "a");
      return data;
    },
    said: ({ response: { status, data } }) => ({ status, data }),
  },
];

let Simulator;
let simulator;
let app;
let answer;
let server;
before(async () => {
  const folder = project("peers", { "index.mjs": 'export * from "daraja-auth/simulator";\n' });
  const load = (...path) => import(pathToFileURL(join(folder, ...path)).href);
  ({ Simulator } = await load("index.mjs"));
  const { listen } = await load("node_modules", "daraja-auth", "bin", "listen.js");
  server = await listen((request) => answer(request));
  const { hostname, port } = new URL(server.url);
  // The clients have no option for another address. So their connections to https://sandbox.safaricom.co.ke come here,
  // unencrypted.
  https.globalAgent.createConnection = () => connect(port, hostname);
  // One of the clients would use a proxy.
  for (const name of Object.keys(process.env).filter((name) => /_proxy$/i.test(name))) delete process.env[name];
});
after(() => server.close());
beforeEach(() => {
  simulator = new Simulator();
  [app] = simulator.apps;
  answer = simulator.fetch;
});

/** The simulator's requests, and why it answered as it did. */
const log = () => simulator.requests.map(({ headers, path, outcome }) => [headers.host, path, outcome]);
const HOST = "sandbox.safaricom.co.ke";
const TOKEN = "/oauth/v1/generate";
const PUSH = "/mpesa/stkpush/v1/processrequest";

for (const { name, version, pay, said } of peers) {
  describe(`${name} ${version}`, { timeout: 60_000 }, () => {
    test("gets a token, and its STK push is accepted", async () => {
      const { ResponseCode, CheckoutRequestID } = await pay(app);
      assert.equal(ResponseCode, "0");
      assert.match(CheckoutRequestID, /^ws_CO_\d+$/);
      assert.deepEqual(log(), [
        [HOST, TOKEN, "token"],
        [HOST, PUSH, "accepted"],
      ]);
    });

    test("reports a wrong secret only as a 400 with an empty text", async () => {
      const error = await rejection(pay({ ...app, consumerSecret: "wrong" }));
      assert.deepEqual(said(error), { status: 400, data: "" });
      assert.deepEqual(log(), [[HOST, TOKEN, "wrong-pair"]]);
    });

    test("gets a token for each of two parallel payments, so that one fails with 404.001.03", async () => {
      answer = afterTwoTokens(simulator);
      const payments = await Promise.allSettled([pay(app), pay(app)]);
      const [{ reason }, ...others] = payments.filter(({ status }) => status === "rejected");
      assert.deepEqual(others, []);
      const { status, data } = said(reason);
      assert.deepEqual([status, data.errorCode], [404, "404.001.03"]);
      assert.deepEqual(
        log()
          .map(([, , outcome]) => outcome)
          .sort(),
        ["accepted", "dead-token", "token", "token"],
      );
    });

    test("accepts the firewall's page with HTTP 200 as a token, and pays with `Bearer undefined`", async () => {
      const bearers = [];
      answer = (request) => {
        bearers.push(request.headers.get("authorization"));
        return simulator.fetch(request);
      };
      simulator.inject({ kind: "blocked-200" });
      const error = await rejection(pay(app));
      assert.equal(said(error).data.errorCode, "404.001.03");
      assert.equal(bearers[1], "Bearer undefined");
    });
  });
}

describe("the error of a peer", () => {
  const [api, node] = peers;
  const wrong = { consumerKey: "a-key", consumerSecret: "canary-secret" };

  test(`is not an Error with ${api.name} ${api.version}: it has no message, no code and no stack`, async () => {
    const thrown = await rejection(api.pay(wrong));
    assert.ok(!(thrown instanceof Error));
    const members = ["protocol", "hostname", "path", "method", "headers", "statusCode", "statusMessage", "data"];
    assert.deepEqual(Object.keys(thrown), members);
  });

  test(`contains the key and the secret with ${node.name} ${node.version}, so it must not be logged`, async () => {
    const { message, config } = await rejection(node.pay(wrong));
    assert.equal(message, "Request failed with status code 400");
    assert.equal(config.headers.Authorization, `Basic ${btoa(`${wrong.consumerKey}:${wrong.consumerSecret}`)}`);
  });
});

/** Holds the tokens back until two have been granted, like two parallel requests. */
function afterTwoTokens({ fetch }) {
  let grants = 0;
  let release;
  const bothGranted = new Promise((resolve) => {
    release = resolve;
  });
  return async (request) => {
    const response = await fetch(request);
    if (new URL(request.url).pathname === TOKEN) {
      if (++grants === 2) release();
      await bothGranted;
    }
    return response;
  };
}
