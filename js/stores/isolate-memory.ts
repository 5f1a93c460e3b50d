import { CODE, warningOf } from "./many-processes.ts";
import { memoryStore } from "./memory.ts";
import type { TokenStore } from "./store.ts";

let isWarned = false;

/** Gives a memory store for one manager, because an isolate's requests must not wait for each other. Warns once. */
export function isolateMemory(): TokenStore {
  if (!isWarned) console.warn(`[${CODE}] ${warningOf("isolate")}`);
  isWarned = true;
  return memoryStore();
}
