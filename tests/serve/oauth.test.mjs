// daraja-auth serve: it answers GET /oauth/v1/generate as Daraja does.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import { encoded } from "../cli/cli.mjs";
import { send, servers, TOKEN_PATH } from "./servers.mjs";

const { daraja, serve, run } = servers("oauth");

test("a thousand requests for a token get the same token, and Daraja is asked once", async (t) => {
  const upstream = await daraja(t);
  const { ask, stop } = await serve(t, upstream, { args: ["--log", "none"] });
  const tokens = new Set();
  for (let round = 0; round < 20; round++) {
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask()));
    for (const answer of answers) {
      assert.equal(answer.status, 200);
      tokens.add((await answer.json()).access_token);
    }
  }
  assert.equal(tokens.size, 1);
  assert.equal(upstream.count("token"), 1);
  assert.deepEqual(await stop(), []);
});

test("the answer has Daraja's form, with the rest of the token's lifetime as a string", async (t) => {
  const upstream = await daraja(t);
  const { ask, stop } = await serve(t, upstream);
  const answer = await ask();
  assert.equal(answer.headers.get("content-type"), "application/json");
  assert.equal(answer.headers.get("cache-control"), "no-store");
  const { access_token: token, expires_in: expiresIn, ...others } = await answer.json();
  assert.deepEqual(others, {});
  assert.match(token, /^[0-9A-Za-z]{28}$/);
  assert.match(expiresIn, /^359\d$/);
  assert.deepEqual(await stop(), ["app GET /oauth/v1/generate 200"]);
});

test("if Daraja writes expires_in as a number, the server does the same", async (t) => {
  const body = '{"access_token": "c9SQxWWhmdVRlyh0zh8gZDTkubVF", "expires_in": 3599}';
  const server = createServer((_, response) => response.setHeader("content-type", "application/json").end(body));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const baseUrl = `http://127.0.0.1:${server.address().port}`;
  const { ask } = await serve(t, { app: { consumerKey: "Key", consumerSecret: "Secret" }, baseUrl });
  const { expires_in: expiresIn } = await (await ask()).json();
  assert.equal(typeof expiresIn, "number");
});

test("a wrong pair, scheme, grant or method gets the answer that Daraja would give, and Daraja is not asked", async (t) => {
  const upstream = await daraja(t);
  const { url, stop } = await serve(t, upstream);
  const authorization = `Basic ${encoded(upstream.app)}`;
  const wrong = { ...upstream.app, consumerSecret: "another" };
  /** @type {[string, object][]} */
  const cases = [
    [TOKEN_PATH, { headers: { authorization: `Basic ${encoded(wrong)}` } }],
    [TOKEN_PATH, { headers: { authorization: authorization.replace(/=*$/, "") } }],
    [TOKEN_PATH, { headers: { authorization: "Basic ???" } }],
    [TOKEN_PATH, { headers: { authorization: "Bearer something" } }],
    [TOKEN_PATH, {}],
    ["/oauth/v1/generate", { headers: { authorization } }],
    ["/oauth/v1/generate?grant_type=password", { headers: { authorization } }],
    [TOKEN_PATH, { method: "POST", headers: { authorization } }],
  ];
  const answerOf = async (base, [path, options]) => {
    const { status, headers, text } = await send(base + path, options);
    return [status, headers["content-type"], text.replace(/"requestId":"[^"]*"/, '"requestId":""')];
  };
  const ours = [];
  for (const each of cases) ours.push(await answerOf(url, each));
  assert.equal(upstream.simulator.requests.length, 0);
  const theirs = [];
  for (const each of cases) theirs.push(await answerOf(upstream.baseUrl, each));
  const sorted = (answers) => answers.map(([status, type, text]) => [status, type, text && JSON.parse(text)]);
  assert.deepEqual(sorted(ours), sorted(theirs));
  assert.equal((await stop()).length, cases.length);
});

test("v2 and v3 of the path give the same token, and no other request below /oauth/ reaches Daraja", async (t) => {
  const upstream = await daraja(t);
  const { ask, token, call, stop } = await serve(t, upstream);
  const live = await token();
  for (const version of ["v2", "v3"]) {
    const answer = await ask(upstream.app, `/oauth/${version}/generate?grant_type=client_credentials`);
    assert.equal((await answer.json()).access_token, live);
  }
  for (const path of ["/oauth/v1/invalidate", "/OAuth/v1/generate", "/oauth/"]) {
    assert.equal((await call(live, path)).status, 404);
  }
  assert.deepEqual(upstream.simulator.requests.length, 1);
  await stop();
});

test("the client gets Daraja's own error, and a 503 with Retry-After if Daraja cannot be reached", async (t) => {
  const upstream = await daraja(t);
  const { ask, stop } = await serve(t, upstream);
  upstream.simulator.inject({ kind: "blocked-403", times: 2 });
  const blocked = await ask();
  assert.equal(blocked.status, 403);
  assert.match(await blocked.text(), /Incapsula incident ID/);
  await stop();

  const gone = createServer().listen(0, "127.0.0.1");
  await once(gone, "listening");
  const baseUrl = `http://127.0.0.1:${gone.address().port}`;
  await new Promise((resolve) => gone.close(resolve));
  const alone = await serve(t, { app: upstream.app, baseUrl });
  const answer = await alone.ask();
  assert.equal(answer.status, 503);
  assert.match(answer.headers.get("retry-after"), /^[1-9]\d?$/);
  const { errorCode, errorMessage, requestId } = await answer.json();
  assert.equal(errorCode, "ERR_DARAJA_NETWORK");
  assert.equal(errorMessage, "No answer from Daraja: fetch failed");
  assert.match(requestId, /^[0-9a-f-]{36}$/);
  await alone.stop();
});

test("the server refuses wrong options before it listens", async () => {
  const env = { DARAJA_CONSUMER_KEY: "Key", DARAJA_CONSUMER_SECRET: "Secret" };
  const misuse = async (args, more = {}) => {
    const { code, stdout, stderr } = await run(["serve", ...args], { ...env, ...more });
    assert.deepEqual([code, stdout], [2, ""], stderr);
    return stderr.split("\n")[0];
  };
  assert.match(await misuse(["--log", "xml"]), /--log: expected text, json or none/);
  assert.match(await misuse(["--host", "0.0.0.0"]), /--host 0\.0\.0\.0: other machines reach that address/);
  assert.match(await misuse(["--port", "70000"]), /--port: expected a whole number from 0 to 65535/);
  assert.match(await misuse([], { DARAJA_CONSUMER_KEY: " Key" }), /DARAJA_CONSUMER_KEY has whitespace/);
  assert.match(await misuse([], { DARAJA_STORE: "mysql://x" }), /DARAJA_STORE: found something else/);
});
