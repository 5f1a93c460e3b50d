// For runtimes that compile bytes at run time. The entry holds the module as hexadecimal digits.
import digits from "#wasm/hex";
import { decodeHex } from "./hex.ts";

export const compile = (): WebAssembly.Module => new WebAssembly.Module(decodeHex(digits));

/** Whether a request must not wait for the promise or timer of another. */
export const isolated = false;

export { hintNetwork } from "../network-hint.ts";
export { processMemory as defaultStore } from "../stores/process-memory.ts";
