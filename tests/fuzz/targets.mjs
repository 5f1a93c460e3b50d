// The targets that `npm run fuzz` tests with random inputs. Each `check` takes a Random and the package, and throws if
// a promise is broken.
import { check as answers } from "./answers.mjs";
import { check as fetchInit } from "./fetch-init.mjs";
import { check as pollution } from "./pollution.mjs";
import { check as recording } from "./recording.mjs";
import { check as records } from "./records.mjs";

/** @type {Record<string, (random: import("./random.mjs").Random, daraja: any) => Promise<void>>} */
export const targets = { answers, "fetch-init": fetchInit, pollution, records, recording };
