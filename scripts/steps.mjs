// The steps of npm test; `npm test -- --list` prints them. The steps of one lane run in this order.
//
// A step has a name, the job in which CI runs it, and either a command to `run` or `files` of tests for node:test, of
// which `atOnce` run at the same time. `needs` names the things that are fetched or made before it. A step with `all`
// is not part of a plain npm test: npm run test:all runs it, and npm test with its name. `counts` marks a command that
// prints how many tests it ran. `about` says what a long step does, and how long it takes.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./tools.mjs";

const wasm = ["--target", "wasm32-unknown-unknown"];
const clippy = (/** @type {string[]} */ ...args) => ["cargo", "clippy", "--locked", ...args, "--", "-D", "warnings"];
const tsc = (/** @type {string} */ project) => [
  process.execPath,
  "node_modules/typescript/bin/tsc",
  "--project",
  project,
];
const biome = "node_modules/@biomejs/biome/bin/biome";

const ofRust = [
  { name: "Rust is formatted", run: ["cargo", "fmt", "--all", "--check"] },
  { name: "Rust is linted", run: clippy("--workspace", "--all-targets") },
  // Each module has its own run: in one run, cargo would build the published module with the standard library,
  // which only the simulator needs.
  { name: "The module is linted for wasm", run: clippy("-p", "daraja-auth", ...wasm) },
  { name: "The simulator is linted for wasm", run: clippy("-p", "daraja-auth-simulator-wasm", ...wasm) },
  {
    name: "Rust's documentation holds",
    run: ["cargo", "doc", "--locked", "--workspace", "--no-deps"],
    env: { RUSTDOCFLAGS: "-D warnings" },
  },
  {
    name: "Rust's dependencies are allowed",
    all: true,
    needs: ["rust", "cargo-deny"],
    run: ["cargo-deny", "--locked", "check", "licenses", "bans", "sources"],
  },
  {
    name: "The core and the simulator",
    run: ["cargo", "test", "--locked", "--workspace"],
    counts: true,
    about: "every rule, without JavaScript, and every order of events of a small fleet: two minutes",
  },
];

const boundary = {
  name: "The boundary in Node",
  job: "package",
  needs: ["rust", "wasm-tools", "npm", "raw"],
  run: ["cargo", "test", "--locked", "-p", "daraja-auth", ...wasm],
  env: {
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: "wasm-bindgen-test-runner",
    // Here Node finds the functions that the module imports from "daraja-auth-host".
    NODE_PATH: join(root, "target", "raw"),
  },
  counts: true,
};

/**
 * The files of the steps with `all` whose folders a plain npm test runs too: a million calls, every client of each
 * store, Vercel's tracer, many and slow connections to the server, a hundred thousand reads of the record, a cluster,
 * Durable Objects in workerd, and the examples and recipes with their tools.
 */
const LONG = {
  package: [
    "tests/api/token-manager/memory.test.mjs",
    "tests/cli/store-engines.test.mjs",
    "tests/package/traced.test.mjs",
  ],
  serve: ["tests/serve/endurance.test.mjs"],
  readers: ["tests/serve/record.test.mjs"],
  stores: ["tests/stores/durable-object.test.mjs", "tests/stores/redis-cluster.test.mjs"],
  docs: [
    "tests/docs/examples.test.mjs",
    ...["clients", "cloudflare", "languages", "next", "servers", "testers"].map(
      (name) => `tests/docs/recipes/${name}.test.mjs`,
    ),
  ],
};

/** The steps that use the packed tarball. */
const ofPackage = [
  {
    name: "The package in Node",
    job: "package",
    files: [...files("api"), ...files("package"), ...files("fuzz")],
    atOnce: 2,
  },
  { name: "The documents", job: "package", files: files("docs") },
  { name: "The command line", job: "package", files: files("cli"), atOnce: 2 },
  { name: "The server", job: "package", files: files("serve"), atOnce: 2 },
  {
    name: "A million calls, the command line on every client, and a tracer",
    job: "package",
    all: true,
    files: LONG.package,
  },
  { name: "The readers of the record", job: "package", all: true, needs: ["python"], files: LONG.readers },
  { name: "The server in a crowd", job: "package", all: true, files: LONG.serve },
  { name: "Another build elsewhere", job: "package", all: true, needs: ["wasm-tools"], files: files("build") },
  { name: "The stores", job: "stores", files: files("stores"), atOnce: 2 },
  { name: "Durable Objects and a cluster as the store", job: "stores", all: true, files: LONG.stores },
  { name: "The fleet", job: "stores", all: true, files: files("fleet") },
  { name: "The runtimes", job: "runtimes", all: true, files: files("runtimes") },
  { name: "The examples and recipes", job: "runtimes", all: true, needs: ["python"], files: LONG.docs },
  { name: "What others made", job: "runtimes", all: true, needs: ["python"], files: files("interop") },
  { name: "The browsers", job: "browsers", all: true, files: files("browser") },
];

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {string} job
 * @property {"cargo" | "node"} [lane] Steps of cargo run one after the other, because cargo locks its folder.
 * @property {boolean} [all] Whether a plain npm test leaves it out.
 * @property {string[]} needs
 * @property {string[]} [run]
 * @property {Record<string, string>} [env]
 * @property {boolean} [builds] Whether it builds pkg/. Two builds never run at the same time.
 * @property {boolean} [counts] Whether the runner says how many tests it ran.
 * @property {string} [about]
 * @property {string[]} [files]
 * @property {number} [atOnce]
 */

/** @type {Step[]} */
export const steps = [
  {
    name: "JavaScript is formatted and linted",
    job: "core",
    needs: ["npm"],
    run: [process.execPath, biome, "ci", "--error-on-warnings"],
  },
  {
    name: "TypeScript is checked",
    job: "core",
    needs: ["npm"],
    run: tsc("js"),
  },
  ...ofRust.map((step) => ({ job: "core", lane: /** @type {const} */ ("cargo"), needs: ["rust"], ...step })),
  {
    name: "pkg/ is what the sources build",
    job: "package",
    needs: ["rust", "wasm-tools", "npm"],
    run: [process.execPath, "scripts/check.mjs"],
    builds: true,
    about: "both modules, as they are published: a minute",
  },
  {
    // The scripts, the command line and the page import the typings in pkg/.
    name: "The JavaScript of scripts is checked",
    job: "package",
    needs: ["npm", "tarball"],
    run: tsc("scripts"),
  },
  {
    name: "The JavaScript of bin is checked strictly",
    job: "package",
    needs: ["npm", "tarball"],
    run: tsc("scripts/cli"),
  },
  {
    name: "Most of bin is checked without implicit types",
    job: "package",
    needs: ["npm", "tarball"],
    run: tsc("scripts/cli/strict"),
  },
  {
    name: "The page's JavaScript is checked without implicit types",
    job: "package",
    needs: ["npm", "tarball"],
    run: tsc("scripts/page"),
  },
  // It waits for the modules, so in the other lane it comes as late as it can.
  boundary,
  ...ofPackage.map((step) => ({ ...step, needs: ["npm", "tarball", ...(step.needs ?? [])] })),
];

/**
 * The test files in a folder of tests/, and in its folders, without the long ones.
 *
 * @param {string} folder
 */
function files(folder) {
  const long = Object.values(LONG).flat();
  return readdirSync(join(root, "tests", folder), { recursive: true, encoding: "utf8" })
    .map((file) => `tests/${folder}/${file.replaceAll("\\", "/")}`)
    .filter((file) => file.endsWith(".test.mjs") && !file.includes("/runners/") && !long.includes(file))
    .sort();
}
