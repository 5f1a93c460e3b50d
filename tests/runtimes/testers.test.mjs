// jest and vitest: a user's tests import the package and pass. If jest or Vite evaluates a user's module again, the
// managers of all its copies share one token.
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

test(`jest ${jest.version} imports the package in an environment without TextDecoder`, on(node20), async () => {
  const files = ["bare.test.cjs", "bare-environment.cjs"];
  const cwd = suiteProject("jest-bare", daraja, files, { "jest.config.json": config });
  assert.deepEqual(await outcome(node20, [jest.path, "--ci", "--json"], cwd), { passed: 1, total: 1 });
});

test(`jest ${jest.version} calls the package in jsdom, and the error says what to do`, on(node20), async () => {
  const cwd = suiteProject("jest-jsdom", daraja, ["jsdom.test.cjs"], { "jest.config.json": config });
  assert.deepEqual(await outcome(node20, [jest.path, "--ci", "--json"], cwd), { passed: 1, total: 1 });
});

test(`jest ${jest.version} resets its modules, and the managers share one token`, on(node20), async () => {
  const cwd = suiteProject("jest-reset", daraja, ["reset.test.cjs"], { "jest.config.json": config });
  assert.deepEqual(await outcome(node20, [jest.path, "--ci", "--json"], cwd), { passed: 2, total: 2 });
});

test(
  `Vite ${tool("vite").version} evaluates a module again for its server, and managers with the same fetch share one token`,
  on(node24),
  async () => {
    const shop = `import { TokenManager } from "daraja-auth";
import { fetch } from "daraja-auth/node";
const { CONSUMER_KEY: consumerKey, CONSUMER_SECRET: consumerSecret, DARAJA_URL: baseUrl } = process.env;
const options = { consumerKey, consumerSecret, baseUrl };
export const managers = [new TokenManager(options), new TokenManager({ ...options, fetch })];
`;
    const program = `import { createServer } from "vite";
const bundled = process.argv[2] === "bundled" ? ["daraja-auth"] : [];
const server = await createServer({
  configFile: false,
  logLevel: "error",
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  ssr: { noExternal: bundled },
});
const tokens = [];
const modules = new Set();
for (let load = 0; load < 3; load++) {
  const shop = await server.ssrLoadModule("/shop.js");
  modules.add(shop.managers);
  tokens.push(...(await Promise.all(shop.managers.map(async (manager) => (await manager.getToken()).accessToken))));
  server.moduleGraph.invalidateAll();
}
await server.close();
console.log(JSON.stringify([modules.size, new Set(tokens).size]));
process.exit(0);
`;
    const cwd = suiteProject("vite-ssr", daraja, [], { "shop.js": shop, "program.mjs": program });
    for (const how of ["external", "bundled"]) {
      const { stdout, stderr } = await run(node24.path, ["program.mjs", how], { cwd, env });
      // One token for the default fetch, and one for the fetch of daraja-auth/node.
      assert.equal(stdout, "[3,2]\n", how + stderr);
    }
  },
);

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

/** Runs a test runner that writes a report in jest's form. Gives the counts of the report. */
async function outcome(node, args, cwd) {
  const { stdout, stderr } = await run(node.path, [...args, "--outputFile=report.json"], { cwd, env });
  assert.ok(existsSync(join(cwd, "report.json")), stdout + stderr);
  const report = readFileSync(join(cwd, "report.json"), "utf8");
  const { success, numPassedTests: passed, numTotalTests: total } = JSON.parse(report);
  assert.ok(success, report);
  return { passed, total };
}
