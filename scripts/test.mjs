// npm test: the tests for a contributor. npm run test:all: also all runtimes, engines and browsers. With CI=true, a
// skipped test is a failure.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fetchPython } from "./python.mjs";
import { isBuilt } from "./sources.mjs";
import { steps } from "./steps.mjs";
import { env, fetchCargoDeny, fetchPackages, fetchRust, fetchWasmTools, npm, root, runAsync } from "./tools.mjs";

/** @typedef {import("./steps.mjs").Step} Step */

const HELP = `Usage: npm test -- [options] [NAME...]

  NAME       runs only the steps, and only the files of tests, whose names contain it
  --all      runs every step, as npm run test:all does, in every Node and with every client of a store
  --job JOB  runs the steps of one job of CI: ${jobs().join(", ")}
  --list     prints the steps that would run
`;
const { values, positionals } = parseArgs({
  options: {
    all: { type: "boolean", default: false },
    job: { type: "string" },
    list: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
  allowPositionals: true,
});
const inCI = process.env.CI === "true";
/** Whether every Node and every client of a store is tested: with --all, or if a step was named that only --all runs. */
const isWhole = values.all || chosen().some(({ all }) => all);
const packed = join(root, "tests", ".work", "packed");
/** @type {string[]} */
const failed = [];
/** @type {string[]} What each failed step printed about its failures. */
const failures = [];
/** @type {string[]} */
const skipped = [];
/** @type {[name: string, seconds: number][]} */
const times = [];
let passed = 0;

/**
 * The things that a step may need: how each is fetched or made, and which others it needs first (`after`).
 *
 * @type {Record<string, { name: string, after?: string[], get: () => unknown }>}
 */
const NEEDS = {
  rust: { name: "Rust's toolchain", get: fetchRust },
  "wasm-tools": { name: "wasm-pack and wasm-bindgen", after: ["rust"], get: fetchWasmTools },
  "cargo-deny": { name: "cargo-deny", after: ["rust"], get: fetchCargoDeny },
  npm: { name: "npm packages", get: () => fetchPackages(isWhole ? "all" : "tests") },
  python: { name: "Python packages", get: fetchPython },
  raw: { name: "The modules", after: ["wasm-tools", "npm"], get: () => oneBuild(build) },
  tarball: { name: "The tarball", after: ["npm"], get: pack },
};
/** @type {Map<string, Promise<unknown>>} */
const fetched = new Map();
/** The last build that began. @type {Promise<unknown>} */
let building = Promise.resolve();

if (values.help) {
  process.stdout.write(HELP);
} else if (values.list) {
  for (const { name, job, all, files } of chosen()) {
    console.log(`${name} (${job}${all ? ", only with --all" : ""})`);
    for (const file of files ?? []) console.log(`  ${file}`);
  }
} else {
  await runAll(chosen());
}

function jobs() {
  return [...new Set(steps.map(({ job }) => job))];
}

/** The steps that were asked for. A name also finds the steps that otherwise only --all runs. */
function chosen() {
  const ofJob = steps.filter(({ job }) => values.job === undefined || job === values.job);
  if (positionals.length === 0) return ofJob.filter(({ all }) => values.all || !all);
  /** @param {string} text */
  const isNamed = (text) => positionals.some((name) => text.toLowerCase().includes(name.toLowerCase()));
  return ofJob.flatMap((step) => {
    if (isNamed(step.name)) return [step];
    const files = (step.files ?? []).filter(isNamed);
    return files.length > 0 ? [{ ...step, files }] : [];
  });
}

/** @param {Step[]} chosen */
async function runAll(chosen) {
  if (chosen.length === 0) {
    console.error("No step and no file of tests has that name: npm test -- --all --list prints them.");
    process.exit(2);
  }
  const began = Date.now();
  // With two cores there are two lanes: cargo keeps a core busy, and Node's tests often wait for servers and timers.
  // When cargo's steps are done, both lanes take Node's steps, but not with --all: browsers, runtimes and fleets of
  // processes use both cores, and two such steps at a time would run into time limits on a slow machine.
  const ofCargo = chosen.filter(({ lane }) => lane === "cargo");
  const ofNode = chosen.filter(({ lane }) => lane !== "cargo");
  const isSideBySide = availableParallelism() > 1 && ofCargo.length > 0 && ofNode.length > 0;
  // Downloads and tools begin at once. Each step then waits for those that it needs.
  for (const need of ["rust", "npm", "python", "wasm-tools"]) {
    if (chosen.some(({ needs }) => needs.includes(need))) provided(need).catch(() => {});
  }
  const ofFirstLane = values.all ? [ofCargo] : [ofCargo, ofNode];
  if (isSideBySide) await Promise.all([runLane(ofFirstLane, true), runLane([ofNode], true)]);
  else await runLane([chosen], false);
  report(Date.now() - began);
}

/**
 * Runs steps one after the other, until all queues are empty.
 *
 * @param {Step[][]} queues Another lane may take steps from the same queue.
 * @param {boolean} isBeside Whether another lane runs. Then a step's output is printed when the step has ended.
 */
async function runLane(queues, isBeside) {
  for (;;) {
    const step = queues.find(({ length }) => length > 0)?.shift();
    if (!step) return;
    try {
      for (const need of step.needs) await provided(need);
      await timed(step.name, () => runStep(step, isBeside));
    } catch (error) {
      fail(step.name, error instanceof Error ? error.message : String(error));
    }
  }
}

/**
 * Fetches or makes a thing that steps need, once.
 *
 * @param {string} need
 * @returns {Promise<unknown>} The path, for the tarball.
 */
function provided(need) {
  const { name, after = [], get } = /** @type {typeof NEEDS[string]} */ (NEEDS[need]);
  const known = fetched.get(need);
  if (known) return known;
  const made = Promise.all(after.map(provided)).then(() => timed(name, async () => get()));
  fetched.set(need, made);
  return made;
}

/**
 * Runs a step, and counts how it ended.
 *
 * @param {Step} step
 * @param {boolean} isBeside
 */
async function runStep(step, isBeside) {
  const { name, needs, files, atOnce = 1, builds, counts, about } = step;
  const title = `${name}${about ? `: ${about}` : ""}`;
  console.log(isBeside ? `── ${title}: started` : `\n── ${title}`);
  const testing = ["--test", "--test-reporter=spec", `--test-concurrency=${atOnce}`];
  const command = files ? [process.execPath, ...testing, ...files] : (step.run ?? []);
  /** @type {Record<string, string>} */
  const extra = { ...step.env };
  if (needs.includes("tarball")) extra.DARAJA_TARBALL = String(await provided("tarball"));
  // tests/support/matrix.mjs reads it.
  if (!isWhole) extra.DARAJA_MATRIX = "small";
  const work = () => show(command, extra, isBeside);
  const { code, output } = await (builds ? oneBuild(work) : work());
  if (isBeside) process.stdout.write(`\n── ${title}\n${output}`);
  const problems = code === 0 ? [] : ["failed"];
  if (counts || files) {
    const ran = [...output.matchAll(/^test result: .* (\d+) passed/gm), ...output.matchAll(/^ℹ pass (\d+)/gm)];
    if (ran.every(([, count]) => count === "0")) problems.push("ran no test");
    const left = [...output.matchAll(/(\d+) ignored/g), ...output.matchAll(/^ℹ (?:skipped|todo) (\d+)/gm)];
    if (left.some(([, count]) => count !== "0")) skipped.push(`${name}: see above`);
  }
  if (code !== 0) failures.push(`── ${name}\n${failuresIn(output)}`);
  if (problems.length > 0) return fail(name, problems.join(" and "));
  passed++;
  console.log(`── ${name}: passed`);
}

/**
 * The part of a failed step's output that tells its failures: the summary of node:test or cargo, or the last lines. It
 * is printed once more at the end of the run, since other steps print thousands of lines after it.
 *
 * @param {string} output
 */
function failuresIn(output) {
  const summary = /^(?:✖ failing tests:|failures:)$/m.exec(output);
  return summary ? output.slice(summary.index) : output.split("\n").slice(-40).join("\n");
}

/**
 * @param {string} name
 * @param {string} why
 */
function fail(name, why) {
  console.log(`── ${name}: FAILED: ${why}`);
  failed.push(`${name}: ${why}`);
}

/**
 * Runs a command and returns its output. The output is also shown at once, unless another command runs beside it.
 *
 * @param {string[]} command
 * @param {Record<string, string>} extra More of the environment.
 * @param {boolean} isBeside
 */
async function show([program = "", ...args], extra, isBeside) {
  const child = spawn(program, args, { cwd: root, env: { ...env, ...extra }, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of /** @type {const} */ (["stdout", "stderr"])) {
    child[stream].setEncoding("utf8").on("data", (text) => {
      output += text;
      if (!isBeside) process[stream].write(text);
    });
  }
  /** @type {number} */
  const code = await new Promise((resolve) => {
    child.once("error", (error) => {
      console.error(String(error));
      resolve(1);
    });
    child.once("close", resolve);
  });
  return { code, output };
}

async function build() {
  // The build writes this file last.
  const isMade = existsSync(join(root, "target", "raw", "daraja-auth-host", "package.json"));
  if (!isMade) await runAsync(process.execPath, ["scripts/build.mjs"]);
}

/**
 * Runs a build after the one that may be running in the other lane, because builds write the same files.
 *
 * @template Result
 * @param {() => Promise<Result>} work
 * @returns {Promise<Result>}
 */
function oneBuild(work) {
  const mine = building.then(work, work);
  building = mine;
  return mine;
}

/** The path of the tarball: DARAJA_TARBALL, or one that is packed from pkg/, which is built first if it is old. */
async function pack() {
  if (process.env.DARAJA_TARBALL) return process.env.DARAJA_TARBALL;
  if (!isBuilt() && inCI) throw new Error("pkg/ is not built from these sources: npm run build, then commit pkg/");
  if (!isBuilt()) await oneBuild(() => runAsync(process.execPath, ["scripts/build.mjs"]));
  rmSync(packed, { recursive: true, force: true });
  mkdirSync(packed, { recursive: true });
  await runAsync(...npm("pack", "--silent", "--ignore-scripts", "--pack-destination", packed));
  const [name = ""] = readdirSync(packed);
  return join(packed, name);
}

/**
 * @template Result
 * @param {string} name
 * @param {() => Promise<Result>} work
 */
async function timed(name, work) {
  const started = Date.now();
  try {
    return await work();
  } finally {
    times.push([name, Math.round((Date.now() - started) / 1000)]);
  }
}

/** @param {number} ms The time of the whole run. */
function report(ms) {
  for (const text of failures) console.log(`\n${text.trimEnd()}`);
  /**
   * @param {string} title
   * @param {string[]} lines
   */
  const list = (title, lines) => lines.length > 0 && console.log(`\n${title}:\n  ${lines.join("\n  ")}`);
  const all = [...times.filter(([, seconds]) => seconds > 0), ["all", Math.round(ms / 1000)]];
  list(
    "Seconds",
    all.map(([name, seconds]) => `${String(seconds).padStart(5)}  ${name}`),
  );
  list("Skipped", skipped);
  if (inCI && skipped.length > 0) failed.push("something was skipped, which CI does not allow");
  list("Failed", failed);
  console.log(`\n${passed} passed, ${failed.length} failed`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}
