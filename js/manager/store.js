// What a manager asks of a store, whatever the store is; and the store that it has by default.
import { find } from "../../src/wasm/host.js";
import { invalid } from "./options.js";

/** One record a key, in this process. */
export function memoryStore() {
  const records = new Map();
  return {
    load: async (key) => ({ record: records.get(key) ?? null }),
    async compareAndSwap(key, expected, { version, value }) {
      const swapped = (records.get(key)?.version ?? null) === expected;
      if (swapped) records.set(key, { version, value });
      return { swapped };
    },
  };
}

/** The store, unless it cannot be one. */
export function checked(store = memoryStore()) {
  const lacks = ["load", "compareAndSwap"].find((name) => find(store, name).kind !== "a function");
  if (!lacks) return store;
  const isKv = find(store, "getWithMetadata").kind === "a function";
  const hint = isKv
    ? "Cloudflare KV has no compare-and-swap and is up to a minute behind. Use Durable Objects: durableObjectStore(namespace)."
    : "A client is wrapped in its store first, such as redisStore(client) from daraja-auth/redis.";
  throw invalid(`store: expected an object with load and compareAndSwap, found one without ${lacks}`, hint);
}
