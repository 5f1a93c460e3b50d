import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { apps, startDemo, startReal } from "./demo.mjs";
import { asPage, forged, send } from "./demo-http.mjs";

const [{ name, consumerKey, consumerSecret }] = apps;

describe("the simulated Daraja behind the demo's server", () => {
  let demo;
  before(async () => {
    demo = await startDemo();
  });
  after(() => demo?.stop());

  const authorization = `Basic ${Buffer.from(`${consumerKey}:${consumerSecret}`).toString("base64")}`;
  const grant = { path: "/oauth/v1/generate?grant_type=client_credentials", headers: { authorization } };

  test("answers any program as Daraja does", async () => {
    const { status, body } = await send(demo.url, grant);
    assert.equal(status, 200);
    const { access_token, expires_in } = JSON.parse(body);
    assert.equal(expires_in, "3599");
    const call = (token) => ({
      method: "POST",
      path: "/mpesa/b2b/v1/remittax",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: "{}",
    });
    const accepted = await send(demo.url, call(access_token));
    assert.equal(accepted.status, 200);
    assert.equal(JSON.parse(accepted.body).echo.app, name);
    const refused = await send(demo.url, call("another"));
    assert.equal(refused.status, 404);
    assert.equal(JSON.parse(refused.body).errorCode, "404.001.03");
  });

  test("refuses another site's page", async () => {
    for (const headers of [{ origin: "https://evil.example" }, { "sec-fetch-site": "cross-site" }]) {
      const { status, body } = await send(demo.url, { ...grant, headers: { ...grant.headers, ...headers } });
      assert.equal(status, 403);
      assert.equal(body, "Another site's page may not use this server.\n");
    }
  });
});

describe("the demo's server with --sandbox", () => {
  let demo;
  before(async () => {
    demo = await startReal("--sandbox");
  });
  after(() => demo?.stop());

  const asked = async (endpoint, question) =>
    JSON.parse((await send(demo.url, asPage(demo.url, endpoint, question))).body);

  test("gives a token, and the request without its secret", async () => {
    const { token, exchange } = await asked("token");
    assert.match(token.accessToken, /^\w{28}$/);
    assert.equal(exchange.request.host, "sandbox.safaricom.co.ke");
    const authorization = exchange.request.headers.find(([name]) => name === "Authorization");
    assert.deepEqual(authorization, ["Authorization", "Basic ••••••••"]);
    assert.equal(demo.simulator.requests.at(-1).outcome, "token");
  });

  test("uses a token with an empty query, and sends nothing to Daraja for a value that is no token", async () => {
    const { token } = await asked("token");
    const { exchange } = await asked("use", { accessToken: token.accessToken });
    assert.equal(exchange.response.status, 400);
    const { method, path, body, outcome } = demo.simulator.requests.at(-1);
    assert.deepEqual(
      { method, path, body, outcome },
      { method: "POST", path: "/mpesa/stkpushquery/v1/query", body: "{}", outcome: "invalid-request" },
    );
    const count = demo.simulator.requests.length;
    for (const accessToken of [undefined, 7, "", "a b", "a\r\nX-Injected: 1", "x".repeat(5000)]) {
      assert.deepEqual(await asked("use", { accessToken }), { error: { message: "that is not a token" } });
    }
    assert.equal(demo.simulator.requests.length, count);
  });

  test("serves no simulated Daraja, and has no endpoint for its clock or for requests to it", async () => {
    const path = "/oauth/v1/generate?grant_type=client_credentials";
    assert.equal((await send(demo.url, { path })).status, 404);
    for (const endpoint of ["clock", "exchange"]) {
      assert.equal((await send(demo.url, asPage(demo.url, endpoint))).status, 404);
    }
  });

  test("an answer that repeats the secret or sets a cookie reaches the page without them", async (t) => {
    const pair = Buffer.from(`${consumerKey}:${consumerSecret}`).toString("base64");
    const chatty = await startReal("--sandbox", {}, () => {
      const headers = { "content-type": "text/plain", "set-cookie": "visid=1" };
      return new Response(`you sent ${pair}, that is ${consumerSecret}`, { status: 403, headers });
    });
    t.after(() => chatty.stop());
    const { body } = await send(chatty.url, asPage(chatty.url, "token"));
    const { exchange, error } = JSON.parse(body);
    assert.equal(exchange.response.body, "you sent [redacted], that is [redacted]");
    assert.deepEqual(
      exchange.response.headers.map(([name]) => name).filter((name) => name !== "date"),
      ["content-type"],
    );
    assert.equal(error.code, "ERR_DARAJA_REFUSED");
    assert.equal(error.message, "Daraja refused the request (HTTP 403): you sent [redacted], that is [redacted]");
  });
});

describe("the demo's server with --production", () => {
  let demo;
  let secret;
  before(async () => {
    demo = await startReal("--production");
    secret = new URL(demo.url).searchParams.get("secret");
  });
  after(() => demo?.stop());

  const refused = "Open the address that npm start printed: it has a secret in it.\n";

  test("prints an address with a secret of 32 bytes", () => {
    assert.match(secret, /^[\w-]{43}$/);
  });

  test("refuses each request without the secret: it gives no page, no file and no token", async () => {
    const count = demo.simulator.requests.length;
    for (const request of [
      { path: "/" },
      { path: "/main.js" },
      { path: "/?secret=" },
      { path: `/?secret=${secret.slice(1)}` },
      { path: "/", headers: { cookie: "daraja-demo=x" } },
      { path: "/", headers: { cookie: `daraja-demo-${new URL(demo.url).port}=${secret.toUpperCase()}` } },
      { path: "/", headers: { cookie: `daraja-demo-1=${secret}` } },
      asPage(demo.url, "apps"),
      asPage(demo.url, "token"),
    ]) {
      const { status, body, headers } = await send(demo.url, request);
      assert.deepEqual([status, body, headers["set-cookie"]], [403, refused, undefined], request.path);
    }
    assert.equal(demo.simulator.requests.length, count);
  });

  test("gives a cookie for the secret, and takes the secret out of the address", async () => {
    const opened = await send(demo.url, { path: `/?secret=${secret}` });
    assert.deepEqual([opened.status, opened.headers.location, opened.body], [303, "/", ""]);
    const [cookie] = opened.headers["set-cookie"];
    const [pair, ...attributes] = cookie.split("; ");
    assert.equal(pair, `daraja-demo-${new URL(demo.url).port}=${secret}`);
    assert.deepEqual(attributes, ["HttpOnly", "SameSite=Strict", "Path=/"]);
    const headers = { cookie: `other=1; ${pair}` };
    assert.equal((await send(demo.url, { path: "/", headers })).status, 200);
    const question = asPage(demo.url, "token");
    const { status, body } = await send(demo.url, { ...question, headers: { ...question.headers, cookie: pair } });
    assert.equal(status, 200);
    assert.match(JSON.parse(body).token.accessToken, /^\w{28}$/);
  });

  test("refuses another site's page, even if the browser sends the cookie", async () => {
    const cookie = `daraja-demo-${new URL(demo.url).port}=${secret}`;
    const question = forged(asPage(demo.url, "token"), { cookie, origin: "https://evil.example" });
    assert.equal((await send(demo.url, question)).status, 403);
    const byName = { path: `/?secret=${secret}`, headers: { host: "evil.example" } };
    assert.equal((await send(demo.url, byName)).status, 403);
  });
});
