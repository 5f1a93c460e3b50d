// Bun: import and require.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startDaraja } from "../daraja.mjs";
import { run } from "./child.mjs";
import { bun, on } from "./runtimes.mjs";
import { proves, trial } from "./trial.mjs";

let daraja;
let cwd;
before(async () => {
  daraja = await startDaraja();
  cwd = trial("bun", daraja, ["import.mjs", "require.cjs", "kept.mjs"]);
});
after(() => daraja.close());

describe(`Bun (${bun.version})`, () => {
  test("import", on(bun), (t) => proves(t, bun.path, ["import.mjs"], { cwd }));
  test("require", on(bun), (t) => proves(t, bun.path, ["require.cjs"], { cwd }));
  test("the process ends by itself though a TokenManager renews in the background", on(bun), async () => {
    const ended = { code: 0, signal: null, stdout: "a token for 3599 s\n", stderr: "" };
    assert.deepEqual(await run(bun.path, ["kept.mjs"], { cwd }), ended);
  });
});
