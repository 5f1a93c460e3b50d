// Optimizes the module that users import, beyond what wasm-pack does.
import { execFileSync } from "node:child_process";

const PASSES = [
  // Not "-all": Node 20 to 24 reject modules that use every feature of wasm. All of these but one -Oz save 0.3 KB.
  "--flatten",
  "--rereloop",
  "-Oz",
  "-Oz",
  "--low-memory-unused",
  // Saves 2.6 KB after gzip, of 40.7 KB of workerd's entry and its module: wasm-bindgen's names end in hashes, which do
  // not compress, and stand in the module and in the glue. Without it, scripts/glue.mjs would need no names.
  "--minify-imports-and-exports-and-modules",
  "--strip-debug",
  "--strip-producers",
  "--strip-target-features",
];

/**
 * Writes the module at `from`, optimized, to `to`. Gives the short names of what it imports and exports: `imports` as
 * [module, name, short name], `exports` as [name, short name].
 */
export function optimizeWasm(from, to, env) {
  return JSON.parse(execFileSync("wasm-opt", [...PASSES, from, "-o", to], { env, encoding: "utf8" }));
}
