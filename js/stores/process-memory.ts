// The memory that the managers of a process share by default. A framework may load this package several times into one
// process, as Next.js does. If each copy had its own token, the copies would invalidate each other's tokens.
import { propertyOf } from "../options.ts";
import { warnIfOneOfMany } from "./many-processes.ts";
import { memoryStore } from "./memory.ts";
import type { TokenStore } from "./store.ts";

/** Other copies of this package find the stores under this name. If `StoreOf` changes, raise the number. */
const KEY = Symbol.for("daraja-auth/memory/1");
type StoreOf = (fetch: object | undefined) => TokenStore;

/**
 * Gives the store of this process for managers with this `fetch`. Each `fetch` has its own store, because a caller's
 * own function may belong to a test, and reach another Daraja. The global `fetch` counts as none. The first call in a
 * process warns if there may be other processes.
 */
export function processMemory(fetch: object | undefined): TokenStore {
  const descriptor = Object.getOwnPropertyDescriptor(globalThis, KEY) ?? {};
  let storeOf = propertyOf(descriptor, "value") as StoreOf;
  if (propertyOf(descriptor, "configurable") !== false || typeof storeOf !== "function") {
    storeOf = newStores();
    // The property cannot be replaced. The descriptor inherits nothing: a polluted Object.prototype may have a getter.
    // If the global object takes no properties, each manager has a store of its own.
    Reflect.defineProperty(globalThis, KEY, { __proto__: null, value: storeOf } as PropertyDescriptor);
    warnIfOneOfMany();
  }
  return storeOf(fetch === globalThis.fetch ? undefined : fetch);
}

function newStores(): StoreOf {
  const stores = new WeakMap<object, TokenStore>();
  return (fetch = stores) => {
    const store = stores.get(fetch) ?? withWeakWatches(memoryStore());
    stores.set(fetch, store);
    return store;
  };
}

/** Calls the function that ends a watch when the garbage collector has taken its watcher. */
const unwatched = new FinalizationRegistry((end: () => void) => end());

/** The store, but its watches do not keep a manager in memory, because the store lives longer than its managers. */
function withWeakWatches(store: Required<TokenStore>): TokenStore {
  return {
    ...store,
    watch(key, wake) {
      const watcher = new WeakRef(wake);
      const end = store.watch(key, () => watcher.deref()?.());
      unwatched.register(wake, end);
      // The manager keeps this function, and the function keeps `wake` in memory.
      return Object.assign(() => end(), { wake });
    },
  };
}
