// Opens the shared store for a process. The clients of Redis and Postgres are those of docs/stores.md.
import { memoryStore } from "daraja-auth";

const OPENERS = {
  memory: () => ({ store: memoryStore(), close() {} }),

  async redis({ port, apart }) {
    const { Redis } = await import("ioredis");
    const { redisStore } = await import("daraja-auth/redis");
    const client = new Redis(port, "127.0.0.1", { maxRetriesPerRequest: 1, db: apart ? 1 : 0 });
    client.on("error", () => {});
    return { store: redisStore(client), close: () => client.disconnect() };
  },

  async postgres({ url, apart }) {
    const { default: pg } = await import("pg");
    const { postgresStore } = await import("daraja-auth/postgres");
    const pool = new pg.Pool({ connectionString: url, max: 2 });
    pool.on("error", () => {});
    const store = postgresStore(pool, apart ? { table: "apart" } : {});
    await store.createTable();
    return { store, close: () => pool.end() };
  },

  async file({ path, apart }) {
    const { fileStore } = await import("daraja-auth/file");
    return { store: fileStore(apart ? `${path}/apart` : path), close() {} };
  },
};

/**
 * Opens a store on an engine. With `apart` it is a second store on the same engine, which shares nothing with the
 * first.
 */
export async function openStore({ engine, ...way }) {
  return OPENERS[engine](way);
}
