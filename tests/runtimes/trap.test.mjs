// A trap that is forced into the module's shipped bytes: calls reject, the process goes on, the next call works.
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { startDaraja } from "../support/daraja-server.mjs";
import { on, runtimes } from "../support/runtimes.mjs";
import { runSuite, suiteProject } from "./project.mjs";

let daraja;
let cwd;
before(async () => {
  daraja = await startDaraja();
  const forced = readFileSync(new URL("../support/forced-trap.mjs", import.meta.url), "utf8");
  cwd = suiteProject("trap", daraja, ["trap.mjs"], { "forced-trap.mjs": forced });
});
after(() => daraja.close());

for (const runtime of runtimes) {
  test(`${runtime.name} (${runtime.version}) survives a trap in the module`, on(runtime), (t) =>
    runSuite(t, runtime.path, [...runtime.flags, "trap.mjs"], { cwd, count: 9 }),
  );
}
