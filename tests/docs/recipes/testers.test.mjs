// Recipes for jest and vitest: the user's tests in them pass unchanged.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { run } from "../../support/child.mjs";
import { tool } from "../../support/npm-tools.mjs";
import { node24, on } from "../../support/runtimes.mjs";
import { filesOf, recipeProject } from "./recipe.mjs";

const jest = tool("jest");
const vitest = tool("vitest");
/** Options that keep jest's cache in the project, and turn off its watcher. */
const configuration = { cacheDirectory: ".cache", watchman: false };

/** Runs a test runner, which writes its report into the project. Gives the number of tests and of passed tests. */
async function outcome(cwd, args) {
  const { stdout, stderr } = await run(node24.path, [...args, "--outputFile=report.json"], { cwd });
  assert.ok(existsSync(join(cwd, "report.json")), stdout + stderr);
  const { numPassedTests: passed, numTotalTests: total } = JSON.parse(readFileSync(join(cwd, "report.json"), "utf8"));
  return { passed, total, output: passed === total ? "" : stdout + stderr };
}

test("the tests of the recipe for jest pass", on(node24), async () => {
  const cwd = recipeProject("jest", { ...filesOf("jest"), "jest.config.json": configuration });
  const args = ["--experimental-vm-modules", jest.path, "--ci", "--json"];
  assert.deepEqual(await outcome(cwd, args), { passed: 2, total: 2, output: "" });
});

test("the tests of the recipe for vitest pass", on(node24), async () => {
  const cwd = recipeProject("vitest", filesOf("vitest"));
  const args = [vitest.path, "run", "--reporter=json", "--root=."];
  assert.deepEqual(await outcome(cwd, args), { passed: 1, total: 1, output: "" });
});
