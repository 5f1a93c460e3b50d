// Takes out of the wasm module what can never run, or never be seen.
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import binaryen from "binaryen";

/**
 * The text of a panic is never read: src/allocator.rs turns every panic into a trap. But Rust's precompiled core still builds
 * it, so its formatting and its panicking functions become the trap itself.
 */
const UNREAD =
  /(core|alloc)\[[0-9a-f]+\]::(fmt|panicking|cell::panic|cell::lazy::panic|str::count)| as core(\[[0-9a-f]+\])?::fmt::|(slice_index_fail|unwrap_failed|handle_error)$/;
/** The texts of panics and the paths they name, which stay behind in the data; blank, they compress to nothing. */
const PANIC_TEXTS = [
  /slice index starts at | but ends at |index out of bounds: the len is | but the index is |range (start|end) index /g,
  /" out of range for slice of length |memory allocation of | bytes failed|capacity overflow/g,
  /usize overflow when calculating [a-z0-9 ]*|Tried to shrink to a larger capacity|RefCell already (mutably )?borrowed/g,
  /closure invoked recursively or after being dropped|(\/crates|\/rustc|\/daraja-auth)\/[\w./-]*\.rs|00010203[0-9]{192}/g,
];

/** js-sys exports what would call Rust closures; none of ours crosses the boundary. */
const UNUSED = /^(wasm_bindgen__convert__closures|__wbindgen_free$|__instance_terminated$|__abort_handler$)/;

/**
 * Writes the module at `from`, with its names, to `to`, with short names for what it imports and exports.
 *
 * Gives those names: `imports` as [module, name, short name], `exports` as [name, short name].
 */
export function shrink(from, to, env) {
  const module = binaryen.readBinary(readFileSync(from));
  const functions = Array.from({ length: module.getNumFunctions() }, (_, i) =>
    binaryen.getFunctionInfo(module.getFunctionByIndex(i)),
  );
  for (const { name, module: importedFrom, params, results } of functions) {
    if (importedFrom || !UNREAD.test(name)) continue;
    module.removeFunction(name);
    module.addFunction(name, params, results, [], module.unreachable());
  }
  const exports = Array.from({ length: module.getNumExports() }, (_, i) =>
    binaryen.getExportInfo(module.getExportByIndex(i)),
  );
  for (const { name } of exports) if (UNUSED.test(name)) module.removeExport(name);
  const trimmed = `${to}.trimmed`;
  const blank = (text) => "\0".repeat(text.length);
  const bytes = Buffer.from(module.emitBinary()).toString("latin1");
  const blanked = PANIC_TEXTS.reduce((text, pattern) => text.replace(pattern, blank), bytes);
  writeFileSync(trimmed, blanked, "latin1");
  module.dispose();

  // Low memory is the far end of the stack: nothing lies there (-z stack-size is Rust's default of 1 MiB).
  // Flattened and restructured first, the module is smaller; the second -Oz tidies up after that.
  const passes = [
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--low-memory-unused",
    "--minify-imports-and-exports-and-modules",
    "--strip-debug",
    "--strip-producers",
  ];
  const renamed = execFileSync("wasm-opt", [...passes, "--strip-target-features", trimmed, "-o", to], { env });
  rmSync(trimmed);
  return JSON.parse(renamed);
}
