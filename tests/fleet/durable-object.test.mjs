// Several isolates of workerd share one Durable Object. They share one live token, also if requests are cancelled.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { serve } from "../support/child.mjs";
import { project } from "../support/packed.mjs";
import { node24, on } from "../support/runtimes.mjs";
import { startSimulator } from "../support/simulator-server.mjs";
import { ask, until, visit } from "../support/visitors.mjs";

const file = (name) => fileURLToPath(new URL(`isolates/${name}`, import.meta.url));
const isolates = ["a", "b", "c", "d"];
/** A lease of three seconds. */
const BRIEF = { timeoutMs: 2_000, policy: { leaseMarginMs: 1_000, storeTimeoutMs: 500 } };

describe("isolates that share a Durable Object", on(node24), () => {
  const pkg = "node_modules/daraja-auth/pkg";
  let folder;
  let tests = 0;
  before(() => {
    const worker = readFileSync(file("worker.mjs"), "utf8");
    folder = project("fleet-isolates", { "package.json": { private: true }, "worker.mjs": worker });
  });

  /** Starts four cold isolates and a Daraja for them. */
  async function start(t, options = {}) {
    const daraja = await startSimulator(`fleet-isolates-${++tests}`);
    t.after(daraja.close);
    const modules = [
      { path: "worker.mjs" },
      // workerd has no node_modules, so each bare name is a module that exports the resolved one.
      { path: "daraja-auth", contents: `export * from "./${pkg}/workerd.js";` },
      { path: "daraja-auth/durable-object", contents: `export * from "../${pkg}/durable-object.js";` },
      { path: `${pkg}/workerd.js` },
      { path: `${pkg}/daraja_auth.wasm` },
      { path: `${pkg}/durable-object.js` },
      // The files in that folder import the same name, which workerd resolves to another path there.
      { path: `${pkg}/daraja-auth`, contents: 'export * from "./workerd.js";' },
    ];
    const settings = { baseUrl: daraja.baseUrl, ...daraja.app, ...options };
    const args = [file("host.mjs"), JSON.stringify({ folder, modules, isolates, settings })];
    const workerd = await serve(node24.path, args, { ready: /^ready at (\S+)/m });
    t.after(workerd.stop);
    return { daraja, url: workerd.match[1] };
  }

  /** Sends `times` requests to each isolate, all at once. */
  const askAll = (url, path, times) =>
    Promise.all(isolates.flatMap((name) => Array.from({ length: times }, () => ask(`${url}${name}/${path}`))));

  test("40 parallel requests over four cold isolates share one token, and Daraja grants no other", async (t) => {
    const { daraja, url } = await start(t);
    const answers = await askAll(url, "token", 10);
    assert.equal(new Set(answers.map(({ isolate }) => isolate)).size, 4);
    assert.equal(new Set(answers.map(({ accessToken }) => accessToken)).size, 1);
    assert.equal(daraja.count("token"), 1);
  });

  test("40 parallel requests, each with its own manager, share one token, and Daraja grants no other", async (t) => {
    const { daraja, url } = await start(t);
    const answers = await askAll(url, "alone", 10);
    assert.equal(new Set(answers.map(({ accessToken }) => accessToken)).size, 1);
    assert.equal(daraja.count("token"), 1);
  });

  test("a token that another program ended is replaced once for all isolates, and each call succeeds", async (t) => {
    const { daraja, url } = await start(t);
    await askAll(url, "pay", 10);
    await daraja.generateElsewhere();
    const answers = await askAll(url, "pay", 10);
    assert.deepEqual(new Set(answers.map(({ paid }) => paid)), new Set([200]));
    assert.equal(daraja.count("accepted"), 80);
    assert.equal(daraja.count("token"), 3);
  });

  test("after a request is cancelled while it waits for a token, all isolates share one new token", async (t) => {
    const { daraja, url } = await start(t, BRIEF);
    daraja.simulator.inject({ kind: "hang" });
    const holder = visit(`${url}a/token`);
    await until(() => daraja.counts.waiting === 1);
    holder.hangUp();
    await until(() => daraja.counts.dropped === 1);
    const answers = await askAll(url, "token", 5);
    assert.equal(new Set(answers.map(({ accessToken }) => accessToken)).size, 1);
    assert.deepEqual([daraja.count("hang"), daraja.count("token")], [1, 1]);
  });

  test("with waitUntil, a request whose client is gone still gets the token for the other isolates", async (t) => {
    const { daraja, url } = await start(t);
    daraja.simulator.inject({ kind: "latency", ms: 5_000 });
    const holder = visit(`${url}a/kept`);
    await until(() => daraja.counts.waiting === 1);
    holder.hangUp();
    // workerd knows that the client has hung up, because it has served another request since then.
    await ask(`${url}a/isolate`);
    daraja.simulator.advance(5_000);
    const answers = await askAll(url, "token", 5);
    assert.equal(new Set(answers.map(({ accessToken }) => accessToken)).size, 1);
    assert.equal(daraja.counts.dropped, 0);
    assert.deepEqual([daraja.count("latency"), daraja.count("token")], [1, 0]);
  });
});
