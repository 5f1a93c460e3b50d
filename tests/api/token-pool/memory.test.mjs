// The memory of an app whose manager the pool has closed: little more than its record in the store.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { usedMemory } from "../../support/memory.mjs";
import { project } from "../../support/packed.mjs";

const require = createRequire(join(project("token-pool-memory"), "index.js"));
const { memoryStore } = require("daraja-auth");
const { TokenPool } = require("daraja-auth/pool");

/** Half of the memory store's limit. Above the limit, removed records would hide the growth. */
const APPS = 500;

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
  const [store, before] = [memoryStore(), await usedMemory()];
  const pool = poolOf(store);
  await ask(pool);
  const bytes = Math.round(((await usedMemory()) - before) / APPS);
  t.diagnostic(`${bytes} bytes for an idle app`);
  assert.ok(bytes <= 4096, `${bytes} bytes`);
  const already = granted;
  await ask(pool);
  assert.equal(granted, already);
  pool.close();
});
