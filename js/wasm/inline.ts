// For runtimes that compile bytes at run time. The entry holds the module as hexadecimal digits.
import digits from "#wasm/hex";
import { didYouMean } from "../did-you-mean.ts";
import { unknownOption as unknownName } from "../options.ts";
import { decodeHex } from "./hex.ts";

export const compile = (): WebAssembly.Module => new WebAssembly.Module(decodeHex(digits));

/** Whether a request must not wait for the promise or timer of another. */
export const isolated = false;

/** Gives the name of an unknown option, and asks whether a known name that is close to it was meant. */
export function unknownOption(options: unknown, known: string): string | undefined {
  const name = unknownName(options, known);
  return name && name + didYouMean(name, known.split(", "));
}

export { hintInternal } from "../internal-hint.ts";
export { hintNetwork } from "../network-hint.ts";
export { processMemory as defaultStore } from "../stores/process-memory.ts";
