import { defaultStore } from "#wasm";
import { readOption } from "../options.ts";
import { checkStore } from "../stores/check-store.ts";
import { memoryStore } from "../stores/memory.ts";
import type { TokenStore } from "../stores/store.ts";
import type { TokenManagerSettings } from "./settings.ts";

/** Gives the store of a manager's options, by default the memory of the process. Throws if it cannot be a store. */
export function storeOf(options: TokenManagerSettings): TokenStore {
  const { kind, value } = readOption(options, "store");
  if (kind === "undefined") {
    // A manager with the option `now` has its own memory: a token may be valid by one clock and expired by another.
    return options.now ? memoryStore() : defaultStore(options.fetch);
  }
  checkStore(value, kind);
  return value;
}
