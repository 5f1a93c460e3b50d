// daraja-auth serve: the probes and the metrics for operators.
import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { REMIT_PATH, send, servers } from "./servers.mjs";

const { daraja, serve, folder } = servers("health");
const look = async (url, path) => {
  const { status, text } = await send(url + path, {});
  return [status, JSON.parse(text)];
};

test("the server is alive and ready before the first request, and probes generate no token", async (t) => {
  const upstream = await daraja(t);
  const { url, token, stop } = await serve(t, upstream);
  assert.deepEqual(await look(url, "/livez"), [200, { live: true }]);
  const state = { ready: true, draining: false, store: "none", tokens: 0, failing: 0 };
  assert.deepEqual(await look(url, "/readyz"), [200, state]);
  assert.equal(upstream.simulator.requests.length, 0);
  await token();
  assert.deepEqual(await look(url, "/readyz"), [200, { ...state, tokens: 1 }]);
  // The log does not contain probes.
  assert.deepEqual(await stop(), ["app GET /oauth/v1/generate 200"]);
});

test("a server without a token is not ready after Daraja has refused to grant one", async (t) => {
  const upstream = await daraja(t);
  const { url, ask } = await serve(t, upstream);
  upstream.simulator.inject({ kind: "empty-400" });
  assert.equal((await ask()).status, 400);
  assert.deepEqual((await look(url, "/readyz"))[0], 503);
});

test("the server is not ready while its store cannot be read, unless it has a live token", async (t) => {
  const upstream = await daraja(t);
  const blocked = join(folder, "blocked");
  writeFileSync(blocked, "no folder");
  const { url } = await serve(t, upstream, { env: { DARAJA_STORE: "file:blocked" } });
  const [status, { store }] = await look(url, "/readyz");
  assert.deepEqual([status, store], [503, "unreachable"]);

  const gone = join(folder, "gone");
  mkdirSync(gone, { mode: 0o700 });
  const other = await serve(t, upstream, { env: { DARAJA_STORE: "file:gone" } });
  await other.token();
  rmSync(gone, { recursive: true });
  writeFileSync(gone, "no folder");
  const [still, facts] = await look(other.url, "/readyz");
  assert.deepEqual([still, facts.store, facts.tokens], [200, "unreachable", 1]);
});

test("with --admin-port, that port answers operators, and the other port does not", async (t) => {
  const upstream = await daraja(t);
  const { url, running, stop } = await serve(t, upstream, { args: ["--admin-port", "0"] });
  const [, admin] = await running.until(/^http:\S+\n(http:\S+)\n/);
  assert.deepEqual(await look(admin, "/livez"), [200, { live: true }]);
  // A probe of Kubernetes names the pod's address.
  assert.equal((await send(`${admin}/livez`, { headers: { host: "10.1.2.3:8080" } })).status, 200);
  for (const path of ["/livez", "/metrics"]) assert.equal((await send(url + path, {})).status, 404);
  assert.equal((await send(admin + REMIT_PATH, {})).status, 404);
  await stop();
});

test("the metrics count what happened, in the text format of Prometheus", async (t) => {
  const upstream = await daraja(t);
  const { url, token, call, ask } = await serve(t, upstream);
  const bearer = await token();
  await upstream.generateElsewhere();
  await call(bearer);
  await ask({ consumerKey: "a", consumerSecret: "b" });
  const { text, headers } = await send(`${url}/metrics`, {});
  assert.equal(headers["content-type"], "text/plain; version=0.0.4");
  const samples = Object.fromEntries(
    text
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => line.split(/ (?=[^ ]+$)/)),
  );
  assert.equal(samples['daraja_auth_token_events_total{app="app",event="generated"}'], "2");
  assert.equal(samples['daraja_auth_token_events_total{app="app",event="rejected"}'], "1");
  assert.equal(samples['daraja_auth_requests_total{route="oauth",code="200"}'], "1");
  assert.equal(samples['daraja_auth_requests_total{route="oauth",code="400"}'], "1");
  assert.equal(samples['daraja_auth_requests_total{route="forward",code="200"}'], "1");
  assert.equal(samples.daraja_auth_second_tries_total, "1");
  assert.equal(samples['daraja_auth_request_duration_seconds_count{route="oauth"}'], "2");
  assert.equal(samples['daraja_auth_request_duration_seconds_bucket{route="oauth",le="+Inf"}'], "2");
  const remaining = Number(samples['daraja_auth_token_remaining_seconds{app="app"}']);
  const age = Number(samples['daraja_auth_token_age_seconds{app="app"}']);
  assert.ok(remaining > 3500 && age >= 0 && Math.abs(remaining + age - 3599) < 0.01);
  assert.ok(Number(samples.process_resident_memory_bytes) > 1e7);
  // The format allows two kinds of lines: a comment and a sample.
  const line = /^(# (HELP|TYPE) \w+ .+|\w+(\{(\w+="[^"\\\n]*",?)+\})? [-+\d.eInf]+)?$/;
  for (const each of text.split("\n")) assert.match(each, line);
  for (const secret of [bearer, ...Object.values(upstream.app)]) assert.equal(text.includes(secret), false);
});

test("--log json writes an object for each request, with no query, token or pair", async (t) => {
  const upstream = await daraja(t);
  const { token, call, running, stop } = await serve(t, upstream, { args: ["--log", "json"] });
  await running.until(/No store is named .*: a second server .* would end this one's token/, "stderr");
  const bearer = await token();
  await upstream.generateElsewhere();
  await call(bearer, `${REMIT_PATH}?a=b`);
  await stop();
  const entries = running.stderr.split("\n").filter((line) => line.startsWith("{"));
  const shown = entries.map((line) => {
    const { time, ms, ...entry } = JSON.parse(line);
    assert.ok(!Number.isNaN(Date.parse(time)) && ms >= 0);
    return entry;
  });
  const client = "app";
  assert.deepEqual(shown, [
    { client, method: "GET", path: "/oauth/v1/generate", status: 200, retried: false },
    { client, method: "POST", path: REMIT_PATH, status: 200, retried: true },
  ]);
});
