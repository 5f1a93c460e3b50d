// The engines of the stores that a fleet shares. Redis and Postgres are behind a network that a scenario can break.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import pg from "pg";
import { startPostgres } from "../stores/engines/postgres.mjs";
import { startProxy } from "../stores/engines/proxy.mjs";
import { startRedis } from "../stores/engines/redis.mjs";

/**
 * Each starts an engine: `{ name, way, direct?, network?, restart?, flush?, stop }`. `way` and `direct` are arguments
 * of openStore. `way` goes through the network that can break, if there is one. `flush` deletes all records.
 */
export const engines = {
  async redis() {
    const redis = await startRedis();
    const network = await startProxy(redis.port);
    return {
      name: "redis",
      way: { engine: "redis", port: network.port },
      direct: { engine: "redis", port: redis.port },
      network,
      restart: () => redis.restart("SIGKILL"),
      async flush() {
        const client = new Redis(redis.port, "127.0.0.1");
        await client.flushall();
        client.disconnect();
      },
      async stop() {
        await network.stop();
        await redis.stop();
      },
    };
  },

  async postgres() {
    const postgres = await startPostgres();
    const network = await startProxy(postgres.port);
    return {
      name: "postgres",
      way: { engine: "postgres", url: postgres.urlAt(network.port) },
      direct: { engine: "postgres", url: postgres.url },
      network,
      restart: () => postgres.restart(),
      async flush() {
        const client = new pg.Client({ connectionString: postgres.url });
        await client.connect();
        await client.query("DELETE FROM daraja_auth_tokens");
        await client.end();
      },
      async stop() {
        await network.stop();
        await postgres.stop();
      },
    };
  },

  async file() {
    const path = await mkdtemp(join(tmpdir(), "daraja-fleet-"));
    const way = { engine: "file", path };
    // Other processes may still write into the folder, so rm tries again.
    const remove = () => rm(path, { recursive: true, force: true, maxRetries: 9 });
    return { name: "file", way, direct: way, flush: remove, stop: remove };
  },

  /** This engine is not shared: each process has a store in its own memory. */
  async memory() {
    const way = { engine: "memory" };
    return { name: "memory", way, async stop() {} };
  },
};
