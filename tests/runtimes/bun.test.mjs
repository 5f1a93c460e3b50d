// Bun: import and require.
import { after, before, describe, test } from "node:test";
import { startDaraja } from "../daraja.mjs";
import { bun, on } from "./runtimes.mjs";
import { proves, trial } from "./trial.mjs";

let daraja;
let cwd;
before(async () => {
  daraja = await startDaraja();
  cwd = trial("bun", daraja, ["import.mjs", "require.cjs"]);
});
after(() => daraja.close());

describe(`Bun (${bun.version})`, () => {
  test("import", on(bun), (t) => proves(t, bun.path, ["import.mjs"], { cwd }));
  test("require", on(bun), (t) => proves(t, bun.path, ["require.cjs"], { cwd }));
});
