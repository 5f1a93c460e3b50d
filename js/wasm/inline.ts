// For runtimes that compile bytes at run time. The entry holds the module as hexadecimal digits.
import digits from "#wasm/hex";
import { didYouMean } from "../did-you-mean.ts";
import { decodeHex } from "./hex.ts";

export const compile = (): WebAssembly.Module => new WebAssembly.Module(decodeHex(digits));

/** Whether a request must not wait for the promise or timer of another. */
export const isolated = false;

/** The question after an unknown option. `known` has the names, separated by commas and spaces. */
export const optionMeant = (name: string, known: string): string => didYouMean(name, known.split(", "));

export { hintNetwork } from "../network-hint.ts";
export { processMemory as defaultStore } from "../stores/process-memory.ts";
