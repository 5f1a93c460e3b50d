// Builds pkg/ from the Rust crates, the entries in js/ and the page in www/, with wasm-pack, wasm-opt, esbuild and
// terser. There are two modules: the one that users import, and the simulator's. pkg/ is replaced at the end, so a
// build that fails does not change it.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { SOURCES_HASH, sourcesHash } from "./sources.mjs";
import { fetchBuildTools, root, env as toolsEnv } from "./tools.mjs";

/** The output of wasm-pack, and the folder that becomes pkg/. */
const RAW = "target/raw";
const OUT = "target/pkg";

process.chdir(root);
// The hash is computed first. If a source changes during the build, pkg/ then counts as old.
const hash = sourcesHash();
await fetchBuildTools();
// These are imported here, because on a new machine the npm packages are installed only now.
const { build } = await import("esbuild");
const { clientGlue, simulatorGlue } = await import("./glue.mjs");
const { optimizeClient, optimizeSimulator } = await import("./optimize-wasm.mjs");
const { minifyEntry } = await import("./minify-entry.mjs");
const { writePage } = await import("./minify-page.mjs");
const { writeTypings } = await import("./typings.mjs");

// The module contains the paths of source files, because panics name them. Here these paths are replaced, because each
// machine would otherwise build other bytes. `trim-paths` could do that:
// https://rust-lang.github.io/rfcs/3127-trim-paths.html
execFileSync("cargo", ["fetch", "--locked", "--quiet"], { stdio: "inherit" });
const rustc = (/** @type {string[]} */ ...args) => execFileSync("rustc", args, { encoding: "utf8" });
const sysroot = join(rustc("--print", "sysroot").trim(), "lib", "rustlib", "src", "rust");
const commit = /^commit-hash: (.*)$/m.exec(rustc("-vV"))?.[1];
if (commit === undefined) throw new Error("rustc -vV says no commit-hash");
const cargoHome = process.env.CARGO_HOME ?? join(homedir(), ".cargo");
const registries = join(cargoHome, "registry", "src");
const remapped = [
  [cargoHome, "/cargo"],
  ...readdirSync(registries).map((name) => [join(registries, name), "/crates"]),
  [sysroot, `/rustc/${commit}`],
  [root, "/daraja-auth"],
].map(([from, to]) => `--remap-path-prefix=${from}=${to}`);

const env = { ...toolsEnv, CARGO_ENCODED_RUSTFLAGS: remapped.join("\x1f") };
/**
 * Builds a crate into target/raw. Here wasm-pack does not run wasm-opt, since scripts/optimize-wasm.mjs does. That saves
 * 4 s.
 *
 * @param {string} crate
 * @param {string} name
 */
async function wasmPack(crate, name) {
  const target = ["--release", "--no-opt", "--target", "bundler", "--out-dir", join(root, RAW), "--out-name", name];
  const args = ["build", crate, "--mode", "no-install", "--no-pack", "--no-gitignore", ...target, "--", "--locked"];
  const child = spawn("wasm-pack", args, { stdio: "inherit", env });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`wasm-pack failed for ${name}, as above`);
}
rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
await wasmPack(".", "daraja_auth");
// wasm-opt and cargo each keep one core busy, so they work side by side.
const [names] = await Promise.all([
  optimizeClient(`${RAW}/daraja_auth_bg.wasm`, `${OUT}/daraja_auth.wasm`, env),
  wasmPack(join("crates", "simulator-wasm"), "simulator").then(() =>
    optimizeSimulator(`${RAW}/simulator_bg.wasm`, `${OUT}/simulator.wasm`, env),
  ),
]);

const { homepage } = JSON.parse(readFileSync("package.json", "utf8"));
/** The page that `error.docs` leads to, as an expression of JavaScript. */
const ERRORS_PAGE = JSON.stringify(homepage.replace("#readme", "/blob/main/docs/errors.md"));

/** The variable that contains the module of an entry as digits. It is in the entry's first line. */
const DIGITS = "DIGITS_OF_MODULE";

/**
 * Bundles entries of js/ into the future pkg/, with the glue of their module. `main` is the file that they import as
 * "daraja-auth". It can be "daraja-auth" itself, so that the runtime chooses the entry. Main entries have no `main`.
 * `wasm` says which files they get for the names that begin with "#": `loader` is the file in js/wasm/ for "#wasm",
 * `module` is the file that the loader imports, and `store` is the file in js/env/ for "#store".
 *
 * @param {import("esbuild").BuildOptions["entryPoints"]} entryPoints
 * @param {string} glue
 * @param {import("esbuild").BuildOptions} options
 * @param {string} [main]
 * @param {{ loader?: string, module?: string, store?: string }} wasm An entry without a module has no `loader` and no
 *   `module`.
 */
async function bundle(entryPoints, glue, options, main, wasm = {}) {
  /** @type {import("esbuild").Plugin} */
  const pieces = {
    name: "pieces",
    setup({ onResolve, onLoad }) {
      // These stay separate files: the modules, for runtimes that only import them, and the CommonJS entries.
      onResolve({ filter: /^\.\/(\w+\.wasm|\w+\.cjs)/ }, ({ path }) => ({ path, external: true }));
      onResolve({ filter: /^daraja-auth$/ }, () =>
        main ? { path: main, external: true } : { path: join(root, "js", "error.ts") },
      );
      onResolve({ filter: /^#wasm$/ }, () => ({ path: join(root, "js", "wasm", `${wasm.loader}`) }));
      onResolve({ filter: /^#wasm\/hex$/ }, () => ({ path: join(root, OUT, `${wasm.module}`) }));
      onLoad({ filter: /\.wasm$/ }, () => ({ contents: `export default ${DIGITS};` }));
      onResolve({ filter: /^#wasm\/module$/ }, () => ({ path: `./${wasm.module}`, external: true }));
      onResolve({ filter: /^#store$/ }, () => ({ path: join(root, "js", "env", wasm.store ?? "open-store.ts") }));
      onResolve({ filter: /\/bin\/store\.js$/ }, () => ({ path: "../bin/store.js", external: true }));
      onResolve({ filter: /^#glue\// }, ({ path }) => ({ path, namespace: "glue" }));
      onLoad({ filter: /.*/, namespace: "glue" }, () => ({ contents: glue }));
    },
  };
  /** @type {import("esbuild").BuildOptions} */
  const common = { bundle: true, target: "es2022", legalComments: "none", define: { ERRORS_PAGE } };
  const { outputFiles } = await build({
    ...common,
    plugins: [pieces],
    entryPoints,
    outdir: OUT,
    write: false,
    ...options,
  });
  for (const { path, text } of outputFiles ?? []) {
    const forWorkers = wasm.loader === "import.ts";
    // esbuild's loop over the exports of a CommonJS entry would also find what a program has put on Object.prototype.
    const own = text.replace("for (var name in all)", "for (var name of Object.keys(all))");
    const code = await minifyEntry(own, { format: options.format, forWorkers, isMain: main === undefined });
    // The digits come first. They are longer than gzip's window of 32 KiB (RFC 1951). In the middle of the code, gzip
    // could not find repetitions across them, and the default entry would be 1.4 KB larger. They are one long line, in
    // which no code can throw. In lines of 160 characters they would add 1.8 KB after gzip.
    const digits = () =>
      `"use strict";const ${DIGITS}=\n"${readFileSync(join(root, OUT, `${wasm.module}`), "hex")}";\n`;
    writeFileSync(path, code.includes(DIGITS) ? `${digits()}${code}` : code);
  }
}
/** @type {import("esbuild").BuildOptions} */
const esm = { format: "esm", external: ["node:*"] };
/**
 * The options of a CommonJS entry. Its last line names its ES module, because a file tracer follows one condition of
 * the exports, and Node may use another.
 *
 * Tracers copy a file whose name is joined to `__dirname`. @vercel/nft before 1.0 does not know the condition
 * `module-sync`, and later versions do not know it on Node 20. Without the line, the deployed function would not find
 * index.js: https://github.com/vercel/next.js/issues/90567
 *
 * @param {string} [sibling]
 * @returns {import("esbuild").BuildOptions}
 */
const commonjs = (sibling) => ({
  format: "cjs",
  platform: "node",
  outExtension: { ".js": ".cjs" },
  footer: { js: `typeof __dirname === "string" && __dirname + "/${sibling}";` },
});

const ofClient = await clientGlue(names);
const ofSimulator = await simulatorGlue();
for (const [main, simulator, loader, query] of [
  ["index", "simulator", "inline.ts", ""],
  ["workerd", "simulator.workerd", "import.ts", ""],
  ["edge-light", "simulator.edge-light", "import.ts", "?module"],
]) {
  const wasm = (/** @type {string} */ module) => ({ loader, module: `${module}.wasm${query}` });
  await bundle({ [main]: "js/index.ts" }, ofClient, esm, undefined, wasm("daraja_auth"));
  await bundle({ [simulator]: "js/simulator/index.ts" }, ofSimulator, esm, `./${main}.js`, wasm("simulator"));
}
const inlined = { loader: "inline.ts", module: "daraja_auth.wasm" };
await bundle(["js/index.ts"], ofClient, commonjs("index.js"), undefined, inlined);
const ofFile = { loader: "file.ts" };
await bundle({ simulator: "js/simulator/index.ts" }, ofSimulator, commonjs("simulator.js"), "./index.cjs", ofFile);

const require = createRequire(import.meta.url);
/** The names that a CommonJS entry exports. */
const exportsOf = (/** @type {string} */ entry) => Object.keys(require(join(root, OUT, `${entry}.cjs`))).join(", ");
/**
 * Writes an ES module with the exports of a CommonJS entry: a program that imports and requires the package has one
 * module and one class of errors.
 *
 * @param {string} entry
 * @param {string} name
 * @param {string} path
 */
function writeImportOf(entry, name, path) {
  const text = `import entry from "./${path}.cjs";\n\nexport const { ${exportsOf(entry)} } = entry;\n`;
  writeFileSync(`${OUT}/${name}.js`, text);
}
// If an ES module imports a CommonJS file, Node scans that file for the names of its exports. For a file as long as
// index.cjs this takes 6 to 8 ms in Node 20 and 22. For this one it takes no time.
const ofIndex = exportsOf("index");
writeFileSync(`${OUT}/node.cjs`, `const { ${ofIndex} } = require("./index.cjs");\nmodule.exports = { ${ofIndex} };\n`);
writeImportOf("index", "node", "node");
writeImportOf("simulator", "simulator.node", "simulator");

// The functions that the module imports, as a separate module. The tests of the boundary, which run without our
// glue, import it. It starts no module, so the import of the digits is dropped.
/** @type {import("esbuild").Plugin} */
const noModule = {
  name: "no module",
  setup({ onResolve }) {
    onResolve({ filter: /^#wasm$/ }, () => ({ path: join(root, "js", "wasm", "inline.ts") }));
    onResolve({ filter: /^#wasm\/hex$/ }, ({ path }) => ({ path, external: true, sideEffects: false }));
  },
};
await build({
  stdin: {
    contents: `
      import { hostOf } from "./js/host.ts";
      import { unknownOption } from "./js/options.ts";
      module.exports = hostOf(() => {}, () => false, (fields) => fields, unknownOption);`,
    resolveDir: root,
  },
  bundle: true,
  define: { ERRORS_PAGE },
  alias: { "daraja-auth": "./js/error.ts" },
  plugins: [noModule],
  format: "cjs",
  outfile: `${RAW}/daraja-auth-host/index.cjs`,
});
writeFileSync(`${RAW}/daraja-auth-host/package.json`, '{ "main": "index.cjs" }\n');

const stores = ["redis", "postgres", "durable-object", "dynamodb", "file"];
const others = Object.fromEntries(stores.map((name) => [name, `js/stores/${name}.ts`]));
others.testing = "js/conformance/index.ts";
others.axios = "js/axios.ts";
others.pool = "js/token-pool.ts";
others["node-fetch"] = "js/node-fetch/index.ts";
others.env = "js/env/index.ts";
await bundle(others, "", esm, "daraja-auth");
await bundle(others, "", { ...commonjs(), footer: {} }, "daraja-auth");
await bundle({ "env.workerd": "js/env/index.ts" }, "", esm, "daraja-auth", { store: "no-store.ts" });
// bin/ imports this file by its path. It is not an entry of the package.
await bundle({ internal: "js/internal.ts" }, "", esm, "daraja-auth");
// bin/ is checked strictly, and tsc checks the files that it imports too. This one was checked as TypeScript already.
const internal = `${OUT}/internal.js`;
writeFileSync(internal, `// @ts-nocheck\n${readFileSync(internal, "utf8")}`);
await writeTypings({ index: "js/index.ts", simulator: "js/simulator/index.ts", ...others }, OUT);
// The command line imports these two files, so its type check needs their typings.
for (const [name, typings] of [
  ["node", "index"],
  ["simulator.node", "simulator"],
])
  writeFileSync(`${OUT}/${name}.d.ts`, `export * from "./${typings}.cjs";\n`);

await writePage(join(root, OUT, "page"));

writeFileSync(`${OUT}/${SOURCES_HASH}`, `${hash}\n`);
rmSync("pkg", { recursive: true, force: true });
renameSync(OUT, "pkg");
