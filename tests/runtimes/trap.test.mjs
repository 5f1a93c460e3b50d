// A trap inside the module, forced into the shipped bytes: calls reject, the process lives, the next call works.
import { after, before, test } from "node:test";
import { startDaraja } from "../daraja.mjs";
import { on, runtimes } from "./runtimes.mjs";
import { proves, trial } from "./trial.mjs";

let daraja;
let cwd;
before(async () => {
  daraja = await startDaraja();
  cwd = trial("trap", daraja, ["trap.mjs"]);
});
after(() => daraja.close());

for (const runtime of runtimes) {
  test(`a trap in ${runtime.name} (${runtime.version})`, on(runtime), (t) =>
    proves(t, runtime.path, [...runtime.flags, "trap.mjs"], { cwd, sentences: 9 }),
  );
}
