import { readOption } from "../options.ts";
import { checkStore } from "../stores/check-store.ts";
import { memoryStore } from "../stores/memory.ts";
import type { TokenStore } from "../stores/store.ts";
import { mistyped } from "./options.ts";

/** Gives the store of a manager's options, by default one of its own. Throws if the value cannot be a store. */
export function storeOf(options: unknown): TokenStore {
  const { kind, value } = readOption(options, "store");
  if (kind === "undefined") return memoryStore();
  if (kind.startsWith("a property")) throw mistyped("store", "a TokenStore", kind);
  checkStore(value);
  return value;
}
