import { propertyOf } from "../options.ts";
import type { StoredRecord, TokenStore } from "./store.ts";

/**
 * Few programs have more apps. Beyond this limit, the record with the oldest write is dropped: its app gets a new
 * token.
 */
const MAX_RECORDS = 1000;

/**
 * Makes a store in the memory of this process. Only managers that get this store share its tokens.
 *
 * Without the option `store`, the managers of a process share a memory store if they have the same credentials, address
 * and `fetch`, and no `now`. In workers and edge runtimes, each manager has its own.
 *
 * @example
 * ```js
 * const tokens = new TokenManager({ consumerKey, consumerSecret, store: memoryStore() });
 * ```
 */
export function memoryStore(): Required<TokenStore> {
  // The store gives no `now`, because it has only the caller's clock. It measures a record's lifetime on the monotonic
  // clock.
  const records = new Map<string, { record: StoredRecord; until: number }>();
  const watchers = new Set<{ key: string; wake: () => void }>();

  function live(key: string): StoredRecord | null {
    const held = records.get(key);
    return held && held.until > performance.now() ? held.record : null;
  }

  return {
    async load(key) {
      return { record: live(key) };
    },

    async compareAndSwap(key, expected, { version, value }, options) {
      if ((live(key)?.version ?? null) !== expected) return { swapped: false };
      const ttlMs = (propertyOf(options ?? {}, "ttlMs") as number | undefined) ?? Number.POSITIVE_INFINITY;
      records.delete(key);
      records.set(key, { record: Object.freeze({ version, value }), until: performance.now() + ttlMs });
      if (records.size > MAX_RECORDS) records.delete(records.keys().next().value as string);
      for (const watcher of [...watchers]) if (watcher.key === key) watcher.wake();
      return { swapped: true };
    },

    watch(key, wake) {
      const watcher = { key, wake };
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
  };
}
