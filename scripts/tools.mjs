// Fetches what the other scripts need: the Rust toolchain, the tools built with it, the npm packages. Needs only Node.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = resolve(fileURLToPath(new URL("..", import.meta.url)));
const folder = join(root, ".tools");
const read = (file) => readFileSync(join(root, file), "utf8");

/** The environment in which the tools are found. */
export const env = {
  ...process.env,
  PATH: [join(folder, "bin"), join(root, "node_modules", "binaryen", "bin"), process.env.PATH].join(delimiter),
};

/** Runs a command in the project's folder, showing what it prints. */
export function run(command, args, options = {}) {
  execFileSync(command, args, { cwd: root, stdio: "inherit", env, ...options });
}

/** Fetches what building takes. */
export function fetchBuildTools() {
  toolchain();
  // Its version must be the one that Cargo.lock has of the crate.
  cargoTool("wasm-bindgen-cli", /name = "wasm-bindgen"\nversion = "(.*)"/.exec(read("Cargo.lock"))[1]);
  cargoTool("wasm-pack", "0.15.1");
  if (!npmPackages("all", [])) npmPackages("build", ["--workspaces=false"], true);
}

/** Fetches what testing takes, besides. */
export function fetchTestTools() {
  npmPackages("all", [], true);
  fetchBuildTools();
  cargoTool("cargo-deny", "0.20.2");
}

/** The toolchain, by name: rustup may be set not to install one by itself. */
function toolchain() {
  const [, channel] = /channel = "(.*)"/.exec(read("rust-toolchain.toml"));
  const rustup = (...args) => spawnSync("rustup", args, { encoding: "utf8", cwd: root });
  const found = rustup("--version");
  if (found.error) throw new Error("rustup is missing. Install it from https://rustup.rs, then try again.");
  const installed = rustup("component", "list", "--installed", "--toolchain", channel).stdout ?? "";
  if (["clippy", "rustfmt", "rust-std-wasm32-unknown-unknown"].every((part) => installed.includes(part))) return;
  console.log(`Installing Rust ${channel}`);
  run("rustup", ["toolchain", "install", channel, "--profile", "minimal", "--component", "clippy,rustfmt"]);
  run("rustup", ["target", "add", "wasm32-unknown-unknown", "--toolchain", channel]);
}

function cargoTool(name, version) {
  const listed = join(folder, ".crates.toml");
  if (existsSync(listed) && readFileSync(listed, "utf8").includes(`"${name} ${version} `)) return;
  console.log(`Building ${name} ${version}, once; this takes about two minutes`);
  const args = ["install", name, "--version", version, "--root", folder];
  // Its lock file may name a crate that cannot be had; any that fits will do.
  if (spawnSync("cargo", [...args, "--locked"], { cwd: root, stdio: "inherit" }).status !== 0) run("cargo", args);
}

/** Whether the packages of that kind are those of the lock file; with `fetch`, makes it so. */
function npmPackages(kind, args, fetch = false) {
  const stamp = join(folder, `npm-${kind}`);
  const lock = createHash("sha256").update(read("package-lock.json")).digest("hex");
  const isThere = existsSync(join(root, "node_modules")) && existsSync(stamp) && readFileSync(stamp, "utf8") === lock;
  if (isThere || !fetch) return isThere;
  console.log("Fetching npm packages");
  run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error", ...args], { shell: process.platform === "win32" });
  mkdirSync(folder, { recursive: true });
  writeFileSync(stamp, lock);
  return true;
}
