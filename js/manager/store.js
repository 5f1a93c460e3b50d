// What a manager asks of a store, whatever the store is; and the store that it has by default.
import { readOption } from "../options.ts";
import { checkStore } from "../stores/check-store.ts";
import { memoryStore } from "../stores/memory.ts";
import { mistyped } from "./options.js";

/** The store that the options name, unless it cannot be one. */
export function storeOf(options) {
  const { kind, value } = readOption(options, "store");
  if (kind === "undefined") return memoryStore();
  if (kind.startsWith("a property")) throw mistyped("store", "a TokenStore", kind);
  checkStore(value);
  return value;
}
