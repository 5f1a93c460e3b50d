// Turns wasm-bindgen's glue into a function. No part of it runs at import, and each instance of a module has its own
// glue.
//
// The glue of `--target bundler` has one global variable for the instance. After a trap we start another instance. With
// a shared glue, objects of the ended instance would free memory in the new one. This could go if wasm-bindgen's glue
// could be instantiated more than once: https://github.com/wasm-bindgen/wasm-bindgen/issues/4888
import { readFileSync } from "node:fs";
import { build } from "esbuild";

const HOST = "daraja-auth-host";
/** The functions that src/ imports from it. `hostOf` of js/host.ts makes them. */
const OF_HOST = `
  darajaError, accessToken, attempt, call, hasFetch, readOption, safeCause, tokenRequest, unknownOption, valueAt,
  storedRecord, load, write, generate, wait, complete, fail, failAsBefore, liveToken, limits, tokenEvent`;
/** The exports of src/ that js/instance.ts uses. */
const EXPORTS = [
  "ManagerCore",
  "attemptEnded",
  "closedError",
  "generateToken",
  "judgeError",
  "lateError",
  "optionNames",
  "__wbg_set_wasm",
];

/**
 * The glue reads the property `detached` of the old buffer, which says that the memory has grown. Node 20 has no such
 * property. If a merge of JSON has left one on Object.prototype, the glue would read that.
 */
const DETACHED = /(\w+)\.buffer\.detached === true \|\| \(\1\.buffer\.detached === undefined && .*?\.buffer\)/g;

/**
 * What the glue does not need, and what takes its place. Without these parts workerd's entry is 200 bytes smaller.
 *
 * The first three make the glue that of wasm-bindgen's option `--encode-into never`, which wasm-pack cannot pass: a
 * text is encoded first and then copied, without a loop for ASCII and without code for runtimes that lack `encodeInto`.
 * The last is for Safari, whose decoder fails after 2 GB of text. The module decodes less than 1 KB for a token.
 *
 * @type {[RegExp, string][]}
 */
const UNNEEDED = [
  [/, wasm\.__wbindgen_realloc\b/g, ""],
  [/if \(realloc === undefined\) (\{[\s\S]*?\n {4}\})[\s\S]*?(?=\n\})/, "$1"],
  [/if \(!\('encodeInto' in cachedTextEncoder\)\) \{[\s\S]*?\n\}/, ""],
  [/numBytesDecoded \+= [\s\S]*?\n {4}\}\n/, ""],
];

/** @param {string} text */
const withoutUnneeded = (text) =>
  UNNEEDED.reduce((glue, [pattern, replacement]) => {
    if (glue.search(pattern) < 0) throw new Error(`wasm-bindgen's glue has nothing that matches ${pattern}`);
    return glue.replace(pattern, replacement);
  }, text);

/**
 * Returns the source of `createGlue(host)` for the module that users import. `host` has the functions of
 * "daraja-auth-host", which src/ declares.
 *
 * The result has wasm-bindgen's exports, and `imports` for WebAssembly.Instance. The names of the imports and exports
 * of the module are those that scripts/optimize-wasm.mjs gave them.
 *
 * @param {Awaited<ReturnType<typeof import("./optimize-wasm.mjs").optimizeClient>>} names
 */
export function clientGlue({ imports, exports }) {
  const shortOf = new Map(exports);
  const shortNames = (/** @type {string} */ text) =>
    withoutUnneeded(text).replace(/\bwasm\.(\w+)/g, (_, name) => `wasm.${shortOf.get(name) ?? name}`);
  const members = imports.map(([from, name, short]) => `${short}: ${from === HOST ? "host" : "glue"}.${name}`);
  // Each export is named, so that esbuild leaves out the others.
  const contents = `
    import * as glue from "./daraja_auth_bg.js";
    exported = {
      ${EXPORTS.map((name) => `${name}: glue.${name}`).join(", ")},
      imports: { a: { ${members.join(", ")} } },
      start: (exports) => exports.${shortOf.get("__wbindgen_start")}(),
    };`;
  return createGlue(contents, shortNames);
}

/** Returns the source of `createGlue()` for the simulator's module, which keeps wasm-bindgen's names. */
export function simulatorGlue() {
  const source = readFileSync("target/raw/simulator_bg.js", "utf8");
  const names = [...source.matchAll(/^export (?:function|class|const|let) (\w+)/gm)].map(([, name]) => name);
  // Each export is named: for a namespace import, esbuild writes a loop that fails if Object.prototype has a member.
  const contents = `import { ${names.join(", ")} } from "./simulator_bg.js"; exported = { ${names.join(", ")} };`;
  return createGlue(contents, (text) => text);
}

/**
 * Bundles `contents` with wasm-bindgen's glue, in which `rename` changes the names of the module's exports.
 *
 * @param {string} contents
 * @param {(text: string) => string} rename
 */
async function createGlue(contents, rename) {
  /** @type {import("esbuild").Plugin} */
  const plugin = {
    name: "glue",
    setup({ onResolve, onLoad }) {
      onLoad({ filter: /_bg\.js$/ }, ({ path }) => {
        const text = readFileSync(path, "utf8").replace(DETACHED, (_, view) => `${view}.buffer !== wasm.memory.buffer`);
        return { contents: rename(text) };
      });
      onResolve({ filter: new RegExp(`^${HOST}$`) }, () => ({ path: HOST, namespace: HOST }));
      onLoad({ filter: /.*/, namespace: HOST }, () => ({ contents: `export const { ${OF_HOST} } = host;` }));
    },
  };
  const stdin = { contents, resolveDir: "target/raw" };
  /** @type {import("esbuild").BuildOptions} */
  const options = {
    ...{ bundle: true, write: false, format: "iife", target: "es2022", minify: true, plugins: [plugin] },
    // No code of ours disposes of an object of the glue. Without the methods for it, workerd's entry is 24 bytes less.
    define: { "Symbol.dispose": "undefined" },
  };
  const { outputFiles = [] } = await build({ ...options, stdin });
  return `export function createGlue(host) {
    let exported;
    ${outputFiles[0].text}
    return exported;
  }`;
}
