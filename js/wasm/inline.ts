// For runtimes that compile bytes at run time. The entry holds the module as hexadecimal digits.
import digits from "#wasm/hex";
import { decodeHex } from "./hex.ts";

export const compile = (): WebAssembly.Module => new WebAssembly.Module(decodeHex(digits));

/** Whether no request may wait for the promise or the timer of another one. */
export const isolated = false;

export { processMemory as defaultStore } from "../stores/process-memory.ts";
