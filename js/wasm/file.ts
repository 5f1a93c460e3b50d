// For require in Node: the simulator's module is a file beside the entry. As digits it would add 109 KB to the tarball.
// Tools that trace or copy files recognise this form of a path. Bundlers use the condition "module", so they get the
// entry with the digits.
import { readFileSync } from "node:fs";
import { join } from "node:path";

export const compile = (): WebAssembly.Module =>
  new WebAssembly.Module(readFileSync(join(__dirname, "simulator.wasm")));

export { hintInternal } from "../internal-hint.ts";
