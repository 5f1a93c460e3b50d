// daraja-auth serve: the token for reverse proxies, and the reports of clients that call Daraja directly.
import assert from "node:assert/strict";
import { test } from "node:test";
import { encoded } from "../cli/cli.mjs";
import { REMIT_PATH, servers } from "./servers.mjs";

const { daraja, serve } = servers("token");

/** A server, and requests to it with the app's pair. */
async function started(t, args = []) {
  const upstream = await daraja(t);
  const server = await serve(t, upstream, { args });
  const authorization = `Basic ${encoded(upstream.app)}`;
  const get = (path, headers = {}) => fetch(server.url + path, { headers: { authorization, ...headers } });
  const post = (path, value) =>
    fetch(server.url + path, { method: "POST", body: JSON.stringify(value), headers: { authorization } });
  return { upstream, get, post, ...server };
}

const errorOf = async (answer) => [answer.status, (await answer.json()).errorCode];

test("/token gives the live token in the body and as a header, also to Envoy, which appends a path", async (t) => {
  const { upstream, get, token, url, stop } = await started(t);
  const live = await token();
  const answer = await get("/token");
  const { accessToken, expiresAt } = await answer.json();
  assert.equal(accessToken, live);
  assert.ok(expiresAt > Date.now() + 3_000_000);
  assert.equal(answer.headers.get("authorization"), `Bearer ${live}`);
  assert.equal(answer.headers.get("cache-control"), "no-store");
  assert.equal(answer.headers.get("x-accel-expires"), "5");
  // Envoy uses the method of the request that it checks, and appends the path of that request.
  const authorization = `Basic ${encoded(upstream.app)}`;
  const asked = await fetch(`${url}/token${REMIT_PATH}`, { method: "POST", headers: { authorization } });
  assert.equal(asked.headers.get("authorization"), `Bearer ${live}`);
  assert.equal(upstream.simulator.requests.length, 1);
  await stop();
});

test("a request without a client's pair gets no token and cannot report", async (t) => {
  const { upstream, url, stop } = await started(t);
  for (const authorization of [`Basic ${encoded({ consumerKey: "a", consumerSecret: "b" })}`, "Bearer x", ""]) {
    for (const [path, method] of [
      ["/token", "GET"],
      ["/rejected", "POST"],
      ["/accepted", "POST"],
    ]) {
      const answer = await fetch(url + path, { method, headers: authorization ? { authorization } : {} });
      assert.equal(answer.headers.get("www-authenticate"), 'Basic realm="daraja-auth", charset="UTF-8"');
      assert.deepEqual(await errorOf(answer), [401, "ERR_DARAJA_INVALID_CREDENTIALS"]);
    }
  }
  assert.equal(upstream.simulator.requests.length, 0);
  await stop();
});

test("a web page and an unknown proxy get no token, and a named proxy gets one", async (t) => {
  const { get, ask, stop, upstream, url } = await started(t);
  const marks = [
    { origin: "https://attacker.test" },
    { "sec-fetch-site": "cross-site" },
    { "x-forwarded-for": "203.0.113.9" },
    { forwarded: "for=203.0.113.9" },
  ];
  for (const mark of marks) {
    assert.deepEqual(await errorOf(await get("/token", mark)), [403, "ERR_DARAJA_REFUSED"]);
    const grant = "/oauth/v1/generate?grant_type=client_credentials";
    assert.deepEqual(await errorOf(await get(grant, mark)), [403, "ERR_DARAJA_REFUSED"]);
  }
  assert.equal(upstream.simulator.requests.length, 0);
  const bearer = (await (await ask()).json()).access_token;
  // A business call through a proxy already has a token.
  const headers = { authorization: `Bearer ${bearer}`, "x-forwarded-for": "203.0.113.9" };
  assert.equal((await fetch(url + REMIT_PATH, { method: "POST", body: "{}", headers })).status, 200);
  await stop();

  const named = await started(t, ["--trusted-proxy", "127.0.0.1"]);
  for (const mark of marks) assert.equal((await named.get("/token", mark)).status, 200);
});

test("POST /rejected replaces a dead token once, and replaces at most one token in 30 seconds", async (t) => {
  const { upstream, post, token, stop } = await started(t);
  const first = await token();
  await upstream.generateElsewhere();
  const answer = await post("/rejected", { accessToken: first, endpoint: REMIT_PATH });
  assert.equal(answer.status, 200);
  const { accessToken: second } = await answer.json();
  assert.notEqual(second, first);
  assert.equal(upstream.count("token"), 3);
  // A client that still has the first token gets the second one. No token is generated.
  assert.equal((await (await post("/rejected", { accessToken: first })).json()).accessToken, second);
  const again = await post("/rejected", { accessToken: second });
  assert.match(again.headers.get("retry-after"), /^([12]\d|30)$/);
  assert.deepEqual(await errorOf(again), [429, "ERR_DARAJA_RATE_LIMITED"]);
  assert.equal(upstream.count("token"), 3);
  assert.equal(await token(), second);
  await stop();
});

test("POST /accepted gets a 204, and a body that is not a report gets a 400", async (t) => {
  const { post, token, get, stop } = await started(t);
  const live = await token();
  assert.equal((await post("/accepted", { accessToken: live, endpoint: REMIT_PATH })).status, 204);
  const unreadable = [400, "ERR_DARAJA_INVALID_OPTION"];
  assert.deepEqual(await errorOf(await post("/accepted", { accessToken: live })), unreadable);
  assert.deepEqual(await errorOf(await post("/rejected", { accessToken: 1 })), unreadable);
  assert.deepEqual(await errorOf(await post("/rejected", null)), unreadable);
  assert.deepEqual(await errorOf(await post("/rejected", { accessToken: live, endpoint: 1 })), unreadable);
  assert.equal((await get("/rejected")).status, 405);
  await stop();
});
