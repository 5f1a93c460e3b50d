// The walk through the demo page with a simulated Daraja, in the page or behind its server.
import assert from "node:assert/strict";
import { clean } from "./demo-clean.mjs";

const basic = ({ consumerKey, consumerSecret }) =>
  `Basic ${Buffer.from(`${consumerKey}:${consumerSecret}`).toString("base64")}`;

export const walk = {
  "choosing an app fills in its keys, and the secret is masked until a click shows it": async (demo, { apps }) => {
    assert.deepEqual((await demo.texts("#apps .app-name")).toSorted(), apps.map(({ name }) => name).toSorted());
    for (const { name, consumerKey, consumerSecret } of apps.toReversed()) {
      await demo.choose(name);
      assert.equal(await demo.text("#key"), consumerKey);
      assert.equal(await demo.text("#secret"), "••••••••");
      assert.ok(!(await demo.page.content()).includes(consumerSecret));
      await demo.clickButton("#keys", "Show");
      assert.equal(await demo.text("#secret"), consumerSecret);
      await demo.clickButton("#keys", "Hide");
      assert.equal(await demo.text("#secret"), "••••••••");
    }
  },

  "a token is generated, and the page shows the request as sent, the response, the token and its countdown": async (
    demo,
    settings,
  ) => {
    const [app] = settings.apps;
    await demo.generate(1);
    const request = await demo.text(".traffic .request pre");
    assert.equal(
      request,
      [
        "GET /oauth/v1/generate?grant_type=client_credentials",
        `Host: ${settings.host}`,
        "Accept: application/json",
        "Authorization: Basic ••••••••",
      ].join("\n"),
    );
    await demo.clickButton(".traffic .request", "Show");
    assert.equal(await demo.text(".traffic .request pre"), request.replace("Basic ••••••••", basic(app)));
    await demo.clickButton(".traffic .request", "Hide");
    assert.equal(await demo.text(".traffic .request pre"), request);

    const accessToken = await demo.text("#access-token");
    assert.match(accessToken, /^[A-Za-z0-9]{28}$/);
    const response = await demo.text(".traffic .response");
    assert.match(response, /HTTP status 200/);
    assert.ok(response.includes(`{"access_token":"${accessToken}","expires_in":"3599"}`), response);
    assert.match(await demo.text(".countdown-text"), /^59:\d\dleft$/);
    assert.equal(await demo.text("#news"), "Token 1 lives for 3599 seconds.");
    assert.deepEqual(await demo.states(), ["Token 1: Live"]);
  },

  "the token is copied": async (demo) => {
    assert.equal(await demo.copy("#token", "token 1"), await demo.text("#access-token"));
  },

  "the second token ends the first, as calls with both show": async (demo) => {
    await demo.generate(2);
    assert.equal(await demo.text("#news"), "Token 2 lives for 3599 seconds. Token 1 of the same app is dead.");
    assert.deepEqual(await demo.states(), ["Token 2: Live", "Token 1: Dead"]);
    assert.match(await demo.text('[data-number="1"] .caption'), /^Lived 00:\d\d\. Token 2 replaced it: 59:\d\d lost$/);
    assert.equal(await demo.use(1), "Rejected: HTTP 404 · 404.001.03 · Invalid Access Token");
    assert.equal(await demo.text("#exchange-what"), "STK push with token 1");
    assert.match(await demo.text(".traffic .request pre"), /^POST \/mpesa\/stkpush\/v1\/processrequest\n/);
    assert.equal(await demo.use(2), "Accepted: HTTP 200 · Success. Request accepted for processing");
    assert.equal(await demo.text("#exchange-what"), "STK push with token 2");
    assert.match(await demo.text(".traffic .response"), /"CheckoutRequestID":"ws_CO_/);
    assert.deepEqual(await demo.states(), ["Token 2: Live", "Token 1: Dead"]);
  },

  "another app's token does not end the first app's token": async (demo, { apps }) => {
    await demo.choose(apps[1].name);
    assert.equal(await demo.text(".countdown-word"), "no token yet");
    await demo.generate(3);
    assert.deepEqual(await demo.states(), ["Token 3: Live", "Token 2: Live", "Token 1: Dead"]);
    assert.match(await demo.use(2), /^Accepted: HTTP 200/);
    assert.match(await demo.use(3), /^Accepted: HTTP 200/);
  },

  "with TokenManager the same call succeeds, and gets one new token": async (demo, { apps }) => {
    await demo.choose(apps[0].name);
    await demo.click("#managed-switch");
    await demo.page.$eval("#verdict", (verdict) => {
      verdict.textContent = "";
    });
    await demo.click('[data-number="1"] button');
    await demo.until(() => document.querySelector("#verdict").textContent.includes("with TokenManager: Accepted"));
    const starts = await demo.texts(".traffic .request .start");
    const push = "POST /mpesa/stkpush/v1/processrequest";
    assert.deepEqual(starts, [push, "GET /oauth/v1/generate?grant_type=client_credentials", push]);
    assert.deepEqual(
      await demo.texts(".traffic .status"),
      [404, 200, 200].map((status) => `HTTP status ${status}`),
    );
    assert.deepEqual((await demo.states()).slice(0, 3), ["Token 4: Live", "Token 3: Live", "Token 2: Dead"]);
    await demo.click("#managed-switch");
  },

  "an hour that is skipped ends the tokens": async (demo, { apps }) => {
    await demo.choose(apps[0].name);
    await demo.clickButton("#clock", "Skip 10 minutes");
    await demo.until(() => document.querySelector(".countdown-time").textContent.startsWith("49:"));
    assert.deepEqual(await demo.states(), ["Token 4: Live", "Token 3: Live", "Token 2: Dead", "Token 1: Dead"]);
    await demo.clickButton("#clock", "Skip an hour");
    await demo.until(() => document.querySelector(".countdown-word").textContent === "expired");
    assert.deepEqual(await demo.states(), ["Token 4: Expired", "Token 3: Expired", "Token 2: Dead", "Token 1: Dead"]);
    assert.equal(await demo.use(4), "Rejected: HTTP 404 · 404.001.03 · Invalid Access Token");
    assert.equal(await demo.text('[data-number="4"] .caption'), "Lived its whole lifetime");
    await demo.generate(5);
    assert.deepEqual((await demo.states()).slice(0, 2), ["Token 5: Live", "Token 4: Expired"]);
    assert.equal(await demo.text("#news"), "Token 5 lives for 3599 seconds.");
    assert.match(await demo.text(".countdown-text"), /^59:\d\dleft$/);
  },

  ...clean,
};
