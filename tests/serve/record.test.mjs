// The readers of docs/record.md read a real Redis and a real Postgres while a TokenManager renews.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { programs } from "../interop/programs.mjs";
import { startPostgres } from "../stores/engines/postgres.mjs";
import { needs } from "../stores/engines/program.mjs";
import { startRedis } from "../stores/engines/redis.mjs";
import { run } from "../support/child.mjs";
import { root } from "../support/packed.mjs";
import { servers } from "./servers.mjs";

const { load, folder } = servers("record");
const docs = readFileSync(join(root, "docs", "record.md"), "utf8");
const { program: python, missing: noPython } = programs.python;
const READS = Number(process.env.DARAJA_READS ?? 100_000);
/** The reads take half a minute, and several minutes on a busy machine. */
const LIMIT_MS = 900_000;
/** The remaining lifetime that the readers require. The test's tokens are valid for 5 seconds. */
const LEAVE_MS = 200;

/** The block of the docs that defines a function. */
const blockOf = (name) =>
  [...docs.matchAll(/```(?:php|python)\n(.*?)```/gs)].find(([, text]) => text.includes(name))[1];

/**
 * Makes the given number of reads. Then it reads on until it has seen three tokens, so that each run sees a renewal.
 * Prints each token with the instants of its first and last read.
 */
const PHP = (reader, client) => `<?php
${blockOf(`function ${reader}`)}
$client = ${client};
$seen = [];
for ($i = 0; $i < (int) $argv[2] || count($seen) < 3; $i++) {
    $at = microtime(true) * 1000;
    $token = ${reader}($client, $argv[1], ${LEAVE_MS});
    $seen[$token ?? ''] = [$seen[$token][0] ?? $at, $at];
}
echo json_encode($seen);
`;
const PYTHON = (reader, client) => `
import json, sys, time
${blockOf(`def ${reader}`)}
${client}
seen = {}
reads = 0
while reads < int(sys.argv[2]) or len(seen) < 3:
    reads += 1
    at = time.time() * 1000
    token = ${reader}(client, sys.argv[1], ${LEAVE_MS}) or ""
    seen[token] = [seen.get(token, [at])[0], at]
print(json.dumps(seen))
`;

const ENGINES = [
  {
    name: "Redis",
    needed: ["redis-server", "php"],
    async start() {
      const { default: Redis } = await import("ioredis");
      const engine = await startRedis();
      const client = new Redis(engine.url);
      const { redisStore } = await load("pkg/redis.js");
      return { engine, store: redisStore(client), close: () => client.disconnect() };
    },
    php: ({ port }) => PHP("live_token_in_redis", `new Redis(); $client->connect('127.0.0.1', ${port})`),
    python: ({ url }) => PYTHON("live_token_in_redis", `import redis\nclient = redis.Redis.from_url("${url}")`),
    extension: "redis",
  },
  {
    name: "Postgres",
    needed: ["postgres", "php"],
    async start() {
      const { Pool } = createRequire(join(root, "tests", "any.js"))("pg");
      const engine = await startPostgres();
      const client = new Pool({ connectionString: engine.url });
      client.on("error", () => {});
      const { postgresStore } = await load("pkg/postgres.js");
      const store = postgresStore(client);
      await store.createTable();
      return { engine, store, close: () => client.end() };
    },
    php: ({ port }) =>
      PHP("live_token_in_postgres", `new PDO('pgsql:host=127.0.0.1;port=${port};dbname=postgres', 'daraja')`),
    python: ({ url }) =>
      PYTHON("live_token_in_postgres", `import psycopg\nclient = psycopg.connect("${url}", autocommit=True)`),
    extension: "pdo_pgsql",
  },
];

const hasExtension = (name) => spawnSync("php", ["-m"]).stdout?.toString().includes(name);

/** node:test's options. Without an engine or its client the test is skipped, but in CI it fails. */
function options({ needed, extension }) {
  const why =
    needs(...needed).skip || noPython || (!hasExtension(extension) && `PHP has no extension ${extension}`) || false;
  if (why && process.env.CI === "true") throw new Error(why);
  return { skip: why };
}

test("no reader of the record has more than 15 lines", () => {
  for (const name of ["live_token_in_redis", "live_token_in_postgres"]) {
    for (const start of [`function ${name}`, `def ${name}`]) {
      const lines = blockOf(start).trim().split("\n");
      assert.ok(lines.length <= 15, `${start}: ${lines.length}`);
    }
  }
});

for (const engineOf of ENGINES) {
  const { name, start, ...readers } = engineOf;
  test(`no reader of ${name} gets a dead token in ${READS} reads while Node renews`, options(engineOf), async (t) => {
    const { engine, store, close } = await start();
    t.after(() => engine.stop());
    t.after(close);
    const { Simulator } = await load("pkg/simulator.node.js");
    const { listen } = await load("bin/listen.js");
    const { TokenManager } = await load("pkg/node.js");
    const simulator = new Simulator({ tokenLifetimeSeconds: 5 });
    const server = await listen(simulator.fetch);
    t.after(() => server.close());
    const [{ consumerKey, consumerSecret }] = simulator.apps;
    /** When each token was granted, and so ended the previous token. */
    const granted = [];
    const fetchNoting = async (...args) => {
      const response = await fetch(...args);
      const text = await response.text();
      granted.push([JSON.parse(text).access_token, Date.now()]);
      return new Response(text, response);
    };
    const manager = new TokenManager({
      consumerKey,
      consumerSecret,
      baseUrl: server.url,
      store,
      fetch: fetchNoting,
      renewInBackground: true,
    });
    t.after(() => manager.close());
    await manager.getToken();
    const digest = createHash("sha256").update(consumerKey).digest("hex").slice(0, 16);
    const key = `daraja-auth:v1:${server.url}:${digest}`;
    const running = [];
    const begin = (program, file, text) => {
      writeFileSync(join(folder, file), text);
      running.push(run(program, [file, key, String(READS)], { cwd: folder, limitMs: LIMIT_MS }));
    };
    begin("php", `${name}.php`, readers.php(engine));
    begin(python, `${name}.py`, readers.python(engine));
    for (const { code, stdout, stderr } of await Promise.all(running)) {
      assert.deepEqual([code, stderr], [0, ""]);
      const seen = Object.entries(JSON.parse(stdout));
      assert.ok(seen.length >= 2, "no renewal was seen");
      for (const [token, [, lastRead]] of seen) {
        const i = granted.findIndex(([each]) => each === token);
        assert.notEqual(i, -1, `read ${JSON.stringify(token)}`);
        const killedAt = granted[i + 1]?.[1] ?? Number.POSITIVE_INFINITY;
        // The read began before the token was dead.
        assert.ok(lastRead <= killedAt, `read ${lastRead - killedAt} ms after its end`);
      }
    }
  });
}
