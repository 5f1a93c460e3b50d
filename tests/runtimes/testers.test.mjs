// jest and vitest: a user's own tests import the package and pass.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { run } from "../support/child.mjs";
import { consumerKey, consumerSecret, startDaraja } from "../support/daraja-server.mjs";
import { tool } from "../support/npm-tools.mjs";
import { node20, node24, on } from "../support/runtimes.mjs";
import { suiteProject } from "./project.mjs";

const jest = tool("jest");
const vitest = tool("vitest");
const config = { testEnvironment: "node", testMatch: ["**/*.test.?js"], cacheDirectory: ".cache", watchman: false };

let daraja;
let env;
before(async () => {
  daraja = await startDaraja();
  env = { CONSUMER_KEY: consumerKey, CONSUMER_SECRET: consumerSecret, DARAJA_URL: daraja.baseUrl };
});
after(() => daraja.close());

test(`jest ${jest.version} passes CommonJS tests`, on(node20), async () => {
  const cwd = suiteProject("jest-cjs", daraja, ["token.test.cjs"], { "jest.config.json": config });
  assert.deepEqual(await outcome(node20, [jest.path, "--ci", "--json"], cwd), { passed: 3, total: 3 });
});

test(`jest ${jest.version} passes ESM tests`, on(node20), async () => {
  const cwd = suiteProject("jest-esm", daraja, ["token.test.mjs"], { "jest.config.json": config });
  const args = ["--experimental-vm-modules", jest.path, "--ci", "--json"];
  assert.deepEqual(await outcome(node20, args, cwd), { passed: 3, total: 3 });
});

test(`jest ${jest.version} imports it in an environment without TextDecoder`, on(node20), async () => {
  const files = ["bare.test.cjs", "bare-environment.cjs"];
  const cwd = suiteProject("jest-bare", daraja, files, { "jest.config.json": config });
  assert.deepEqual(await outcome(node20, [jest.path, "--ci", "--json"], cwd), { passed: 1, total: 1 });
});

for (const inline of [[], ["daraja-auth"]]) {
  const how = inline.length > 0 ? "transformed by vite" : "left to Node";
  test(`vitest ${vitest.version} passes tests of the package ${how}`, on(node24), async () => {
    const text = readFileSync(new URL("runners/token.test.mjs", import.meta.url), "utf8");
    const cwd = suiteProject(`vitest-${inline.length}`, daraja, [], {
      "token.test.mjs": `import { expect, test } from "vitest";\n${text}`,
      "vitest.config.mjs": `export default { test: { server: { deps: { inline: ${JSON.stringify(inline)} } } } };`,
    });
    const args = [vitest.path, "run", "--reporter=json", "--root=."];
    assert.deepEqual(await outcome(node24, args, cwd), { passed: 3, total: 3 });
  });
}

/** Runs a test runner that writes its report, in the form that jest gave to both, and gives the counts. */
async function outcome(node, args, cwd) {
  const { stdout, stderr } = await run(node.path, [...args, "--outputFile=report.json"], { cwd, env });
  assert.ok(existsSync(join(cwd, "report.json")), stdout + stderr);
  const report = readFileSync(join(cwd, "report.json"), "utf8");
  const { success, numPassedTests: passed, numTotalTests: total } = JSON.parse(report);
  assert.ok(success, report);
  return { passed, total };
}
