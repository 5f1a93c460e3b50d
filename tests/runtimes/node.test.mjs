// Node: import and require, with and without require(esm), one copy of each class, and processes that end by themselves.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { run } from "../support/child.mjs";
import { startDaraja } from "../support/daraja-server.mjs";
import { nodes, on } from "../support/runtimes.mjs";
import { runSuite, suiteProject } from "./project.mjs";

let daraja;
let cwd;
before(async () => {
  daraja = await startDaraja();
  cwd = suiteProject("node", daraja, [
    "import.mjs",
    "require.cjs",
    "same.mjs",
    "once.mjs",
    "kept.mjs",
    "node-fetch.mjs",
  ]);
});
after(() => daraja.close());

for (const node of nodes) {
  describe(`${node.name} (${node.version})`, () => {
    test("the suite passes by require", on(node), (t) => runSuite(t, node.path, ["require.cjs"], { cwd }));
    test("the suite passes by import", on(node), (t) => runSuite(t, node.path, ["import.mjs"], { cwd }));
    test("the suite passes by require, with require(esm) turned off as on Lambda", on(node), (t) =>
      runSuite(t, node.path, ["--no-experimental-require-module", "require.cjs"], { cwd }),
    );
    test("require and import share each function and each class", on(node), async () => {
      const same = { generateToken: true, TokenManager: true, isTokenRejected: true, memoryStore: true };
      const stdout = `${JSON.stringify({ ...same, DarajaError: true, Simulator: true })}\n`;
      assert.deepEqual(await run(node.path, ["same.mjs"], { cwd }), ended(stdout));
    });
    test(
      "the fetch of daraja-auth/node gets tokens and makes calls without loading Node's own fetch",
      on(node),
      async () => {
        const stdout = "400 object\n400 object\n[]\n";
        assert.deepEqual(await run(node.path, ["node-fetch.mjs"], { cwd }), ended(stdout));
      },
    );
    test("the process ends by itself after a token", on(node), async () => {
      assert.deepEqual(await run(node.path, ["once.mjs", "{}"], { cwd }), ended("a token\n"));
    });
    test("the process ends by itself although a TokenManager renews in the background", on(node), async () => {
      assert.deepEqual(await run(node.path, ["kept.mjs"], { cwd }), ended("a token for 3599 s\n"));
    });
    test("the process ends by itself after a time-out", on(node), async () => {
      const options = JSON.stringify({ path: "/hang", timeoutMs: 100, retries: 0 });
      assert.deepEqual(await run(node.path, ["once.mjs", options], { cwd }), ended("ERR_DARAJA_TIMEOUT\n"));
    });
  });
}

const ended = (stdout) => ({ code: 0, signal: null, stdout, stderr: "" });
