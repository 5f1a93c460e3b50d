// daraja-auth status: the record that servers share, in each of its states, and never the token.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { describe, test } from "node:test";
import { consumerKey, consumerSecret } from "../support/daraja-server.mjs";
import { root } from "../support/packed.mjs";
import { assertHidden, commandLine } from "./cli.mjs";
import { darajaFor, elsewhere, pair, serverOf } from "./sharing.mjs";

const { load, run } = commandLine("status");
const { fileStore } = await load("pkg/file.js");
const { TokenManager } = await load("pkg/node.js");
const { linesOf } = await load("bin/status/lines.js");
const HOUR_MS = 3_600_000;
const path = join(elsewhere(), "tokens");
const store = fileStore(path);
const fingerprintOf = (text) => createHash("sha256").update(text).digest("hex").slice(0, 8);

/** What servers have of the store: it notes the name of their record. */
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

/** What status says, for programs; it shows no token, writes nothing and asks Daraja nothing. */
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

/** The record as the servers wrote it, under the names that status has for it. */
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

/** Changes the record as nothing of ours would. */
async function rewrite(key, change) {
  const { record } = await store.load(key);
  const value = typeof change === "string" ? change : JSON.stringify({ ...JSON.parse(record.value), ...change });
  const version = createHash("md5").update(value).digest("hex");
  assert.deepEqual(await store.compareAndSwap(key, record.version, { version, value }, { ttlMs: HOUR_MS }), {
    swapped: true,
  });
}

/** A Daraja that is asked and does not answer; `asked` is fulfilled when it is. */
async function silentDaraja(t) {
  const server = createServer().listen(0, "127.0.0.1");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, "listening");
  return { baseUrl: `http://127.0.0.1:${server.address().port}`, asked: once(server, "request") };
}

test("no record", async (t) => {
  const daraja = await darajaFor(t);
  const other = join(elsewhere(), "none");
  const said = await statusOf(daraja, undefined, { DARAJA_STORE: `file:${other}` });
  const { now, ...rest } = said;
  const key = `daraja-auth:v1:${daraja.baseUrl}:${createHash("sha256").update(consumerKey).digest("hex").slice(0, 16)}`;
  assert.deepEqual(rest, { store: `file:${other}`, key, state: "none", record: null });
  assert.equal(existsSync(other), false);
});

test("live", async (t) => {
  const [daraja, noted] = [await darajaFor(t), shared()];
  await serverOf(t, { TokenManager }, daraja, noted).getToken();
  const { state, record } = await statusOf(daraja, noted.key);
  assert.deepEqual([state, record], ["live", await written(noted.key)]);
  assert.equal(record.expiresAt - record.obtainedAt, 3_599_000);
});

test("due for renewal", async (t) => {
  const [daraja, noted] = [await darajaFor(t), shared()];
  await serverOf(t, { TokenManager }, daraja, noted, { now: () => Date.now() - 3_400_000 }).getToken();
  const { state, record } = await statusOf(daraja, noted.key);
  assert.deepEqual([state, record], ["due", await written(noted.key)]);
});

test("expired", async (t) => {
  const [daraja, noted] = [await darajaFor(t), shared()];
  await serverOf(t, { TokenManager }, daraja, noted, { now: () => Date.now() - 2 * HOUR_MS }).getToken();
  const { state, record } = await statusOf(daraja, noted.key);
  assert.deepEqual([state, record], ["expired", await written(noted.key)]);
});

test("empty and leased: the first token is being asked for", async (t) => {
  const [daraja, noted] = [await silentDaraja(t), shared()];
  const token = serverOf(t, { TokenManager }, daraja, noted).getToken();
  token.catch(() => {});
  await daraja.asked;
  const { state, record } = await statusOf(daraja, noted.key);
  assert.deepEqual([state, record], ["empty", await written(noted.key)]);
  assert.deepEqual([record.lease.reason, record.lease.durationMs, record.lease.isHeld], ["missing", 15_000, true]);
});

test("dead and leased, with the endpoint that refused it: it is being replaced", async (t) => {
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

test("replaced: the successor lives, and the refusal is remembered", async (t) => {
  const [daraja, noted] = [await darajaFor(t), shared()];
  const server = serverOf(t, { TokenManager }, daraja, noted);
  const { accessToken } = await server.getToken();
  await server.report(accessToken, { endpoint: "/mpesa/b2c/v3/paymentrequest" });
  const { state, record } = await statusOf(daraja, noted.key);
  assert.deepEqual([state, record], ["live", await written(noted.key)]);
  assert.deepEqual([record.epoch, record.lease, record.budget.left, record.refusals.length], [2, null, 9, 1]);
});

test("Daraja has trouble: nobody asks it for a while", async (t) => {
  const [daraja, noted] = [await darajaFor(t), shared()];
  const server = serverOf(t, { TokenManager }, daraja, noted, { path: "/answers/empty-500", retries: 0 });
  await assert.rejects(server.getToken(), { code: "ERR_DARAJA_UNAVAILABLE" });
  const { state, now, record } = await statusOf(daraja, noted.key);
  assert.deepEqual([state, record], ["empty", await written(noted.key)]);
  assert.ok(record.failures > 0 && now > 0);
});

test("sealed: the fingerprint is that of what is stored, and of nothing else", async (t) => {
  const [daraja, noted] = [await darajaFor(t), shared()];
  const seal = (token) => `sealed.${Buffer.from(token).reverse().toString("base64url")}`;
  const open = (text) => Buffer.from(text.slice("sealed.".length), "base64url").reverse().toString();
  const { accessToken } = await serverOf(t, { TokenManager }, daraja, noted, { seal, open }).getToken();
  const { state, record } = await statusOf(daraja, noted.key);
  assert.equal(state, "live");
  assert.deepEqual([record.fingerprint, record.sealed], [fingerprintOf(seal(accessToken)), true]);
});

test("each environment has its record, and so has each consumer key", async (t) => {
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

/** A live record, which a test then changes. */
async function changed(t, change) {
  const [daraja, noted] = [await darajaFor(t), shared()];
  await serverOf(t, { TokenManager }, daraja, noted).getToken();
  await rewrite(noted.key, change);
  return { daraja, key: noted.key };
}

test("a lease that ran out is nobody's any more", async (t) => {
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
  test(`a record ${what} fails, says so, and is left as it is`, async (t) => {
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

test("what a stranger wrote into a record cannot speak to the terminal, nor stop the command", async (t) => {
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

test("without --json a person reads it", async (t) => {
  const [daraja, noted] = [await darajaFor(t), shared()];
  const { accessToken } = await serverOf(t, { TokenManager }, daraja, noted).getToken();
  const env = { ...pair, DARAJA_BASE_URL: daraja.baseUrl, DARAJA_STORE: `file:${path}` };
  const { code, stdout, stderr } = await run(["status"], env);
  assert.deepEqual([code, stderr], [0, ""]);
  assert.match(stdout, /^Your servers share a live token, for \S+ \S+( \S+ \S+)? more\.\n\n/);
  assert.ok(stdout.includes(`\nstore        file:${path}\nrecord       ${noted.key}\ntoken        live\n`), stdout);
  assert.ok(stdout.includes(`\nfingerprint  ${fingerprintOf(accessToken)}, of the token\n`), stdout);
});

describe("the lines for a person", () => {
  const plain = Object.fromEntries(["bold", "dim", "red", "green", "yellow"].map((name) => [name, (text) => text]));
  const now = Date.UTC(2026, 10, 25, 13);
  const live = {
    schema: 1,
    history: "1b5e9609331b88",
    epoch: 42,
    fingerprint: "862735d5",
    sealed: false,
    obtainedAt: now - 725_000,
    expiresAt: now + 2_874_000,
    renewAt: now + 2_574_000,
    dead: false,
    lease: null,
    notBefore: 0,
    failures: 0,
    budget: { left: 10, refilledAt: now - 725_000 },
    refusals: [],
  };
  const where = {
    store: "redis://cache.internal:6379",
    client: "/srv/shop/node_modules/ioredis/built/index.js",
    key: "daraja-auth:v1:https://api.safaricom.co.ke:7fcb9c1557b8466d",
  };
  const lines = (state, record) => linesOf({ state, now, record }, where, plain).split("\n");

  test("of a live token are those of the documentation", () => {
    const page = readFileSync(join(root, "docs", "command-line.md"), "utf8");
    const [, sample] = /```text\n(.*?)```/s.exec(page);
    assert.deepEqual(lines("live", live), sample.split("\n"));
  });

  /** The rows of these names, without their names. */
  const row = (name, record, state = "live") => {
    const all = lines(state, { ...live, ...record });
    return all.filter((line) => line.startsWith(name.padEnd(13))).map((line) => line.slice(13));
  };

  test("of a token in each state", () => {
    const token = (state) => row("token", {}, state);
    assert.deepEqual(token("due"), ["due for renewal: it is live, and the next caller renews it"]);
    assert.deepEqual(token("expired"), ["expired: the next caller gets a new one"]);
    assert.deepEqual(token("dead"), ["dead: an API rejected it, and the next caller replaces it"]);
    assert.deepEqual(token("empty"), ["none yet"]);
    assert.deepEqual(row("fingerprint", {}, "empty"), []);
    assert.deepEqual(row("fingerprint", { sealed: true }), ["862735d5, of the sealed token"]);
    assert.deepEqual(lines("none", null), [
      "There is no record. If your servers run, they use another store or consumer key: do not get a token here, which would kill theirs.",
      "",
      `store        ${where.store}`,
      `client       ${where.client}`,
      `record       ${where.key}`,
      "token        no record",
      "",
    ]);
  });

  test("the first says what an operator wants to know", () => {
    const first = (state, change) => lines(state, { ...live, ...change })[0];
    assert.equal(first("live"), "Your servers share a live token, for 47 min 54 s more.");
    assert.equal(first("due"), "Your servers share a live token, for 47 min 54 s more. It is due for renewal.");
    assert.equal(
      first("expired", { expiresAt: now - 60_000 }),
      "Your servers share no live token: it expired 1 min ago.",
    );
    const lease = { holder: "1d", reason: "rejected", durationMs: 15_000, until: now + 12_000, isHeld: true };
    assert.equal(
      first("dead", { lease }),
      "Your servers share no live token: an API rejected it. One of them is asking for a new one.",
    );
    assert.equal(
      first("empty", { failures: 3, notBefore: now + 4_000 }),
      "Your servers share no token yet. Daraja failed 3 times, and is asked again in 4 s.",
    );
  });

  test("of a lease", () => {
    const lease = { holder: "1d", reason: "renewal", durationMs: 15_000, until: now + 12_000, isHeld: true };
    const said = (change) => row("lease", { lease: { ...lease, ...change } })[0];
    assert.equal(said({}), "held by 1d for 12 s more: the token is due for renewal");
    assert.equal(said({ reason: "missing" }), "held by 1d for 12 s more: there was no live token");
    assert.equal(said({ reason: "rejected", until: 0 }), "held by 1d for 15 s at most: an API rejected the token");
    assert.equal(
      said({ until: now - 90_000, isHeld: false }),
      "abandoned by 1d: it ended 1 min 30 s ago, and the next caller takes it",
    );
  });

  test("of Daraja's trouble", () => {
    assert.deepEqual(row("pause", {}), []);
    assert.deepEqual(row("pause", { failures: 3, notBefore: now + 4_000 }), [
      "Daraja is not asked for 4 s: it failed 3 times",
    ]);
    assert.deepEqual(row("pause", { failures: 1, notBefore: now - 1 }), ["Daraja may be asked again: it failed once"]);
  });

  test("of endpoints that refused tokens", () => {
    const refusals = [
      { endpoint: "ab", epoch: 42, nextForcedAt: now + 3_661_000, gapMs: 30_000 },
      { endpoint: "cd", epoch: 41, nextForcedAt: now, gapMs: 30_000 },
    ];
    assert.deepEqual(lines("live", { ...live, refusals }).slice(-3, -1), [
      "rejections   endpoint ab rejected this token; the next token that it rejects is replaced not before 1 h 1 min from now",
      "             endpoint cd rejected that of epoch 41; the next token that it rejects is replaced at once",
    ]);
  });
});
