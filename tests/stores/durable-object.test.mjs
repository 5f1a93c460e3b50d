import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { serve } from "../support/child.mjs";
import { node24, on } from "../support/runtimes.mjs";
import { keepsTheContract, NO_NETWORK, NO_WATCH, next } from "./contract.mjs";

const ttl = { ttlMs: 60_000 };
const host = fileURLToPath(new URL("engines/miniflare.mjs", import.meta.url));
const worker = fileURLToPath(new URL("engines/worker.mjs", import.meta.url));

const inWorkers = fileURLToPath(new URL("../../js/wasm/import.ts", import.meta.url));
function wasmOfWorkers({ onResolve }) {
  onResolve({ filter: /^#wasm$/ }, () => ({ path: inWorkers }));
  onResolve({ filter: /^#wasm\/module$/ }, ({ path }) => ({ path, external: true, sideEffects: false }));
}

describe("durableObjectStore in workerd", on(node24), () => {
  let folder;
  let script;
  let workerd;
  const start = async () => {
    const args = [host, JSON.stringify({ script, folder })];
    workerd = await serve(node24.path, args, { ready: /^ready at (\S+)/m });
  };
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "daraja-object-"));
    // Only the error class is needed: a store uses no WebAssembly.
    const main = fileURLToPath(new URL("../../js/error.ts", import.meta.url));
    const { outputFiles } = await build({
      entryPoints: [worker],
      alias: { "daraja-auth": main },
      // The refusals ask js/wasm/import.ts which runtime this is. It imports the module, which is not used.
      plugins: [{ name: "wasm", setup: wasmOfWorkers }],
      bundle: true,
      format: "esm",
      write: false,
    });
    script = outputFiles[0].text;
    await start();
  });
  after(async () => {
    await workerd.stop();
    await rm(folder, { recursive: true });
  });

  async function ask(method, ...args) {
    const response = await fetch(workerd.match[1], { method: "POST", body: JSON.stringify({ method, args }) });
    const { value, error } = await response.json();
    if (error) throw Object.assign(new Error(error.message), error);
    return value;
  }
  const store = {
    load: (...args) => ask("load", ...args),
    compareAndSwap: (...args) => ask("compareAndSwap", ...args),
  };

  keepsTheContract(() => store, [NO_WATCH, ...NO_NETWORK]);

  test("the store has the methods of the contract and no others", async () => {
    assert.deepEqual(await ask("keys"), ["load", "compareAndSwap"]);
  });

  test("a record outlives a restart of workerd", async () => {
    const first = next("first");
    await store.compareAndSwap("kept", null, first, ttl);
    await workerd.stop();
    await start();
    assert.deepEqual((await store.load("kept")).record, first);
  });

  test("if a swap is sent twice, both answers say that it swapped", async () => {
    const first = next("first");
    assert.equal((await store.compareAndSwap("twice", null, first, ttl)).swapped, true);
    assert.equal((await store.compareAndSwap("twice", null, first, ttl)).swapped, true);
  });

  test("a failure of the Durable Object is an error", async () => {
    await assert.rejects(ask("garbage"), Error);
    assert.equal((await store.load("never")).record, null);
  });

  test("KV is refused, and the error names it and says what to use instead", async () => {
    await assert.rejects(ask("checkKv"), {
      name: "DarajaError",
      code: "ERR_DARAJA_INVALID_OPTION",
      message: "store: expected a TokenStore, found a Cloudflare KV namespace",
      hint:
        "KV has no compare-and-swap, and what it reads may be 60 seconds old. Use a Durable Object: " +
        'durableObjectStore(env.DARAJA_TOKENS) of "daraja-auth/durable-object".',
    });
    await assert.rejects(ask("wrapKv"), {
      message: "namespace: expected a Durable Object namespace, found a KV namespace",
    });
  });

  test("the namespace itself is refused, and the error says how to wrap it", async () => {
    await assert.rejects(ask("checkNamespace"), {
      message: "store: expected a TokenStore, found a Durable Object namespace",
      hint: 'You passed the client: wrap it in durableObjectStore(client), of "daraja-auth/durable-object".',
    });
  });
});
