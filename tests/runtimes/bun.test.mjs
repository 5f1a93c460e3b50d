// Bun: import, require, and the end of the process.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { run } from "../support/child.mjs";
import { startDaraja } from "../support/daraja-server.mjs";
import { bun, on } from "../support/runtimes.mjs";
import { runSuite, suiteProject } from "./project.mjs";

let daraja;
let cwd;
before(async () => {
  daraja = await startDaraja();
  cwd = suiteProject("bun", daraja, ["import.mjs", "require.cjs", "kept.mjs"]);
});
after(() => daraja.close());

describe(`Bun (${bun.version})`, () => {
  test("the suite passes by import", on(bun), (t) => runSuite(t, bun.path, ["import.mjs"], { cwd }));
  test("the suite passes by require", on(bun), (t) => runSuite(t, bun.path, ["require.cjs"], { cwd }));
  test("the process ends by itself although a TokenManager renews in the background", on(bun), async () => {
    const ended = { code: 0, signal: null, stdout: "a token for 3599 s\n", stderr: "" };
    assert.deepEqual(await run(bun.path, ["kept.mjs"], { cwd }), ended);
  });
});
