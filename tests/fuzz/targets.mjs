// The targets that `npm run fuzz` tests with random inputs. Each `check` gets a Random and the package. It rejects if
// the rule in the first comment of its file does not hold.
import { check as answers } from "./answers.mjs";
import { check as fetchInit } from "./fetch-init.mjs";
import { check as pollution } from "./pollution.mjs";
import { check as recording } from "./recording.mjs";
import { check as records } from "./records.mjs";

/** @type {Record<string, (random: import("./random.mjs").Random, daraja: any) => Promise<void>>} */
export const targets = { answers, "fetch-init": fetchInit, pollution, records, recording };
