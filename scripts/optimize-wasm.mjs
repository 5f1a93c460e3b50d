// Optimizes the two modules with wasm-opt. scripts/build.mjs turns off wasm-pack's own run of wasm-opt.
//
// The sizes below are after gzip. They were measured with binaryen 132, when the published module had 28,182 bytes.
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Removes the names of functions and the sections that tools added. */
const STRIP = ["--strip-debug", "--strip-producers", "--strip-target-features"];

const PASSES = [
  // No feature is turned on: Node 20 to 24 reject modules that use every feature of wasm, which "-all" would allow.
  "--flatten",
  // Together with --flatten this rebuilds the control flow, which saves 160 bytes.
  "--rereloop",
  "-Oz",
  // Tells the second run which functions only read. Saves 27 bytes.
  "--generate-global-effects",
  // The second run saves 98 bytes.
  "-Oz",
  // A repeated expression compresses better than the local variable that this pass puts in its place: 97 bytes.
  "--skip-pass=local-cse",
  "--low-memory-unused",
  // Every load and store says the same alignment, which is only a hint. Saves 78 bytes.
  "--dealign",
  // Functions of one module of Rust stand together, so gzip finds more repetitions: 47 bytes.
  "--reorder-functions-by-name",
];

const CLIENT = [
  // The glue does not use it: see UNNEEDED in scripts/glue.mjs. Saves 37 bytes.
  "--remove-exports=__wbindgen_realloc",
  ...PASSES,
  // Saves 2.6 KB of the 40.7 KB of workerd's entry and its module: wasm-bindgen's names end in hashes, which do not
  // compress, and which are in the module and in the glue. scripts/glue.mjs writes the short names into the glue. This
  // could go if wasm-bindgen wrote names without hashes: https://github.com/wasm-bindgen/wasm-bindgen/issues/3909
  "--minify-imports-and-exports-and-modules",
];

/**
 * Optimizes the module that users import, from one file into another. Returns the short names of its imports and
 * exports: `imports` as [module, name, short name], `exports` as [name, short name].
 *
 * @param {string} from
 * @param {string} to
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ imports: [string, string, string][], exports: [string, string][] }>}
 */
export async function optimizeClient(from, to, env) {
  const { stdout } = await run("wasm-opt", [...CLIENT, ...STRIP, from, "-o", to], { env });
  return JSON.parse(stdout);
}

/**
 * Optimizes the simulator's module, from one file into another. The module keeps wasm-bindgen's names, because its size
 * matters less.
 *
 * @param {string} from
 * @param {string} to
 * @param {NodeJS.ProcessEnv} env
 */
export async function optimizeSimulator(from, to, env) {
  await run("wasm-opt", [...PASSES, ...STRIP, from, "-o", to], { env });
}
