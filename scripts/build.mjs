// Builds pkg/ from the Rust crate and the entries in js/: wasm-pack, shrink, esbuild.
import { execFileSync } from "node:child_process";
import { copyFileSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fetchBuildTools, root, env as toolsEnv } from "./tools.mjs";

process.chdir(root);
fetchBuildTools();
// Only now: on a fresh machine they were not there before.
const { build } = await import("esbuild");
const { shrink } = await import("./shrink.mjs");

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
const target = ["--release", "--target", "bundler", "--out-dir", "pkg/raw", "--no-pack", "--no-gitignore"];
const cargo = ["--locked", "--features", "package"];
rmSync("pkg", { recursive: true, force: true });
execFileSync("wasm-pack", ["build", "--mode", "no-install", ...target, "--", ...cargo], { stdio: "inherit", env });

const { imports, exports } = shrink("pkg/raw/daraja_auth_bg.wasm", "pkg/daraja_auth.wasm", env);

/**
 * The generated glue as a function of what it imports, so that nothing of it runs at import and each instance has glue
 * of its own. What the module does not import is left out.
 */
const named = imports
  .filter(([module]) => module === "./daraja_auth_bg.js")
  .map(([, name, short]) => `${short}: ${name}`);
const fromHost = imports
  .filter(([module]) => module !== "./daraja_auth_bg.js")
  .map(([, name, short]) => `${short}: host.${name}`);
const members = ["generateToken", "judge", "start", "__wbg_set_wasm", ...named];
const { outputFiles } = await build({
  stdin: {
    contents: `import { ${members.map((member) => member.split(": ").at(-1)).join(", ")} } from "./daraja_auth_bg.js";
      glue = { ${[...members, ...fromHost].join(", ")} };`,
    resolveDir: "pkg/raw",
  },
  bundle: true,
  write: false,
  format: "iife",
  target: "es2022",
  minify: true,
  plugins: [
    {
      name: "names",
      setup({ onResolve, onLoad }) {
        const shorts = new Map(exports);
        onLoad({ filter: /_bg\.js$/ }, ({ path }) => {
          const source = `${readFileSync(path, "utf8")}export function start() { wasm.__wbindgen_start(); }`;
          return { contents: source.replace(/\bwasm\.(\w+)/g, (_, name) => `wasm.${shorts.get(name) ?? name}`) };
        });
        onResolve({ filter: /\/host\.js$/ }, ({ path }) => ({ path, namespace: "host" }));
        const names = "at, drive, error, find, hasFetch, strangerIn, token";
        onLoad({ filter: /.*/, namespace: "host" }, () => ({ contents: `export const { ${names} } = host;` }));
      },
    },
  ],
});
const createGlue = `export function createGlue(host) {
  let glue;
  ${outputFiles[0].text}
  return glue;
}`;
const glue = {
  name: "glue",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^glue$/ }, ({ path }) => ({ path, namespace: "glue" }));
    onLoad({ filter: /.*/, namespace: "glue" }, () => ({ contents: createGlue }));
  },
};

/** What stays a file of its own: the module, for runtimes that take one only from an import, and the CommonJS entry. */
const beside = {
  name: "beside",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/(daraja_auth\.wasm|node\.cjs)/ }, ({ path }) => ({ path, external: true }));
  },
};
const common = {
  bundle: true,
  target: "es2022",
  minify: true,
  plugins: [beside, glue],
  loader: { ".wasm": "base64" },
  legalComments: "none",
};
const entryPoints = ["index", "workerd", "edge-light", "node"].map((name) => `js/${name}.js`);
await build({ ...common, format: "esm", outdir: "pkg", entryPoints });
await build({ ...common, format: "cjs", platform: "node", outfile: "pkg/index.cjs", entryPoints: ["js/index.js"] });
copyFileSync("js/node.cjs", "pkg/node.cjs");
for (const name of ["index.d.ts", "index.d.cts"]) copyFileSync("pkg/raw/daraja_auth.d.ts", join("pkg", name));
