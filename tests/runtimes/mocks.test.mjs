// Mocks that a user's tests install after the import answer instead of Safaricom's sandbox.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { run } from "../support/child.mjs";
import { tool } from "../support/npm-tools.mjs";
import { node24, on, runtimes } from "../support/runtimes.mjs";
import { suiteProject } from "./project.mjs";

const mocked = { code: 0, signal: null, stdout: "mocked ERR_DARAJA_INVALID_CREDENTIALS\n", stderr: "" };

let cwd;
before(() => {
  cwd = suiteProject("mocks", { baseUrl: "" }, ["msw.mjs", "nock.mjs", "fetch.mjs"]);
});

for (const { name, version } of [tool("msw"), tool("nock")]) {
  test(`${name} ${version} answers instead of the sandbox`, on(node24), async () => {
    assert.deepEqual(await run(node24.path, [`${name}.mjs`], { cwd }), mocked);
  });
}

for (const runtime of runtimes) {
  test(`a function that replaces fetch in ${runtime.name} answers instead of the sandbox`, on(runtime), async () => {
    assert.deepEqual(await run(runtime.path, [...runtime.flags, "fetch.mjs"], { cwd }), mocked);
  });
}
