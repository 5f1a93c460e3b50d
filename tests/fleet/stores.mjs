// How a process opens the store that it shares with the others: with a client as that client's documentation makes it.
import { memoryStore } from "daraja-auth";

const OPENERS = {
  memory: () => ({ store: memoryStore(), close() {} }),

  async redis({ port }) {
    const { Redis } = await import("ioredis");
    const { redisStore } = await import("daraja-auth/redis");
    const client = new Redis(port, "127.0.0.1", { maxRetriesPerRequest: 1 });
    client.on("error", () => {});
    return { store: redisStore(client), ping: () => client.ping(), close: () => client.disconnect() };
  },

  async postgres({ url }) {
    const { default: pg } = await import("pg");
    const { postgresStore } = await import("daraja-auth/postgres");
    const pool = new pg.Pool({ connectionString: url, max: 2 });
    pool.on("error", () => {});
    return { store: postgresStore(pool), ping: () => pool.query("SELECT 1"), close: () => pool.end() };
  },

  async file({ path }) {
    const { fileStore } = await import("daraja-auth/file");
    return { store: fileStore(path), close() {} };
  },
};

/** Opens the store of an engine, by its name and what leads there: `{ store, ping?, close }`. */
export async function openStore({ engine, ...way }) {
  return OPENERS[engine](way);
}
