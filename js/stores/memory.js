/**
 * The store of one process: what a TokenManager has that was given none.
 *
 * It gives no `now`, since it has no clock but the one that its caller has, too; how long a record lives is measured
 * on the clock that never jumps.
 */
export function memoryStore() {
  const records = new Map();
  const watchers = new Set();

  function live(key) {
    const held = records.get(key);
    return held && held.until > performance.now() ? held.record : null;
  }

  return {
    async load(key) {
      return { record: live(key) };
    },

    async compareAndSwap(key, expected, { version, value }, { ttlMs = Number.POSITIVE_INFINITY } = {}) {
      if ((live(key)?.version ?? null) !== expected) return { swapped: false };
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
