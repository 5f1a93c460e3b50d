// The clients that people use, made as their documentation says. Options are set so that a dead connection is an error.
import { Redis as Upstash } from "@upstash/redis";
import { Redis as Ioredis } from "ioredis";
import { Redis as Ioredis5 } from "ioredis-5";
import { createClient } from "redis";
import { createClient as createClient4 } from "redis-4";
import { createClient as createClient5 } from "redis-5";
import { token } from "./upstash.mjs";

const ioredis = (Redis) => async (port, options) => {
  const client = new Redis({ port, host: "127.0.0.1", maxRetriesPerRequest: 1, ...options });
  client.on("error", () => {});
  return { client, close: () => client.disconnect() };
};

const nodeRedis = (create) => async (port, options) => {
  const client = create({ url: `redis://127.0.0.1:${port}`, disableOfflineQueue: true, ...options });
  client.on("error", () => {});
  await client.connect();
  return { client, close: () => (client.destroy ?? client.disconnect).call(client) };
};

export const upstash = async (port) => ({
  client: new Upstash({ url: `http://127.0.0.1:${port}`, token, retry: { retries: 1, backoff: () => 1 } }),
  close() {},
});

/** Each function makes `{ client, close }` for a port. */
export const clients = {
  "ioredis 6": ioredis(Ioredis),
  "ioredis 5": ioredis(Ioredis5),
  "node-redis 6": nodeRedis(createClient),
  "node-redis 5": nodeRedis(createClient5),
  "node-redis 4": nodeRedis(createClient4),
};
