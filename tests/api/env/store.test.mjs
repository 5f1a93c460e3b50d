// DARAJA_STORE in a program: fromEnv opens the same stores as the command line, and the script can still end.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { startPostgres } from "../../stores/engines/postgres.mjs";
import { needs } from "../../stores/engines/program.mjs";
import { startRedis } from "../../stores/engines/redis.mjs";
import { run } from "../../support/child.mjs";
import { project, root } from "../../support/packed.mjs";
import { startSimulator } from "../../support/simulator-server.mjs";

/** A shop's script. It prints the token, and ends by itself. */
const SCRIPT = `
import { TokenManager } from "daraja-auth";
import { fromEnv } from "daraja-auth/env";

const tokens = new TokenManager(fromEnv());
try {
  console.log((await tokens.getToken()).accessToken);
} catch (error) {
  console.log(error.code, error.cause?.message ?? error.message + ". " + error.hint);
}
`;

/** A project with that script. `client` is the name of an npm package with a database's client, which is installed. */
function shop(name, client) {
  const folder = project(`env-store-${name}`, { "package.json": { private: true }, "pay.mjs": SCRIPT });
  if (client) symlinkSync(join(root, "node_modules", client), join(folder, "node_modules", client));
  return folder;
}

/** Runs the script and the command line by turns, and checks that each run gets the same token. */
async function sharesOneToken(t, folder, store) {
  const daraja = await startSimulator(`env-store-${t.name.replace(/\W+/g, "-")}`);
  t.after(() => daraja.close());
  const { consumerKey, consumerSecret } = daraja.app;
  const env = {
    DARAJA_CONSUMER_KEY: consumerKey,
    DARAJA_CONSUMER_SECRET: consumerSecret,
    DARAJA_BASE_URL: daraja.baseUrl,
    DARAJA_STORE: store,
  };
  const at = async (cwd, ...args) => {
    const { code, signal, stdout, stderr } = await run(process.execPath, args, { cwd, env });
    assert.deepEqual({ code, signal, stderr }, { code: 0, signal: null, stderr: "" });
    return stdout;
  };
  const first = await at(folder, "pay.mjs");
  assert.match(first, /^\w{28}\n$/);
  assert.equal(await at(folder, join("node_modules", "daraja-auth", "bin", "daraja-auth.js"), "token"), first);
  // A service may be started in another folder.
  if (!store.startsWith("file:")) assert.equal(await at("/", join(folder, "pay.mjs")), first);
  assert.equal(await at(folder, "pay.mjs"), first);
  assert.equal(daraja.count("token"), 1);
}

test("the script and the command line share a token in a file", (t) => sharesOneToken(t, shop("file"), "file:tokens"));

describe("the script and the command line share a token in", needs("redis-server"), () => {
  for (const [name, client] of Object.entries({ ioredis: "ioredis", "node-redis": "redis" })) {
    test(`Redis, with ${name}`, async (t) => {
      const redis = await startRedis();
      t.after(() => redis.stop());
      await sharesOneToken(t, shop(name, client), redis.url);
    });
  }
});

describe("the script and the command line share a token in", needs("initdb", "postgres"), () => {
  for (const [name, client] of Object.entries({ pg: "pg", "postgres.js": "postgres" })) {
    test(`Postgres, with ${name}`, async (t) => {
      const postgres = await startPostgres();
      t.after(() => postgres.stop());
      const folder = shop(name, client);
      writeFileSync(
        join(folder, "table.mjs"),
        `import pg from ${JSON.stringify(join(root, "node_modules", "pg", "esm", "index.mjs"))};
         import { createTableSql } from "daraja-auth/postgres";
         const client = new pg.Client(${JSON.stringify(postgres.url)});
         await client.connect();
         await client.query(createTableSql());
         await client.end();`,
      );
      assert.equal((await run(process.execPath, ["table.mjs"], { cwd: folder })).stderr, "");
      await sharesOneToken(t, folder, postgres.url);
    });
  }
});

test("without a client the first call fails, and its error says what to install and how to give a store", async (t) => {
  // The project is outside of the clone, because the clone's packages contain clients.
  const folder = mkdtempSync(join(tmpdir(), "daraja-env-"));
  t.after(() => rmSync(folder, { recursive: true }));
  cpSync(shop("none"), folder, { recursive: true });
  const env = {
    DARAJA_CONSUMER_KEY: "key",
    DARAJA_CONSUMER_SECRET: "secret",
    DARAJA_STORE: "redis://:Canary@127.0.0.1:1",
  };
  const { stdout } = await run(process.execPath, ["pay.mjs"], { cwd: folder, env });
  assert.equal(
    stdout,
    "ERR_DARAJA_INVALID_OPTION DARAJA_STORE: no client for Redis is installed here: ioredis or redis. " +
      "Run it where your program has one, or install one here: npm install ioredis. " +
      "Or give the store to fromEnv({ store }).\n",
  );
});

test("the error of a failed client shows no password", async () => {
  const folder = shop("down", "ioredis");
  const env = {
    DARAJA_CONSUMER_KEY: "key",
    DARAJA_CONSUMER_SECRET: "secret",
    DARAJA_STORE: "redis://:Canary@127.0.0.1:1",
  };
  const { code, stdout, stderr } = await run(process.execPath, ["pay.mjs"], { cwd: folder, env });
  assert.deepEqual([code, stderr], [0, ""]);
  assert.match(stdout, /^ERR_DARAJA_STORE_UNAVAILABLE .*ECONNREFUSED/);
  assert.doesNotMatch(stdout, /Canary/);
});
