// The memory of an app whose manager the pool has closed: its record in the store, and nothing else.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { project } from "../../support/packed.mjs";

const require = createRequire(join(project("token-pool-memory"), "index.js"));
const { memoryStore } = require("daraja-auth");
const { TokenPool } = require("daraja-auth/pool");

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc");
/** Half of the memory store's limit. Above the limit, removed records would hide the growth. */
const APPS = 500;

/** The memory in use: V8's heap, and the module's memory. */
async function used() {
  for (let i = 0; i < 5; i++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    gc();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

test("an idle app costs 4 KB at most", async (t) => {
  let granted = 0;
  const answer = () => JSON.stringify({ access_token: String(granted++).padStart(28, "t"), expires_in: "3599" });
  const fetch = async () => ({ status: 200, ok: true, headers: { get: () => null }, text: async () => answer() });
  const poolOf = (store) =>
    new TokenPool({
      app: (id) => ({ consumerKey: `KeyOf${id}`, consumerSecret: `SecretOf${id}`, fetch, store }),
      maxIdle: 10,
    });
  const ask = async (pool) => {
    for (let i = 0; i < APPS; i++) await pool.getToken(`app${i}`);
  };
  // The first use loads and compiles code, which is not part of an app's memory.
  const first = poolOf(memoryStore());
  await ask(first);
  first.close();
  const [store, before] = [memoryStore(), await used()];
  const pool = poolOf(store);
  await ask(pool);
  const bytes = Math.round(((await used()) - before) / APPS);
  t.diagnostic(`${bytes} bytes for an idle app`);
  assert.ok(bytes <= 4096, `${bytes} bytes`);
  const already = granted;
  await ask(pool);
  assert.equal(granted, already);
  pool.close();
});
