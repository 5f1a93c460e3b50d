// Deno: from node_modules, with no more permission than the network, and without any fetching of its own.
import { after, before, test } from "node:test";
import { startDaraja } from "../daraja.mjs";
import { deno, on } from "./runtimes.mjs";
import { proves, trial } from "./trial.mjs";

let daraja;
let cwd;
before(async () => {
  daraja = await startDaraja();
  cwd = trial("deno", daraja, ["import.mjs"]);
});
after(() => daraja.close());

test(`Deno (${deno.version}) imports it, with permission for one host alone`, on(deno), (t) =>
  proves(t, deno.path, [...deno.flags, "import.mjs"], { cwd }),
);
