// A few random inputs for each target of `npm run fuzz`, which tries new inputs for a given time.
import { test } from "node:test";
import { installed } from "../support/installed.mjs";
import { Random } from "./random.mjs";
import { targets } from "./targets.mjs";

const INPUTS = 50;
const daraja = await installed("fuzz");

for (const [name, check] of Object.entries(targets)) {
  test(`${INPUTS} random inputs break no promise of ${name}`, async () => {
    for (let seed = 1; seed <= INPUTS; seed++) {
      await check(new Random(seed), daraja).catch((error) => {
        throw Object.assign(error, { message: `npm run fuzz -- --target ${name} --seed ${seed}: ${error.message}` });
      });
    }
  });
}
