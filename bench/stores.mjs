// Measures the cost of a shared store: the time of its operations, against the simplest request of its client; how many
// operations a manager needs; and how long a fleet waits for its first token.
import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import pg from "pg";
import { engines } from "../tests/fleet/breakable-engines.mjs";
import { serveDaraja } from "../tests/fleet/counting-daraja.mjs";
import { Fleet } from "../tests/fleet/fleet.mjs";
import { Processes } from "../tests/fleet/processes.mjs";
import { startPostgres } from "../tests/stores/engines/postgres.mjs";
import { program } from "../tests/stores/engines/program.mjs";
import { startRedis } from "../tests/stores/engines/redis.mjs";
import { consumerKey, consumerSecret } from "../tests/support/daraja-server.mjs";
import { alternate } from "./statistics.mjs";
import { printTable } from "./table.mjs";

/** For this many calls with a live copy, the operations are counted. */
const CALLS = 100_000;
/** Daraja's own answers take about this long. */
const ANSWER_MS = 500;
/** The engines, each with its program. DynamoDB and Durable Objects are missing, because only emulators run here. */
const ENGINES = [
  ["Redis, by ioredis", "redis-server", openRedis],
  ["Postgres, by pg", "initdb", openPostgres],
  ["a file", undefined, openFile],
];

export async function benchStores({ folder, baseUrl, rounds, processes }) {
  const require = createRequire(join(folder, "package.json"));
  for (const [name, needed, openEngine] of ENGINES) {
    if (needed && !program(needed)) console.log(`\n${name}: skipped, because there is no ${needed} on this machine`);
    else await benchOperations(name, await openEngine(require), rounds);
  }
  await countOperations(require("daraja-auth"), baseUrl);
  for (const [name, needed] of [
    ["redis", "redis-server"],
    ["postgres", "initdb"],
  ]) {
    if (program(needed)) await benchHerd(name, processes);
  }
}

/** Measures each operation of the store in turns with requests of its client. */
async function benchOperations(name, { store, bare, close }, rounds) {
  const key = "daraja-auth:v1:https://bench.example:0";
  let version = null;
  const record = () => ({ version: crypto.randomUUID().replaceAll("-", ""), value: JSON.stringify(RECORD) });
  const timed = (run) => async () => {
    const start = performance.now();
    await run();
    return performance.now() - start;
  };
  const operations = {
    load: timed(() => store.load(key)),
    compareAndSwap: timed(async () => {
      const next = record();
      const { swapped } = await store.compareAndSwap(key, version, next, { ttlMs: 3_600_000 });
      if (!swapped) throw new Error("another program writes here");
      version = next.version;
    }),
    ...Object.fromEntries(Object.entries(bare).map(([what, run]) => [what, timed(run)])),
  };
  try {
    await alternate(50, operations);
    const times = await alternate(rounds, operations);
    const [least, write] = Object.keys(bare);
    printTable(`A store in ${name} (${rounds} operations each, in turns)`, [
      { name: least, times: times[least] },
      { name: "load", times: times.load, base: times[least] },
      { name: "compareAndSwap", times: times.compareAndSwap, base: times[least] },
      { name: write, times: times[write], base: times[least] },
    ]);
  } finally {
    await close();
  }
}

/** A value as large as the record of a manager. */
const RECORD = {
  schema: 1,
  history: "1a2b3c4d5e6f7",
  epoch: 12,
  obtainedAt: 1_700_000_000_000,
  expiresAt: 1_700_003_599_000,
  renewAt: 1_700_003_300_000,
  dead: false,
  notBefore: 0,
  failures: 0,
  lease: null,
  budget: { left: 10, refilledAt: 1_700_000_000_000 },
  refusals: {},
  token: "c9SQxWWhmdVRlyh0zh8gZDTkubVF",
};

async function openRedis(require) {
  const { redisStore } = require("daraja-auth/redis");
  // Redis's default: it writes no log, so a crash of the machine may lose an acknowledged write.
  const redis = await startRedis(["--appendonly", "no"]);
  const client = new Redis(redis.port, "127.0.0.1");
  return {
    store: redisStore(client),
    bare: {
      PING: () => client.ping(),
      "SET of as much": () => client.set("bench", JSON.stringify(RECORD)),
    },
    async close() {
      client.disconnect();
      await redis.stop();
    },
  };
}

async function openPostgres(require) {
  const { postgresStore } = require("daraja-auth/postgres");
  const postgres = await startPostgres();
  const pool = new pg.Pool({ connectionString: postgres.url, max: 1 });
  // At the end the engine stops before the pool has closed its connections. Without a listener that ends the process.
  pool.on("error", () => {});
  const store = postgresStore(pool);
  await store.createTable();
  await pool.query("CREATE TABLE bench (value text)");
  await pool.query("INSERT INTO bench VALUES ('')");
  return {
    store,
    bare: {
      "SELECT 1": () => pool.query("SELECT 1"),
      "UPDATE of as much": () => pool.query("UPDATE bench SET value = $1", [JSON.stringify(RECORD)]),
    },
    async close() {
      await pool.end();
      await postgres.stop();
    },
  };
}

async function openFile(require) {
  const { fileStore } = require("daraja-auth/file");
  const path = await mkdtemp(join(tmpdir(), "daraja-bench-"));
  const file = join(path, "bench");
  const write = async () => {
    const handle = await open(file, "w");
    await handle.writeFile(JSON.stringify(RECORD));
    await handle.sync();
    await handle.close();
  };
  await write();
  return {
    store: fileStore(join(path, "tokens")),
    bare: { "reading as much": () => readFile(file, "utf8"), "writing as much, synced": write },
    close: () => rm(path, { recursive: true }),
  };
}

/** Counts the operations. With a live token there is none, or one in ten seconds, so their times do not matter. */
async function countOperations({ TokenManager, memoryStore }, baseUrl) {
  const inner = memoryStore();
  let operations = 0;
  const counting =
    (name) =>
    (...args) => {
      operations += 1;
      return inner[name](...args);
    };
  const store = { load: counting("load"), compareAndSwap: counting("compareAndSwap") };
  let now = Date.now();
  const tokens = new TokenManager({ baseUrl, consumerKey, consumerSecret, store, now: () => now });
  await tokens.getToken();
  const first = operations;
  for (let call = 0; call < CALLS; call++) await tokens.getToken();
  const live = operations - first;
  for (let second = 0; second < 60; second++) {
    now += 1_000;
    await tokens.getToken();
  }
  console.log("\nHow often the store is asked, counted\n");
  console.log(`  for the first token                                   ${first} operations`);
  console.log(`  for ${CALLS} calls of getToken with a live local copy   ${live}`);
  console.log(`  in a minute in which it is called each second         ${operations - first - live}`);
  tokens.close();
}

/** All processes want their first token at the same time. One of them asks Daraja. */
async function benchHerd(name, count) {
  const processes = new Processes();
  const upstream = await serveDaraja(processes);
  const engine = await engines[name]();
  const { openStore } = await processes.import("open-store.mjs");
  const opened = await openStore(engine.direct);
  try {
    const members = await processes.take(count);
    const onFleet = async (run) => {
      const daraja = upstream.begin(3_599);
      daraja.simulator.inject({ kind: "latency", ms: ANSWER_MS, path: "/oauth/", rate: 1 });
      const fleet = new Fleet({ processes, members, daraja, engine, store: opened.store });
      await fleet.begin();
      const time = await run(daraja);
      await fleet.end();
      return time;
    };
    const operations = [];
    const herds = {
      one: () => onFleet(({ url: baseUrl, app }) => members[0].ask("generate", { baseUrl, ...app })),
      herd: () =>
        onFleet(async (daraja) => {
          const waits = await Promise.all(members.map((member) => member.ask("token", { callers: 4 })));
          if (daraja.generates !== 1) throw new Error(`${daraja.generates} tokens were generated`);
          const counts = await Promise.all(members.map((member) => member.ask("counts")));
          operations.push(counts.reduce((sum, { operations }) => sum + operations, 0) / count);
          return Math.max(...waits);
        }),
    };
    await alternate(1, herds);
    const { one, herd } = await alternate(5, herds);
    printTable(`A cold herd of ${count} processes on ${name}, Daraja answering after ${ANSWER_MS} ms (5 herds)`, [
      { name: "one generateToken", times: one },
      { name: "the longest wait of getToken", times: herd, base: one, aim: 1.5 },
    ]);
    const mean = operations.reduce((sum, each) => sum + each, 0) / operations.length;
    console.log(`\n  ${mean.toFixed(1)} operations of the store by each process`);
  } finally {
    await opened.close();
    await processes.stop();
    await upstream.stop();
    await engine.stop();
  }
}
