// Memory does not grow in a week of virtual time with a million calls, ten thousand renewals, failures and aborts.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { project } from "../../support/packed.mjs";

const source = `
  let memory;
  const { Instance } = WebAssembly;
  WebAssembly.Instance = class {
    constructor(module, imports) {
      this.exports = new Instance(module, imports).exports;
      memory = Object.values(this.exports).find((value) => value instanceof WebAssembly.Memory);
    }
  };
  const { TokenManager } = await import("daraja-auth");

  let now = Date.now();
  let generated = 0;
  let fails = false;
  const fetch = async () => {
    if (fails) return new Response("", { status: 503 });
    generated += 1;
    return Response.json({ access_token: \`t\${String(generated).padStart(27, "0")}\`, expires_in: "60" });
  };
  const credentials = () => ({ consumerKey: "key", consumerSecret: "secret" });
  const options = { fetch, now: () => now, retries: 0, onEvent() {}, policy: { drainMs: 0, failureBackoffMs: 0 } };
  const tokens = new TokenManager({ ...options, credentials });
  const { signal } = new AbortController();
  let calls = 0;

  async function renewals(times) {
    for (let renewal = 0; renewal < times; renewal++) {
      const { accessToken } = await tokens.getToken({ signal });
      for (let call = 0; call < 98; call++) await tokens.getToken();
      await tokens.report(accessToken + "old", { endpoint: "/mpesa/" + renewal });
      calls += 100;
      if (renewal % 100 === 0) {
        fails = true;
        now += 60_000;
        await tokens.getToken().catch(() => {});
        await tokens.getToken({ signal: AbortSignal.abort() }).catch(() => {});
        fails = false;
        now += 60_000;
        new TokenManager({ ...options, consumerKey: "another", consumerSecret: "one" }).close();
        // The garbage collector gives a core back between two turns of the event loop.
        await new Promise(setImmediate);
      }
      now += 60_000;
    }
  }
  async function measured() {
    for (let turn = 0; turn < 5; turn++) {
      globalThis.gc();
      await new Promise(setImmediate);
    }
    return { heap: process.memoryUsage().heapUsed, wasm: memory.buffer.byteLength };
  }
  await renewals(4_000);
  const before = await measured();
  await renewals(10_000);
  const after = await measured();
  console.log(JSON.stringify({ before, after, calls, generated }));
`;

/**
 * Fifty bytes for each renewal and half a byte for each call. A promise that is kept takes more. V8 itself, with its
 * compiled code, changes by some 200 KB.
 */
const MOST_HEAP = 512 * 1024;
/**
 * One page, for the cores of dropped managers that the garbage collector has not freed yet. An acquisition that stays
 * in the module takes some 600 bytes, so ten thousand would take 90 pages.
 */
const MOST_WASM = 64 * 1024;

test("a million calls and ten thousand renewals grow neither the heap nor the module's memory", (t) => {
  const folder = project("node-manager-memory", { "index.mjs": source });
  const args = ["--expose-gc", "index.mjs"];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
  assert.equal(status, 0, stderr);
  const { before, after, calls, generated } = JSON.parse(stdout);
  t.diagnostic(`heap ${before.heap} → ${after.heap}, wasm ${before.wasm} → ${after.wasm} bytes`);
  assert.ok(calls >= 1_100_000 && generated >= 11_000, `${calls} calls, ${generated} tokens`);
  assert.ok(after.wasm - before.wasm <= MOST_WASM, `${after.wasm - before.wasm} bytes of wasm memory more`);
  assert.ok(after.heap - before.heap <= MOST_HEAP, `${after.heap - before.heap} bytes of heap more`);
});
