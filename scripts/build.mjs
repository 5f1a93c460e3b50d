// Builds pkg/ from the Rust crate and the entries in js/: wasm-pack, wasm-opt, esbuild.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);

const rustflags = [
  `--remap-path-prefix=${process.env.CARGO_HOME ?? join(homedir(), ".cargo")}=/cargo`,
  `--remap-path-prefix=${resolve(root)}=/daraja-auth`,
];
rmSync("pkg", { recursive: true, force: true });
execFileSync(
  "wasm-pack",
  ["build", "--release", "--target", "bundler", "--mode", "no-install", "--no-pack", "--no-gitignore", "--out-dir", "pkg/raw", "--", "--locked"],
  {
    stdio: "inherit",
    env: {
      ...process.env,
      CARGO_ENCODED_RUSTFLAGS: rustflags.join("\x1f"),
      PATH: [resolve(".tools/bin"), resolve("node_modules/.bin"), process.env.PATH].join(delimiter),
    },
  },
);

/** The generated glue as a function, so that nothing of it runs at import and each instance has glue of its own. */
const glue = {
  name: "glue",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^glue$/ }, () => ({ path: resolve("pkg/raw/daraja_auth_bg.js"), namespace: "glue" }));
    onLoad({ filter: /.*/, namespace: "glue" }, async ({ path }) => {
      const { code } = await transform(readFileSync(path, "utf8"), { format: "cjs", target: "es2022" });
      return { contents: `export function createGlue(DarajaError) { const module = {};\n${code}\nreturn module.exports; }` };
    });
  },
};
/** The .wasm beside the entry, for the runtimes that take a module only from an import. */
const beside = {
  name: "beside",
  setup({ onResolve }) {
    onResolve({ filter: /\.\/(daraja_auth\.wasm|node\.cjs)/ }, ({ path }) => ({ path, external: true }));
  },
};
const common = { bundle: true, target: "es2022", minifySyntax: true, minifyWhitespace: true, plugins: [beside, glue], loader: { ".wasm": "base64" }, legalComments: "none" };
await build({ ...common, format: "esm", outdir: "pkg", entryPoints: ["js/index.js", "js/workerd.js", "js/edge-light.js", "js/node.js"] });
await build({ ...common, format: "cjs", platform: "node", outfile: "pkg/index.cjs", entryPoints: ["js/index.js"] });
copyFileSync("js/node.cjs", "pkg/node.cjs");
copyFileSync("pkg/raw/daraja_auth_bg.wasm", "pkg/daraja_auth.wasm");
for (const name of ["index.d.ts", "index.d.cts"]) copyFileSync("pkg/raw/daraja_auth.d.ts", join("pkg", name));
