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
  await Promise.all([
    fetchRust().then(fetchWasmTools),
    hasPackages("all") || fetchPackages("build", ["--workspaces=false"]),
  ]);
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

/** Fetches the npm packages of the tests and of the build. */
export async function fetchTestPackages() {
  if (!hasPackages("all")) await fetchPackages("all", ["--workspaces", "--include-workspace-root"]);
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

/** @typedef {"all" | "build"} Kind The packages of all workspaces, or only those that a build needs. */

const stampOf = (/** @type {Kind} */ kind) => join(folder, `npm-${kind}`);
const lockHash = () => createHash("sha256").update(read("package-lock.json")).digest("hex");

/**
 * Whether the packages of this kind are installed as the lock file says.
 *
 * @param {Kind} kind
 */
function hasPackages(kind) {
  const stamp = stampOf(kind);
  return existsSync(join(root, "node_modules")) && existsSync(stamp) && readFileSync(stamp, "utf8") === lockHash();
}

/**
 * @param {Kind} kind
 * @param {string[]} args
 */
async function fetchPackages(kind, args) {
  if (hasPackages(kind)) return;
  console.log(kind === "all" ? "Fetching npm packages, with other runtimes: a minute" : "Fetching npm packages");
  await runAsync(...npm("ci", "--no-audit", "--no-fund", "--loglevel=error", ...args));
  mkdirSync(folder, { recursive: true });
  writeFileSync(stampOf(kind), lockHash());
}
