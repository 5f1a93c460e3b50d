// npm test: every check and test that this machine can run. With CI=true one that was skipped is a failure.
import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fetchPython } from "./python.mjs";
import { env, fetchTestTools, root } from "./tools.mjs";

fetchTestTools();
fetchPython();
const inCI = process.env.CI === "true";
const failed = [];
const skipped = [];
let passed = 0;

/** Runs one step, showing what it prints; gives that, too. */
async function step(name, command, args, extra = {}) {
  console.log(`\n── ${name}`);
  const started = Date.now();
  const child = spawn(command, args, { cwd: root, env: { ...env, ...extra }, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of ["stdout", "stderr"]) {
    child[stream].on("data", (chunk) => {
      output += chunk;
      process[stream].write(chunk);
    });
  }
  const code = await new Promise((resolve) => {
    child.on("error", (error) => {
      console.error(String(error));
      resolve(1);
    });
    child.on("close", resolve);
  });
  if (code === 0) passed++;
  else failed.push(name);
  console.log(`── ${name}: ${code === 0 ? "passed" : "FAILED"} in ${Math.round((Date.now() - started) / 1000)} s`);
  return output;
}

/** A step of tests in a runner that says how many it ran: none is a failure, whatever the runner thinks. */
async function tests(name, command, args, extra) {
  const output = await step(name, command, args, extra);
  const counts = [...output.matchAll(/^test result: .* (\d+) passed/gm), ...output.matchAll(/^ℹ pass (\d+)/gm)];
  if (counts.every(([, count]) => count === "0")) failed.push(`${name} ran no test`);
  const omitted = [...output.matchAll(/(\d+) ignored/g), ...output.matchAll(/^ℹ (?:skipped|todo) (\d+)/gm)];
  if (omitted.some(([, count]) => count !== "0")) skipped.push(`${name}: see above`);
}

const strict = ["--", "-D", "warnings"];
const wasm = ["--target", "wasm32-unknown-unknown"];
await step("Rust is formatted", "cargo", ["fmt", "--check"]);
await step("Rust is linted", "cargo", ["clippy", "--locked", "--workspace", "--all-targets", ...strict]);
// One after the other: together, the simulator's crates would bring the standard library into the published module.
for (const crate of ["daraja-auth", "daraja-auth-simulator-wasm"])
  await step(`${crate} is linted for wasm`, "cargo", ["clippy", "--locked", "-p", crate, ...wasm, ...strict]);
const docs = ["doc", "--locked", "--workspace", "--no-deps"];
await step("Rust's documentation holds", "cargo", docs, { RUSTDOCFLAGS: "-D warnings" });
await step("Rust's dependencies are allowed", "cargo-deny", ["--locked", "check", "licenses", "bans", "sources"]);
const biome = join(root, "node_modules", "@biomejs", "biome", "bin", "biome");
await step("JavaScript is formatted and linted", process.execPath, [biome, "ci", "--error-on-warnings"]);
await step("TypeScript is checked", process.execPath, [
  join(root, "node_modules", "typescript", "bin", "tsc"),
  "--project",
  "js",
]);
await tests("The core and the simulator", "cargo", ["test", "--locked", "--workspace"]);

await step("The package is built", process.execPath, ["scripts/build.mjs"]);
const runner = { CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: join(root, ".tools", "bin", "wasm-bindgen-test-runner") };
// Where Node finds what the module imports from "daraja-auth-host".
const host = { NODE_PATH: join(root, "pkg", "raw") };
const boundary = ["test", "--locked", "-p", "daraja-auth", ...wasm];
await tests("The boundary in Node", "cargo", boundary, { ...runner, ...host });

const packed = join(root, "tests", ".work", "packed");
rmSync(packed, { recursive: true, force: true });
mkdirSync(packed, { recursive: true });
await step("The package is packed", "npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", packed]);
const [tarball] = readdirSync(packed);
const files = [
  "node",
  "package",
  "stores",
  "fleet",
  "runtimes",
  "cli",
  "examples",
  "postman",
  "independent",
  "browser",
].flatMap((name) =>
  readdirSync(join(root, "tests", name))
    .filter((file) => file.endsWith(".test.mjs"))
    .map((file) => join("tests", name, file)),
);
// One file after the other: each starts runtimes, bundlers or browsers that want the whole machine.
const args = ["--test", "--test-reporter=spec", "--test-concurrency=1", ...files];
if (tarball) await tests("The packed package", process.execPath, args, { DARAJA_TARBALL: join(packed, tarball) });
else failed.push("The packed package");

if (skipped.length > 0) console.log(`\nSkipped:\n  ${skipped.join("\n  ")}`);
if (inCI && skipped.length > 0) failed.push("something was skipped, which CI does not allow");
if (failed.length > 0) console.log(`\nFailed:\n  ${failed.join("\n  ")}`);
console.log(`\n${passed} passed, ${failed.length} failed`);
process.exitCode = failed.length > 0 ? 1 : 0;
