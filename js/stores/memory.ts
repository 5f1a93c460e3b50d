import { propertyOf } from "../options.ts";
import type { StoredRecord, TokenStore } from "./store.ts";

/**
 * Keeps records in this process: the default, for a single instance.
 *
 * @example
 * ```js
 * const tokens = new TokenManager({ consumerKey, consumerSecret, store: memoryStore() });
 * ```
 */
export function memoryStore(): TokenStore {
  // It gives no `now`: its only clock is the one that the caller has, too. The lifetime of a record is measured on the
  // clock that never jumps.
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
      records.set(key, { record: Object.freeze({ version, value }), until: performance.now() + ttlMs });
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
