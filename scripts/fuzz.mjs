// npm run fuzz [-- --minutes 5] [--target answers] [--seed 7 [--inputs 1]]: random inputs for the package, until the
// time is over or a promise is broken. Each input has its own seed, which is printed if the input breaks a promise.
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { Random } from "../tests/fuzz/random.mjs";
import { isBuilt } from "./sources.mjs";
import { root, run } from "./tools.mjs";

const { values } = parseArgs({
  options: {
    /** How long all targets together take, unless --seed is given. */
    minutes: { type: "string", default: "5" },
    target: { type: "string" },
    seed: { type: "string" },
    /** With --seed, the number of inputs: that seed and the next ones. */
    inputs: { type: "string", default: "1" },
  },
});
if (!isBuilt()) run(process.execPath, [`${root}/scripts/build.mjs`]);
const { targets } = await import("../tests/fuzz/targets.mjs");
const daraja = { ...(await import("../pkg/node.js")), ...(await import("../pkg/simulator.node.js")) };

const chosen = Object.entries(targets).filter(([name]) => values.target === undefined || name === values.target);
if (chosen.length === 0) {
  console.error(`There is no target ${values.target}. The targets are ${Object.keys(targets).join(", ")}.`);
  process.exit(2);
}
const stray = (/** @type {unknown} */ error) => {
  console.error("An unhandled error, which would end a user's process:", error);
  process.exit(1);
};
process.on("unhandledRejection", stray).on("uncaughtException", stray);

const limitMs = (Number(values.minutes) * 60_000) / chosen.length;
for (const [name, check] of chosen) {
  const first = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
  const began = Date.now();
  const isOver = (/** @type {number} */ inputs) =>
    values.seed === undefined ? Date.now() - began >= limitMs : inputs >= Number(values.inputs);
  let inputs = 0;
  for (; !isOver(inputs); inputs++) {
    const seed = first + inputs;
    try {
      await check(new Random(seed), daraja);
    } catch (error) {
      console.error(
        `${name}: an input broke a promise. To see it again: npm run fuzz -- --target ${name} --seed ${seed}`,
      );
      console.error(error);
      process.exit(1);
    }
  }
  console.log(
    `${name}: ${inputs} inputs in ${Math.round((Date.now() - began) / 1000)} s, seeds ${first} to ${first + inputs - 1}: nothing broke`,
  );
}
