// daraja-auth serve: how long its tokens are still valid, several servers on one store, and the end of a server.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { project } from "../support/packed.mjs";
import { startSimulator } from "../support/simulator-server.mjs";
import { REMIT_PATH, servers } from "./servers.mjs";

const folder = project("serve-life", {});
const load = (file) => import(pathToFileURL(join(folder, "node_modules", "daraja-auth", file)).href);
const { App } = await load("bin/serve/app.js");
const packaged = await load("pkg/node.js");
const { TokenManager, memoryStore } = packaged;
const { daraja, serve } = servers("life");

/** An app in this process, on the simulator's clock. */
async function appOf(t, store) {
  const upstream = await startSimulator("serve-life-daraja");
  t.after(() => upstream.close());
  const { simulator } = upstream;
  const now = () => simulator.now();
  const options = { ...upstream.app, baseUrl: upstream.baseUrl };
  const given = { name: "app", options, baseUrl: new URL(upstream.baseUrl), store, daraja: packaged };
  const app = new App(given, { now });
  t.after(() => app.close());
  return { app, grant: async () => app.asGrant(await app.token()), upstream, options, now };
}

test("the token in each of 100,000 answers is valid for at least 300 seconds, and expires_in says so", async (t) => {
  const { grant, upstream } = await appOf(t);
  const tokens = new Set();
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 100_000; i++) {
    const { access_token: token, expires_in: expiresIn } = await grant();
    tokens.add(token);
    least = Math.min(least, Number(expiresIn));
    upstream.simulator.advance(100);
  }
  assert.ok(least >= 300, `${least} seconds`);
  // A token of 3,599 seconds is renewed about 400 seconds before its end. So 10,000 seconds need four tokens.
  assert.ok(tokens.size <= 4, `${tokens.size} tokens`);
  assert.equal(upstream.count("token"), tokens.size);
});

test("a token that another program got is also renewed while it has at least 300 seconds left", async (t) => {
  const store = memoryStore();
  const { grant, upstream, options, now } = await appOf(t, store);
  const other = new TokenManager({ ...options, store, now });
  t.after(() => other.close());
  const first = await other.getToken();
  upstream.simulator.advance(3_599_000 - 305_000);
  // The other program would not renew the token yet.
  assert.equal((await other.getToken()).accessToken, first.accessToken);
  const { access_token: token, expires_in: expiresIn } = await grant();
  assert.notEqual(token, first.accessToken);
  assert.ok(Number(expiresIn) > 3500);
});

test("while Daraja gives no new token, clients get the live token, and never an expired one", async (t) => {
  const { grant, upstream } = await appOf(t);
  const { access_token: first } = await grant();
  upstream.simulator.advance(3_599_000 - 200_000);
  upstream.simulator.inject({ kind: "unavailable", rate: 1 });
  const { access_token: token, expires_in: expiresIn } = await grant();
  assert.equal(token, first);
  assert.match(expiresIn, /^1[5-9]\d$/);
  upstream.simulator.advance(200_000);
  await assert.rejects(grant(), { code: "ERR_DARAJA_UNAVAILABLE" });
});

test("two servers on one store give the same token, and the second accepts a new token that only the first gave out", async (t) => {
  const upstream = await daraja(t);
  const env = { DARAJA_STORE: "file:tokens" };
  const [one, two] = await Promise.all([serve(t, upstream, { env }), serve(t, upstream, { env })]);
  await one.running.until(/The token is shared through file:/, "stderr");
  const bearer = await one.token();
  assert.equal(await two.token(), bearer);
  await upstream.generateElsewhere();
  assert.equal((await one.call(bearer)).status, 200);
  const next = await one.token();
  assert.notEqual(next, bearer);
  // The second server loaded the record less than 10 seconds ago, so it still has the first token.
  const answers = await Promise.all(Array.from({ length: 20 }, () => two.call(next)));
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
  assert.equal((await two.call("c9SQxWWhmdVRlyh0zh8gZDTkubVF")).status, 404);
  await one.stop();
  await two.stop();
});

test("after kill -9 the next start takes the token from the store", async (t) => {
  const upstream = await daraja(t);
  const env = { DARAJA_STORE: "file:kept" };
  const first = await serve(t, upstream, { env });
  const bearer = await first.token();
  first.running.kill("SIGKILL");
  await first.running.ended;
  const second = await serve(t, upstream, { env });
  assert.equal((await second.call(bearer)).status, 200);
  assert.equal(await second.token(), bearer);
  assert.equal(upstream.count("token"), 1);
  await second.stop();
});

test("after SIGTERM the server finishes the call in flight, accepts no connection, and exits with 0", async (t) => {
  const upstream = await daraja(t);
  const { call, token, stop, ask } = await serve(t, upstream);
  const bearer = await token();
  upstream.simulator.inject({ kind: "latency", ms: 60_000, path: "/mpesa/" });
  const slow = call(bearer);
  while (upstream.counts.waiting === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const ended = stop("SIGTERM");
  await assert.rejects(async () => {
    for (;;) await ask();
  });
  upstream.simulator.advance(60_000);
  assert.equal((await slow).status, 200);
  assert.ok((await ended).includes(`app POST ${REMIT_PATH} 200`));
});

test("after SIGTERM the server waits for --drain-ms, and then cuts the calls that have not ended", async (t) => {
  const upstream = await daraja(t);
  const { call, token, stop } = await serve(t, upstream, { args: ["--drain-ms", "50"] });
  const bearer = await token();
  upstream.simulator.inject({ kind: "hang", path: "/mpesa/" });
  const slow = call(bearer);
  const cut = assert.rejects(slow);
  while (upstream.counts.waiting === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await stop("SIGTERM");
  await cut;
});
