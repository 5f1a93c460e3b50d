// daraja-auth status: the record that servers share, in each of its states, and never the token.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { consumerKey, consumerSecret } from "../support/daraja-server.mjs";
import { assertHidden, commandLine } from "./cli.mjs";
import { darajaFor, elsewhere, pair, serverOf } from "./sharing.mjs";

const { load, run } = commandLine("status");
const { fileStore } = await load("pkg/file.js");
const { TokenManager } = await load("pkg/node.js");
const HOUR_MS = 3_600_000;
const path = join(elsewhere(), "tokens");
const store = fileStore(path);
const fingerprintOf = (text) => createHash("sha256").update(text).digest("hex").slice(0, 8);

/** The servers' store, which also notes the key of their record. */
function shared() {
  const noted = {
    ...store,
    load(key) {
      noted.key = key;
      return store.load(key);
    },
  };
  return noted;
}

/**
 * The output of status --json. Checks that no request is sent to a Daraja that counts its requests. With the `key` of
 * a record it also checks that the output has this key and no token, and that the record is not changed.
 */
async function statusOf(daraja, key, env) {
  const before = key && (await store.load(key)).record;
  const asked = daraja.requests?.length;
  const { DARAJA_CONSUMER_KEY } = pair;
  const variables = { DARAJA_CONSUMER_KEY, DARAJA_BASE_URL: daraja.baseUrl, DARAJA_STORE: `file:${path}`, ...env };
  const { code, stdout, stderr } = await run(["status", "--json"], variables);
  assert.deepEqual([code, stderr], [0, ""]);
  const said = JSON.parse(stdout);
  if (key) {
    assertHidden(stdout, JSON.parse(before.value).token || "no token");
    assert.deepEqual((await store.load(key)).record, before);
    assert.equal(said.key, key);
  }
  assert.equal(daraja.requests?.length, asked);
  return said;
}

/** The record as the servers wrote it, with the member names of status. */
async function written(key) {
  const { record } = await store.load(key);
  const { token, lease, refusals, ...rest } = JSON.parse(record.value);
  return {
    ...rest,
    fingerprint: token === "" ? null : fingerprintOf(token),
    sealed: rest.sealed === true,
    lease: lease && {
      holder: lease.nonce,
      reason: lease.reason,
      durationMs: lease.durationMs,
      until: lease.until,
      isHeld: true,
    },
    refusals: Object.entries(refusals).map(([endpoint, refusal]) => ({ endpoint, ...refusal })),
  };
}

/** Changes the record in a way that the package never does. */
async function rewrite(key, change) {
  const { record } = await store.load(key);
  const value = typeof change === "string" ? change : JSON.stringify({ ...JSON.parse(record.value), ...change });
  const version = createHash("md5").update(value).digest("hex");
  assert.deepEqual(await store.compareAndSwap(key, record.version, { version, value }, { ttlMs: HOUR_MS }), {
    swapped: true,
  });
}

/** A Daraja that does not answer. `asked` resolves when a request arrives. */
async function silentDaraja(t) {
  const server = createServer().listen(0, "127.0.0.1");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, "listening");
  return { baseUrl: `http://127.0.0.1:${server.address().port}`, asked: once(server, "request") };
}

test("without a record the state is none, and no folder is made for a file store", async (t) => {
  const daraja = await darajaFor(t);
  const other = join(elsewhere(), "none");
  const said = await statusOf(daraja, undefined, { DARAJA_STORE: `file:${other}` });
  const { now, ...rest } = said;
  const key = `daraja-auth:v1:${daraja.baseUrl}:${createHash("sha256").update(consumerKey).digest("hex").slice(0, 16)}`;
  assert.deepEqual(rest, { store: `file:${other}`, key, state: "none", record: null });
  assert.equal(existsSync(other), false);
});

test("with a new token the state is live", async (t) => {
  const [daraja, noted] = [await darajaFor(t), shared()];
  await serverOf(t, { TokenManager }, daraja, noted).getToken();
  const { state, record } = await statusOf(daraja, noted.key);
  assert.deepEqual([state, record], ["live", await written(noted.key)]);
  assert.equal(record.expiresAt - record.obtainedAt, 3_599_000);
});

test("with a token near its end the state is due", async (t) => {
  const [daraja, noted] = [await darajaFor(t), shared()];
  await serverOf(t, { TokenManager }, daraja, noted, { now: () => Date.now() - 3_400_000 }).getToken();
  const { state, record } = await statusOf(daraja, noted.key);
  assert.deepEqual([state, record], ["due", await written(noted.key)]);
});

test("with a token after its end the state is expired", async (t) => {
  const [daraja, noted] = [await darajaFor(t), shared()];
  await serverOf(t, { TokenManager }, daraja, noted, { now: () => Date.now() - 2 * HOUR_MS }).getToken();
  const { state, record } = await statusOf(daraja, noted.key);
  assert.deepEqual([state, record], ["expired", await written(noted.key)]);
});

test("while a server asks for the first token, the state is empty, and the lease is shown", async (t) => {
  const [daraja, noted] = [await silentDaraja(t), shared()];
  const token = serverOf(t, { TokenManager }, daraja, noted).getToken();
  token.catch(() => {});
  await daraja.asked;
  const { state, record } = await statusOf(daraja, noted.key);
  assert.deepEqual([state, record], ["empty", await written(noted.key)]);
  assert.deepEqual([record.lease.reason, record.lease.durationMs, record.lease.isHeld], ["missing", 15_000, true]);
});

test("while a server replaces a rejected token, the state is dead, and the lease and the endpoint are shown", async (t) => {
  const [daraja, silent, noted] = [await darajaFor(t), await silentDaraja(t), shared()];
  const isSilent = (url) => new URL(url).origin === daraja.baseUrl && daraja.issued > 0;
  const send = (url, init) => fetch(isSilent(url) ? silent.baseUrl : url, init);
  const server = serverOf(t, { TokenManager }, daraja, noted, { fetch: send });
  const { accessToken } = await server.getToken();
  server.report(accessToken, { endpoint: "/mpesa/stkpush/v1/processrequest" }).catch(() => {});
  await silent.asked;
  const { state, record } = await statusOf(daraja, noted.key);
  assert.deepEqual([state, record], ["dead", await written(noted.key)]);
  assert.deepEqual([record.epoch, record.lease.reason, record.budget.left], [1, "rejected", 9]);
  assert.deepEqual(
    record.refusals.map(({ epoch, gapMs }) => ({ epoch, gapMs })),
    [{ epoch: 1, gapMs: 30_000 }],
  );
});

test("after a server has replaced a rejected token, the state is live, and the rejection is still shown", async (t) => {
  const [daraja, noted] = [await darajaFor(t), shared()];
  const server = serverOf(t, { TokenManager }, daraja, noted);
  const { accessToken } = await server.getToken();
  await server.report(accessToken, { endpoint: "/mpesa/b2c/v3/paymentrequest" });
  const { state, record } = await statusOf(daraja, noted.key);
  assert.deepEqual([state, record], ["live", await written(noted.key)]);
  assert.deepEqual([record.epoch, record.lease, record.budget.left, record.refusals.length], [2, null, 9, 1]);
});

test("after Daraja has failed, the state is empty, and the failures and the pause are shown", async (t) => {
  const [daraja, noted] = [await darajaFor(t), shared()];
  const server = serverOf(t, { TokenManager }, daraja, noted, { path: "/answers/empty-500", retries: 0 });
  await assert.rejects(server.getToken(), { code: "ERR_DARAJA_UNAVAILABLE" });
  const { state, record } = await statusOf(daraja, noted.key);
  assert.deepEqual([state, record], ["empty", await written(noted.key)]);
  assert.ok(record.failures > 0 && record.notBefore > 0);
});

test("of a sealed token the fingerprint is that of the stored text", async (t) => {
  const [daraja, noted] = [await darajaFor(t), shared()];
  const seal = (token) => `sealed.${Buffer.from(token).reverse().toString("base64url")}`;
  const open = (text) => Buffer.from(text.slice("sealed.".length), "base64url").reverse().toString();
  const { accessToken } = await serverOf(t, { TokenManager }, daraja, noted, { seal, open }).getToken();
  const { state, record } = await statusOf(daraja, noted.key);
  assert.equal(state, "live");
  assert.deepEqual([record.fingerprint, record.sealed], [fingerprintOf(seal(accessToken)), true]);
});

test("status finds the record of each environment and of each consumer key", async (t) => {
  const body = () => Response.json({ access_token: "c9SQ", expires_in: "3599" });
  for (const environment of ["sandbox", "production"]) {
    for (const key of [consumerKey, "Another0011"]) {
      const noted = shared();
      const options = { consumerKey: key, consumerSecret, environment, store: noted, fetch: async () => body() };
      const server = new TokenManager(options);
      t.after(() => server.close());
      await server.getToken();
      const env = { DARAJA_BASE_URL: undefined, DARAJA_CONSUMER_KEY: key, DARAJA_ENVIRONMENT: environment };
      assert.equal((await statusOf({}, noted.key, env)).state, "live");
    }
  }
});

/** Writes a live record, and then changes it as `rewrite` does. */
async function changed(t, change) {
  const [daraja, noted] = [await darajaFor(t), shared()];
  await serverOf(t, { TokenManager }, daraja, noted).getToken();
  await rewrite(noted.key, change);
  return { daraja, key: noted.key };
}

test("a lease that has ended is not held", async (t) => {
  const lease = { nonce: "1d", reason: "renewal", durationMs: 15_000, until: 1_000 };
  const { daraja, key } = await changed(t, { lease });
  const { record } = await statusOf(daraja, key);
  assert.deepEqual(record.lease, { holder: "1d", reason: "renewal", durationMs: 15_000, until: 1_000, isHeld: false });
});

test("a record of version 0.1, which has rotateAt for renewAt, is read", async (t) => {
  const { daraja, key } = await changed(t, { renewAt: undefined, rotateAt: 1_700_000_000_000 });
  const { state, record } = await statusOf(daraja, key);
  assert.deepEqual([state, record.renewAt, record.rotateAt], ["due", 1_700_000_000_000, undefined]);
});

for (const [what, change, found] of [
  ["of another schema", { schema: 2 }, "one of schema 2"],
  ["without a schema", { schema: undefined }, "something else"],
  ["whose schema is a text", { schema: "\u001b[31m" }, "something else"],
  ["that is no JSON", "c9SQ", "something else"],
  ["that is JSON's null", "null", "something else"],
]) {
  test(`a record ${what} is a failure that says so, and the record is not changed`, async (t) => {
    const { daraja, key } = await changed(t, change);
    const before = await store.load(key);
    const env = { ...pair, DARAJA_BASE_URL: daraja.baseUrl, DARAJA_STORE: `file:${path}` };
    const { code, stdout, stderr } = await run(["status"], env);
    assert.deepEqual([code, stdout], [1, ""]);
    assert.equal(
      stderr,
      `ERR_DARAJA_STORE_UNAVAILABLE: Expected a record of schema 1 in the store, found ${found}\n` +
        "Another version or program wrote it. Use the version of daraja-auth that your servers have.\n",
    );
    assert.deepEqual(await store.load(key), before);
  });
}

test("control characters in a record do not reach the terminal, and do not stop the command", async (t) => {
  const evil = "\u001b]0;evil\u0007";
  const { daraja } = await changed(t, {
    history: evil,
    epoch: evil,
    token: 7,
    obtainedAt: 1e300,
    expiresAt: -1,
    renewAt: null,
    dead: evil,
    lease: { nonce: evil, reason: evil, durationMs: evil, until: evil },
    notBefore: evil,
    failures: 1e300,
    budget: evil,
    refusals: { [evil]: evil, ab: null },
  });
  const env = { ...pair, DARAJA_BASE_URL: daraja.baseUrl, DARAJA_STORE: `file:${path}` };
  for (const args of [["status"], ["status", "--json"]]) {
    const { code, stdout, stderr } = await run(args, env);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.doesNotMatch(stdout, /evil|NaN|undefined|Invalid/);
    assert.ok(!stdout.includes("\u001b"));
  }
});

test("without --json the output is text for people", async (t) => {
  const [daraja, noted] = [await darajaFor(t), shared()];
  const { accessToken } = await serverOf(t, { TokenManager }, daraja, noted).getToken();
  const env = { ...pair, DARAJA_BASE_URL: daraja.baseUrl, DARAJA_STORE: `file:${path}` };
  const { code, stdout, stderr } = await run(["status"], env);
  assert.deepEqual([code, stderr], [0, ""]);
  assert.match(stdout, /^Your servers share a live token, for \S+ \S+( \S+ \S+)? more\.\n\n/);
  assert.ok(stdout.includes(`\nstore        file:${path}\nrecord       ${noted.key}\ntoken        live\n`), stdout);
  assert.ok(stdout.includes(`\nfingerprint  ${fingerprintOf(accessToken)}, of the token\n`), stdout);
});
