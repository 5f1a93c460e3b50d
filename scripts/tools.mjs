// Fetches the tools of the other scripts: the Rust toolchain, the programs built with it, the npm packages. It needs
// only Node and rustup.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = resolve(fileURLToPath(new URL("..", import.meta.url)));
const folder = join(root, ".tools");
const read = (/** @type {string} */ file) => readFileSync(join(root, file), "utf8");

/** The environment in which the tools are found. */
export const env = {
  ...process.env,
  PATH: [join(folder, "bin"), join(root, "node_modules", "binaryen", "bin"), process.env.PATH].join(delimiter),
};

/**
 * Runs a command in the project's folder, and shows its output.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {import("node:child_process").ExecFileSyncOptions} options
 */
export function run(command, args, options = {}) {
  execFileSync(command, args, { cwd: root, stdio: "inherit", env, ...options });
}

/**
 * Runs a command as `run` does, but without blocking this process, so that two commands can run side by side.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptions} options
 */
export function runAsync(command, args, options = {}) {
  const child = spawn(command, args, { cwd: root, stdio: "inherit", env, ...options });
  return new Promise((/** @type {(value?: undefined) => void} */ resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${command} ${args[0]} ended with ${code}, as above`));
    });
  });
}

/**
 * The command that runs npm. If `npm run` started this process, it is the same npm, because Windows cannot start `npm`
 * without a shell.
 *
 * @param {string[]} args
 * @returns {[command: string, args: string[]]}
 */
export function npm(...args) {
  const { npm_execpath: script } = process.env;
  return script?.endsWith("npm-cli.js") ? [process.execPath, [script, ...args]] : ["npm", args];
}

/** Fetches the tools and packages of the build. */
export async function fetchBuildTools() {
  await Promise.all([fetchRust().then(fetchWasmTools), fetchPackages("build")]);
}

/** Installs the toolchain of rust-toolchain.toml. rustup may be configured not to install it by itself. */
export async function fetchRust() {
  const [, channel = "stable"] = /channel = "(.*)"/.exec(read("rust-toolchain.toml")) ?? [];
  const rustup = (/** @type {string[]} */ ...args) => spawnSync("rustup", args, { encoding: "utf8", cwd: root });
  const found = rustup("--version");
  if (found.error) throw new Error("rustup is missing. Install it from https://rustup.rs, then try again.");
  const installed = rustup("component", "list", "--installed", "--toolchain", channel).stdout ?? "";
  if (["clippy", "rustfmt", "rust-std-wasm32-unknown-unknown"].every((part) => installed.includes(part))) return;
  console.log(`Installing Rust ${channel}: half a minute`);
  const parts = ["--component", "clippy,rustfmt", "--target", "wasm32-unknown-unknown"];
  await runAsync("rustup", ["toolchain", "install", channel, "--profile", "minimal", ...parts]);
}

/** Builds the programs of wasm-pack and wasm-bindgen, unless the PATH has them in the right versions. */
export async function fetchWasmTools() {
  const manifest = read("scripts/tools/Cargo.toml");
  const [, bindgen = ""] = /^wasm-bindgen-cli = .*"=([\d.]+)"/m.exec(manifest) ?? [];
  const [, pack = ""] = /^wasm-pack = "=([\d.]+)"/m.exec(manifest) ?? [];
  // wasm-bindgen's program and its crate must have the same version.
  if (!read("Cargo.lock").includes(`name = "wasm-bindgen"\nversion = "${bindgen}"`)) {
    throw new Error("scripts/tools/Cargo.toml has another version of wasm-bindgen than Cargo.lock");
  }
  const versions = { "wasm-pack": pack, "wasm-bindgen": bindgen, "wasm-bindgen-test-runner": bindgen };
  if (Object.entries(versions).every(([name, version]) => versionOf(name) === version)) return;
  console.log("Building wasm-pack and wasm-bindgen, which make WebAssembly of Rust: two minutes, once");
  const target = join(folder, "target");
  await runAsync("cargo", ["install", "--path", "scripts/tools", "--locked", "--root", folder, "--target-dir", target]);
  rmSync(target, { recursive: true, force: true });
}

/** Builds cargo-deny, which checks licences, sources and advisories of crates, unless the PATH has this version. */
export async function fetchCargoDeny() {
  const version = "0.20.2";
  if (versionOf("cargo-deny") === version) return;
  console.log("Building cargo-deny, which looks at the licences and sources of crates: two minutes, once");
  const quick = { CARGO_PROFILE_RELEASE_OPT_LEVEL: "0", CARGO_PROFILE_RELEASE_LTO: "off" };
  const args = ["install", "cargo-deny", "--version", version, "--locked", "--root", folder];
  await runAsync("cargo", args, { env: { ...env, ...quick } });
}

/**
 * The version of a program that prints `name 1.2.3`, or undefined if there is none.
 *
 * @param {string} name
 */
function versionOf(name) {
  const { stdout } = spawnSync(name, ["--version"], { encoding: "utf8", env });
  return stdout?.match(/ (\d+\.\d+\.\d+)\b/)?.[1];
}

/**
 * npm's options for each set of packages: those of a build, those of `npm test` too, and those of all workspaces, with
 * the other runtimes. Each set contains the sets before it. `null` takes back the setting in .npmrc. The workspace has
 * its name here, because its folder would also select tests/matrix.
 */
const SETS = {
  build: ["--workspaces=false"],
  tests: ["--workspaces=null", "--workspace=daraja-auth-tests", "--include-workspace-root"],
  all: ["--workspaces", "--include-workspace-root"],
};
/** Names the set in node_modules, and the lock file that it was fetched by. */
const stamp = join(folder, "npm-packages");

/**
 * Fetches a set of npm packages, unless node_modules has them as the lock file says.
 *
 * @param {keyof typeof SETS} set
 */
export async function fetchPackages(set) {
  const lock = createHash("sha256").update(read("package-lock.json")).digest("hex");
  const sets = Object.keys(SETS);
  const found = existsSync(join(root, "node_modules")) && existsSync(stamp) ? readFileSync(stamp, "utf8") : "";
  if (sets.slice(sets.indexOf(set)).some((fetched) => found === `${fetched} ${lock}`)) return;
  console.log(set === "all" ? "Fetching npm packages, with other runtimes: 800 MB" : "Fetching npm packages");
  await runAsync(...npm("ci", "--no-audit", "--no-fund", "--loglevel=error", ...SETS[set]));
  mkdirSync(folder, { recursive: true });
  writeFileSync(stamp, `${set} ${lock}`);
}
