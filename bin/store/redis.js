// A store in Redis, by ioredis or node-redis.
import { once } from "node:events";
import { redisStore } from "../../pkg/redis.js";
import { UsageError } from "../failure.js";
import { clientOf } from "./client.js";
import { urlOf } from "./url.js";

/** Longer than a manager waits for an answer, and short enough for a person. */
const CONNECT_MS = 5000;

const MAKERS = {
  ioredis({ Redis, default: standard }, url) {
    const client = new (Redis ?? standard)(url, {
      lazyConnect: true,
      maxRetriesPerRequest: 1,
      connectTimeout: CONNECT_MS,
    });
    return {
      client,
      isReady: () => client.status === "ready",
      isIdle: () => ["wait", "end"].includes(client.status),
      close: () => client.disconnect(),
    };
  },
  redis({ createClient, createCluster }, url) {
    if (!createCluster)
      throw new UsageError("DARAJA_STORE: redis is older than its version 4", "npm install redis@latest.");
    const client = createClient({ url, disableOfflineQueue: true, socket: { connectTimeout: CONNECT_MS } });
    return {
      client,
      isReady: () => client.isReady,
      isIdle: () => !client.isOpen,
      // Version 4 has no destroy.
      close: () => (client.destroy ?? client.disconnect).call(client),
    };
  },
};

export function open(name, value, folders) {
  const { url, label, secrets } = urlOf(name, value);
  const found = clientOf("Redis", Object.keys(MAKERS), folders);
  const { client, isReady, isIdle, close } = MAKERS[found.name](found.exported, url.href);
  const store = redisStore(client);
  client.on("error", () => {});

  /** The event `error` has the reason why there is no connection. The error of an operation has not. */
  async function connected() {
    if (isIdle()) client.connect().catch(() => {});
    // This rejects if the event `error` comes first.
    if (!isReady()) await once(client, "ready");
  }
  const via =
    (operation) =>
    async (...args) => {
      await connected();
      return store[operation](...args);
    };
  return {
    label,
    client: found.file,
    secrets,
    close,
    store: { load: via("load"), compareAndSwap: via("compareAndSwap") },
  };
}
