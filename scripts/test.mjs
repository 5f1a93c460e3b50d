// npm test: what a contributor runs. npm run test:all: every runtime, engine and browser besides.
// With CI=true a test that was skipped is a failure.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fetchPython } from "./python.mjs";
import { isBuilt } from "./sources.mjs";
import { steps } from "./steps.mjs";
import { env, fetchCargoDeny, fetchRust, fetchTestPackages, fetchWasmTools, npm, root, run } from "./tools.mjs";

const HELP = `Usage: npm test -- [options] [NAME...]

  NAME       runs only the steps, and only the files of tests, whose names contain it
  --all      runs every step, as npm run test:all does
  --job JOB  runs the steps of one job of CI: ${jobs().join(", ")}
  --list     prints the steps that would run
`;
/** @type {import("node:util").ParseArgsOptionsConfig} */
const options = {
  all: { type: "boolean", default: false },
  job: { type: "string" },
  list: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
};
/** @type {{ values: any, positionals: string[] }} */
const { values, positionals } = parseArgs({ options, allowPositionals: true });
const inCI = process.env.CI === "true";
const packed = join(root, "tests", ".work", "packed");
const failed = [];
const skipped = [];
const times = [];
let passed = 0;
/** The tarball that was packed, or whether that was tried. @type {{ path?: string, isTried?: boolean }} */
const made = {};

/** What a step may need, in the order in which it is fetched. */
const FETCH = {
  rust: fetchRust,
  "wasm-tools": fetchWasmTools,
  "cargo-deny": fetchCargoDeny,
  npm: fetchTestPackages,
  python: fetchPython,
};

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

/** The steps that were asked for. A name finds steps and files of every job. */
function chosen() {
  const ofJob = steps.filter(({ job }) => values.job === undefined || job === values.job);
  if (positionals.length === 0) return ofJob.filter(({ all }) => values.all || !all);
  const isNamed = (text) => positionals.some((name) => text.toLowerCase().includes(name.toLowerCase()));
  return ofJob.flatMap((step) => {
    if (isNamed(step.name)) return [step];
    const files = (step.files ?? []).filter(isNamed);
    return files.length > 0 ? [{ ...step, files }] : [];
  });
}

async function runAll(chosen) {
  if (chosen.length === 0) {
    console.error("No step and no file of tests has that name: npm test -- --all --list prints them.");
    process.exit(2);
  }
  await timed("Tools and packages", () => {
    for (const [need, fetch] of Object.entries(FETCH)) {
      if (chosen.some(({ needs }) => needs.includes(need))) fetch();
    }
  });
  for (const step of chosen) {
    await timed(step.name, () => runStep(step).catch(({ message }) => fail(step.name, message)));
  }
  report();
}

/** Runs a step, and counts how it ended. */
async function runStep(step) {
  const { name, needs, files, atOnce = 1, counts, about } = step;
  console.log(`\n── ${name}${about ? `: ${about}` : ""}`);
  let command = step.run;
  const extra = { ...step.env };
  if (files) {
    command = [process.execPath, "--test", "--test-reporter=spec", `--test-concurrency=${atOnce}`, ...files];
  }
  if (needs.includes("raw") && !existsSync(join(root, "target", "raw"))) run(process.execPath, ["scripts/build.mjs"]);
  if (needs.includes("tarball")) extra.DARAJA_TARBALL = tarball();
  // Every Node that there is, or the one at hand.
  if (!values.all && positionals.length === 0) extra.DARAJA_NODES = "here";
  const { code, output } = await show(command, extra);
  const problems = code === 0 ? [] : ["failed"];
  if (counts || files) {
    const ran = [...output.matchAll(/^test result: .* (\d+) passed/gm), ...output.matchAll(/^ℹ pass (\d+)/gm)];
    if (ran.every(([, count]) => count === "0")) problems.push("ran no test");
    const left = [...output.matchAll(/(\d+) ignored/g), ...output.matchAll(/^ℹ (?:skipped|todo) (\d+)/gm)];
    if (left.some(([, count]) => count !== "0")) skipped.push(`${name}: see above`);
  }
  if (problems.length > 0) return fail(name, problems.join(" and "));
  passed++;
  console.log(`── ${name}: passed`);
}

function fail(name, why) {
  console.log(`── ${name}: FAILED: ${why}`);
  failed.push(`${name}: ${why}`);
}

/** Runs a command, shows what it prints, and gives that. */
async function show([command, ...args], extra) {
  /** @type {import("node:child_process").StdioOptions} */
  const stdio = ["ignore", "pipe", "pipe"];
  const child = spawn(command, args, { cwd: root, env: { ...env, ...extra }, stdio });
  let output = "";
  for (const stream of ["stdout", "stderr"]) {
    child[stream].setEncoding("utf8").on("data", (text) => {
      output += text;
      process[stream].write(text);
    });
  }
  const code = await new Promise((resolve) => {
    child.once("error", (error) => {
      console.error(String(error));
      resolve(1);
    });
    child.once("close", resolve);
  });
  return { code, output };
}

/** The package as npm publishes it: DARAJA_TARBALL, or packed once from the pkg/ that is there. */
function tarball() {
  if (process.env.DARAJA_TARBALL) return process.env.DARAJA_TARBALL;
  if (made.path) return made.path;
  if (made.isTried) throw new Error("there is no tarball, as above");
  made.isTried = true;
  if (!isBuilt() && inCI) throw new Error("pkg/ is not built from these sources: npm run build, then commit pkg/");
  if (!isBuilt()) run(process.execPath, ["scripts/build.mjs"]);
  rmSync(packed, { recursive: true, force: true });
  mkdirSync(packed, { recursive: true });
  run(...npm("pack", "--silent", "--ignore-scripts", "--pack-destination", packed));
  made.path = join(packed, readdirSync(packed)[0]);
  return made.path;
}

async function timed(name, work) {
  const started = Date.now();
  await work();
  times.push([name, Math.round((Date.now() - started) / 1000)]);
}

function report() {
  const list = (title, lines) => lines.length > 0 && console.log(`\n${title}:\n  ${lines.join("\n  ")}`);
  const total = times.reduce((sum, [, seconds]) => sum + seconds, 0);
  list(
    "Seconds",
    [...times, ["all", total]].map(([name, seconds]) => `${String(seconds).padStart(5)}  ${name}`),
  );
  list("Skipped", skipped);
  if (inCI && skipped.length > 0) failed.push("something was skipped, which CI does not allow");
  list("Failed", failed);
  console.log(`\n${passed} passed, ${failed.length} failed`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}
