// daraja-auth status: the lines that a person reads, for each state of a record.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../support/packed.mjs";
import { commandLine } from "./cli.mjs";

const { linesOf } = await commandLine("status-lines").load("bin/status/lines.js");
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

test("the lines for a live token are those of docs/command-line.md", () => {
  const page = readFileSync(join(root, "docs", "command-line.md"), "utf8");
  const [, sample] = /```text\n(.*?)```/s.exec(page);
  assert.deepEqual(lines("live", live), sample.split("\n"));
});

/** The lines with this name, without the name. `record` has the members that differ from the live record. */
const row = (name, record, state = "live") => {
  const all = lines(state, { ...live, ...record });
  return all.filter((line) => line.startsWith(name.padEnd(13))).map((line) => line.slice(13));
};

test("the line `token` names each state, and without a record there are only the lines about the store", () => {
  const token = (state) => row("token", {}, state);
  assert.deepEqual(token("due"), ["due for renewal: it is live, and the next caller renews it"]);
  assert.deepEqual(token("expired"), ["expired: the next caller gets a new one"]);
  assert.deepEqual(token("dead"), ["dead: an API rejected it, and the next caller replaces it"]);
  assert.deepEqual(token("empty"), ["none yet"]);
  assert.deepEqual(row("fingerprint", {}, "empty"), []);
  assert.deepEqual(row("fingerprint", { sealed: true }), ["862735d5, of the sealed token"]);
  assert.deepEqual(lines("none", null), [
    "There is no record. If your servers run, they use another store, Daraja or consumer key. A token from here would end theirs.",
    "",
    `store        ${where.store}`,
    `client       ${where.client}`,
    `record       ${where.key}`,
    "token        no record",
    "",
  ]);
});

test("the first line says whether the servers share a live token", () => {
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

test("the line `lease` says whose lease it is, why, and how long it lasts or when it ended", () => {
  const lease = { holder: "1d", reason: "renewal", durationMs: 15_000, until: now + 12_000, isHeld: true };
  const said = (change) => row("lease", { lease: { ...lease, ...change } })[0];
  assert.equal(said({}), "held by 1d for 12 s more: the token is due for renewal");
  assert.equal(said({ reason: "missing" }), "held by 1d for 12 s more: there was no live token");
  assert.equal(said({ reason: "rejected", until: 0 }), "held by 1d for 15 s at most: an API rejected the token");
  assert.equal(
    said({ until: now - 90_000, isHeld: false }),
    "left by 1d: it ended 1 min 30 s ago, and the next caller takes it",
  );
});

test("the line `pause` says how often Daraja failed, and when it is asked again", () => {
  assert.deepEqual(row("pause", {}), []);
  assert.deepEqual(row("pause", { failures: 3, notBefore: now + 4_000 }), [
    "Daraja is not asked for 4 s: it failed 3 times",
  ]);
  assert.deepEqual(row("pause", { failures: 1, notBefore: now - 1 }), ["Daraja may be asked again: it failed once"]);
});

test("the lines `rejections` name each endpoint that rejected a token, and when its next rejection replaces one", () => {
  const refusals = [
    { endpoint: "ab", epoch: 42, nextForcedAt: now + 3_661_000, gapMs: 30_000 },
    { endpoint: "cd", epoch: 41, nextForcedAt: now, gapMs: 30_000 },
  ];
  assert.deepEqual(lines("live", { ...live, refusals }).slice(-3, -1), [
    "rejections   endpoint ab rejected this token; the next token that it rejects is replaced not before 1 h 1 min from now",
    "             endpoint cd rejected the token of epoch 41; the next token that it rejects is replaced at once",
  ]);
});
