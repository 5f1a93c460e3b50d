// For require in Node: the simulator's module is a file beside the entry. As digits it would add 109 KB to the tarball.
// Tools that trace or copy files know this form. Bundlers use the condition "module", and so the entry with the digits.
import { readFileSync } from "node:fs";
import { join } from "node:path";

export const compile = (): WebAssembly.Module =>
  new WebAssembly.Module(readFileSync(join(__dirname, "simulator.wasm")));
