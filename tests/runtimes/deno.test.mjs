// Deno: it uses node_modules, has permission for the network only, and downloads nothing.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { run } from "../support/child.mjs";
import { startDaraja } from "../support/daraja-server.mjs";
import { deno, on } from "../support/runtimes.mjs";
import { runSuite, suiteProject } from "./project.mjs";

let daraja;
let cwd;
before(async () => {
  daraja = await startDaraja();
  cwd = suiteProject("deno", daraja, ["import.mjs", "kept.mjs"]);
});
after(() => daraja.close());

describe(`Deno (${deno.version})`, () => {
  test("the suite passes by import, with permission for only one host", on(deno), (t) =>
    runSuite(t, deno.path, [...deno.flags, "import.mjs"], { cwd }),
  );
  test("the process ends by itself although a TokenManager renews in the background", on(deno), async () => {
    const ended = { code: 0, signal: null, stdout: "a token for 3599 s\n", stderr: "" };
    assert.deepEqual(await run(deno.path, [...deno.flags, "kept.mjs"], { cwd }), ended);
  });
});
