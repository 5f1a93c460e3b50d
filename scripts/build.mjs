// Builds pkg/ from the Rust crates and the entries in js/: wasm-pack, wasm-opt, esbuild. Two modules: the one that users
// import, and the simulator's. pkg/ is replaced at the end, so a build that fails leaves it as it was.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { SOURCES_HASH, sourcesHash } from "./sources.mjs";
import { fetchBuildTools, root, env as toolsEnv } from "./tools.mjs";

/** What wasm-pack makes, and the next pkg/. */
const RAW = "target/raw";
const OUT = "target/pkg";

process.chdir(root);
// First, since a file that changes during the build may or may not be in it.
const hash = sourcesHash();
await fetchBuildTools();
// Only now: on a fresh machine they were not there before.
const { build } = await import("esbuild");
const { clientGlue, simulatorGlue } = await import("./glue.mjs");
const { optimizeClient, optimizeSimulator } = await import("./optimize-wasm.mjs");
const { writeTypings } = await import("./typings.mjs");

// Panic locations hold paths; without these, two machines would build two modules.
execFileSync("cargo", ["fetch", "--locked", "--quiet"], { stdio: "inherit" });
const rustc = (...args) => execFileSync("rustc", args, { encoding: "utf8" });
const sysroot = join(rustc("--print", "sysroot").trim(), "lib", "rustlib", "src", "rust");
const commit = /^commit-hash: (.*)$/m.exec(rustc("-vV"))[1];
const cargoHome = process.env.CARGO_HOME ?? join(homedir(), ".cargo");
const registries = join(cargoHome, "registry", "src");
const remapped = [
  [cargoHome, "/cargo"],
  ...readdirSync(registries).map((name) => [join(registries, name), "/crates"]),
  [sysroot, `/rustc/${commit}`],
  [root, "/daraja-auth"],
].map(([from, to]) => `--remap-path-prefix=${from}=${to}`);

const env = { ...toolsEnv, CARGO_ENCODED_RUSTFLAGS: remapped.join("\x1f") };
/** Builds a crate into target/raw. wasm-opt runs once, below, with the passes of scripts/optimize-wasm.mjs. */
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

/**
 * Stands for the module until an entry is bundled. The digits have a line of their own, on which no code can throw: cut
 * into lines of 160, they would add 1.8 KB after gzip.
 */
const DIGITS = "the digits of the module";

/**
 * Bundles entries of js/ into pkg/, with the glue of their module. `main` is the file that they import as "daraja-auth",
 * or "daraja-auth" itself, by which the package finds its own entry of each runtime; the entries themselves have none.
 * `wasm` says how they get their module: the file in js/wasm/ that they import as "#wasm", and what that imports.
 */
async function bundle(entryPoints, glue, options, main, wasm = {}) {
  const pieces = {
    name: "pieces",
    setup({ onResolve, onLoad }) {
      // What stays a file of its own: the modules, for runtimes that take one only from an import, and CommonJS.
      onResolve({ filter: /^\.\/(\w+\.wasm|\w+\.cjs)/ }, ({ path }) => ({ path, external: true }));
      onResolve({ filter: /^daraja-auth$/ }, () =>
        main ? { path: main, external: true } : { path: join(root, "js", "error.ts") },
      );
      onResolve({ filter: /^#wasm$/ }, () => ({ path: join(root, "js", "wasm", wasm.loader) }));
      onResolve({ filter: /^#wasm\/hex$/ }, () => ({ path: join(root, OUT, wasm.module) }));
      onLoad({ filter: /\.wasm$/ }, () => ({ contents: `export default "${DIGITS}";` }));
      onResolve({ filter: /^#wasm\/module$/ }, () => ({ path: `./${wasm.module}`, external: true }));
      onResolve({ filter: /^#glue\// }, ({ path }) => ({ path, namespace: "glue" }));
      onLoad({ filter: /.*/, namespace: "glue" }, () => ({ contents: glue }));
    },
  };
  // Node prints the whole source line of an uncaught error before its message, so lines are short; and stack traces name
  // classes and functions, so identifiers stay. Together they cost 2.7 KB of the default entry after gzip.
  const readable = { minifyWhitespace: true, minifySyntax: true, lineLimit: 160 };
  const common = { bundle: true, target: "es2022", ...readable, legalComments: "none" };
  const { outputFiles } = await build({
    ...common,
    plugins: [pieces],
    entryPoints,
    outdir: OUT,
    write: false,
    // The digits come first. They are longer than gzip's window: in between, they would hide the code before them from
    // the code after them, which takes 1.4 KB more of the default entry after gzip.
    inject: wasm.loader === "inline.ts" ? [join(root, OUT, wasm.module)] : [],
    ...options,
  });
  for (const { path, text } of outputFiles) {
    const digits = () => `\n"${readFileSync(join(root, OUT, wasm.module), "hex")}"\n`;
    writeFileSync(path, text.replace(`"${DIGITS}"`, digits));
  }
}
const esm = { format: "esm", external: ["node:*"] };
/**
 * A CommonJS entry, which names its ES module: file tracers follow one path of the exports, and Node may take the other.
 *
 * They copy what is joined to `__dirname`. @vercel/nft before 1.0 does not know the condition `module-sync`, nor does a
 * later one on Node 20, and the function that they deploy would not find index.js (vercel/next.js#90567).
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
  const wasm = (module) => ({ loader, module: `${module}.wasm${query}` });
  // What runs on workers has been bundled and minified by the user's tools anyway: 1.6 KB less of workerd's entry.
  const options = loader === "import.ts" ? { ...esm, minify: true, lineLimit: 0 } : esm;
  await bundle({ [main]: "js/index.ts" }, ofClient, options, undefined, wasm("daraja_auth"));
  await bundle({ [simulator]: "js/simulator/index.ts" }, ofSimulator, options, `./${main}.js`, wasm("simulator"));
}
const inline = (module) => ({ loader: "inline.ts", module });
await bundle(["js/index.ts"], ofClient, commonjs("index.js"), undefined, inline("daraja_auth.wasm"));
await bundle(
  { simulator: "js/simulator/index.ts" },
  ofSimulator,
  commonjs("simulator.js"),
  "./index.cjs",
  inline("simulator.wasm"),
);
await bundle({ node: "js/node.js", "simulator.node": "js/simulator/node.js" }, "", esm);
copyFileSync("js/node.cjs", `${OUT}/node.cjs`);

// The functions that the module imports, as a module of their own: for the tests of the boundary, which have no glue.
await build({
  stdin: {
    contents: 'import { hostOf } from "./js/host.ts"; module.exports = hostOf(() => {}, () => false);',
    resolveDir: root,
  },
  bundle: true,
  format: "cjs",
  outfile: `${RAW}/daraja-auth-host/index.cjs`,
});
writeFileSync(`${RAW}/daraja-auth-host/package.json`, '{ "main": "index.cjs" }\n');

const stores = ["redis", "postgres", "durable-object", "dynamodb", "file"];
const others = Object.fromEntries(stores.map((name) => [name, `js/stores/${name}.ts`]));
others.testing = "js/conformance/index.ts";
others.axios = "js/axios.ts";
others["node-fetch"] = "js/node-fetch/index.ts";
await bundle(others, "", esm, "daraja-auth");
await bundle(others, "", { ...commonjs(), footer: {} }, "daraja-auth");
// For bin/, which imports it by its path. No entry of the package.
await bundle({ internal: "js/internal.ts" }, "", esm, "daraja-auth");
await writeTypings({ index: "js/index.ts", simulator: "js/simulator/index.ts", ...others }, OUT);
// The command line imports these two files, and is type-checked.
for (const [name, typings] of [
  ["node", "index"],
  ["simulator.node", "simulator"],
])
  writeFileSync(`${OUT}/${name}.d.ts`, `export * from "./${typings}.cjs";\n`);

writeFileSync(`${OUT}/${SOURCES_HASH}`, `${hash}\n`);
rmSync("pkg", { recursive: true, force: true });
renameSync(OUT, "pkg");
