// Makes projects with the packed package and the suite, and runs the suite in a runtime.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { run } from "../support/child.mjs";
import { answers, consumerKey, consumerSecret } from "../support/daraja-server.mjs";
import { project } from "../support/packed.mjs";

/** How many tests the suite has, without the test for each answer. */
const SUITE = 31;
const text = (name) => readFileSync(new URL(name, import.meta.url), "utf8");

/** Makes a project that holds the package, the suite, the settings for a server, and files of runners/. */
export function suiteProject(name, { baseUrl }, runners, files = {}) {
  const settings = { baseUrl, consumerKey, consumerSecret, answers };
  return project(name, {
    "package.json": { private: true },
    "suite.mjs": text("suite.mjs"),
    "settings.mjs": `export default ${JSON.stringify(settings)};\n`,
    ...Object.fromEntries(runners.map((runner) => [runner, text(`runners/${runner}`)])),
    ...files,
  });
}

/** Runs a runner, which prints the suite's result, `[{ name, error? }]`. Each entry becomes a test. */
export async function runSuite(t, program, args, { cwd, count }) {
  const { code, signal, stdout, stderr } = await run(program, args, { cwd });
  let results;
  try {
    results = JSON.parse(stdout);
  } catch {
    assert.fail(`no results from ${program} ${args.join(" ")}\n${stdout}${stderr}`);
  }
  await report(t, results, count);
  assert.deepEqual({ code, signal }, { code: 0, signal: null }, stderr);
}

/** Makes a test of each result. There must be `count` results, by default the number of the suite's tests. */
export async function report(t, results, count = SUITE + answers.length) {
  assert.equal(results.length, count);
  for (const { name, error } of results) {
    await t.test(name, () => {
      // The stack from inside the runtime is the useful one.
      if (error) throw Object.assign(new Error(error.split("\n")[0]), { stack: error });
    });
  }
}
