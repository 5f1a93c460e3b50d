// npm run soak [-- --instances 1000 --hours 24 --calm --rounds 1 --seed 1]: runs fleets in simulated time, one after
// the other. Without --seed and --rounds, it runs until a rule breaks. --seed alone runs once. It prints a table of
// results for each fleet, and the command that repeats a failure. The rules are in crates/core/tests/soak.
import { spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { env, root } from "./tools.mjs";

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    instances: { type: "string", default: "1000" },
    hours: { type: "string", default: "24" },
    rounds: { type: "string" },
    calm: { type: "boolean", default: false },
  },
});
const first = Number(values.seed ?? randomInt(1_000_000_000));
const rounds = Number(values.rounds ?? (values.seed === undefined ? Number.POSITIVE_INFINITY : 1));
const args = ["test", "--quiet", "--locked", "-p", "daraja-auth-core", "--profile", "fuzz", "--test", "soak", "--"];
const test = ["--exact", "--nocapture", "the_fleet_of_npm_run_soak_keeps_the_rules"];

for (let round = 0; round < rounds; round++) {
  const asked = { SOAK_SEED: String(first + round), SOAK_INSTANCES: values.instances, SOAK_HOURS: values.hours };
  const calm = values.calm ? { SOAK_CALM: "true" } : {};
  /** @type {import("node:child_process").SpawnSyncOptions} */
  const stdio = { cwd: root, env: { ...env, ...asked, ...calm, RUST_BACKTRACE: "0" }, stdio: "inherit" };
  const began = Date.now();
  if (spawnSync("cargo", [...args, ...test], stdio).status !== 0) process.exit(1);
  console.log(`  took             ${((Date.now() - began) / 1000).toFixed(0)} s`);
}
