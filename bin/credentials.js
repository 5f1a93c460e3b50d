// Finds the consumer key and secret, and the Daraja to ask.

import { isSet, lookalikesIn, meantEnvironment, VARIABLES, valuesIn, warningOf } from "../pkg/internal.js";
import { fetch } from "../pkg/node-fetch.js";
import { DEFAULT_FILE, readDefaultDotenv, readDotenv } from "./dotenv.js";
import { UsageError } from "./failure.js";
import { ask, canAsk } from "./prompt.js";
import { print } from "./terminal.js";

export { meantEnvironment, VARIABLES };

export const BASE_URLS = {
  sandbox: "https://sandbox.safaricom.co.ke",
  production: "https://api.safaricom.co.ke",
};

/** The options that choose the credentials and the Daraja to ask. */
export const options = {
  environment: { type: "string" },
  "base-url": { type: "string" },
  dotenv: { type: "string" },
  "no-dotenv": { type: "boolean" },
};

/** The part of each help text that describes these options. */
export const help = `  --environment NAME  sandbox or production (default: sandbox)
  --base-url URL      another Daraja, such as the simulator's address
  --dotenv FILE       a file of NAME=value lines; it wins over the environment
  --no-dotenv         does not read .env in this folder

daraja-auth help credentials says where key, secret and store are found.`;

/** @typedef {{ name: string, from: string, value: string }} Used A value, and the name and place where it was found. */
/** @typedef {Record<"consumerKey" | "consumerSecret" | "environment" | "baseUrl" | "store", Used[]>} Values */
/** @typedef {Values & { lookalikes?: { credentials: string[], target: string[] } }} Found `lookalikes` are not read. */

/**
 * All values `{ name, from, value }` that were found for each option. The first one is used.
 *
 * Only --environment is checked here. generateToken and the doctor check the other values.
 *
 * @param {{ environment?: string, "base-url"?: string, dotenv?: string, "no-dotenv"?: boolean }} values
 * @param {NodeJS.ProcessEnv} env
 * @returns {Found}
 */
export function find(values, env = process.env) {
  const { environment, "base-url": baseUrl } = values;
  if (environment !== undefined && baseUrl !== undefined) {
    throw new UsageError("--environment and --base-url exclude each other", "Each of them chooses the Daraja to ask.");
  }
  if (environment !== undefined && !Object.hasOwn(BASE_URLS, environment)) {
    const hint = "sandbox is for tests, production for real transactions; another host is given with --base-url.";
    const meant = meantEnvironment(environment);
    const question = meant ? `; did you mean ${meant}?` : "";
    throw new UsageError(`--environment: expected sandbox or production, found something else${question}`, hint);
  }
  const places = placesOf(values, env);
  const found = valuesIn(places);
  const argued = (name, value) => ({ name, from: "the command line", value });
  if (baseUrl !== undefined) found.baseUrl.unshift(argued("--base-url", baseUrl));
  if (environment !== undefined) {
    found.environment.unshift(argued("--environment", environment));
    found.baseUrl = [];
  }
  return /** @type {Found} */ ({ ...found, lookalikes: lookalikesIn(places, found) });
}

/**
 * The places where variables are looked for. The first place that sets a variable wins.
 *
 * @param {{ dotenv?: string, "no-dotenv"?: boolean }} values
 * @param {NodeJS.ProcessEnv} env
 */
function placesOf({ dotenv, "no-dotenv": noDotenv }, env) {
  const environment = { from: "the environment", variables: env };
  if (dotenv !== undefined) {
    if (noDotenv)
      throw new UsageError("--dotenv and --no-dotenv exclude each other", "The first names a file to read.");
    return [{ from: dotenv, variables: readDotenv(dotenv) }, environment];
  }
  // The .env of a stranger's folder could send credentials elsewhere. So it is not read if the environment has any.
  const hasCredentials = [...VARIABLES.consumerKey, ...VARIABLES.consumerSecret].some((name) => isSet(env, name));
  if (noDotenv || hasCredentials) return [environment];
  const variables = readDefaultDotenv();
  const isOfUse = Object.values(VARIABLES)
    .flat()
    .some((name) => isSet(variables, name));
  if (!isOfUse) return [environment];
  print(`Reading ${DEFAULT_FILE} in this folder; --no-dotenv leaves it out.`);
  return [environment, { from: DEFAULT_FILE, variables }];
}

/**
 * Warns of variables that look as if they choose an environment, but are not read.
 *
 * @param {Found} found
 */
export function printLookalikes({ lookalikes }) {
  const target = lookalikes?.target ?? [];
  if (target.length === 0) return;
  print(warningOf(target, "DARAJA_ENVIRONMENT or --environment"));
}

/** Asks on the terminal for the needed values that were not found. Without a terminal it throws a UsageError. */
export async function complete(found, needed = ["consumerKey", "consumerSecret"]) {
  const missing = needed.filter((option) => found[option].length === 0);
  if (missing.length === 0) return;
  const names = missing.map((option) => VARIABLES[option][0]).join(" and ");
  const values = needed.length > 1 ? "Both values are" : "It is";
  const similar = found.lookalikes?.credentials ?? [];
  const remedy =
    (similar.length > 0 ? `${similar.join(" and ")}: set, but not read. ` : "") +
    `Set ${names}, or name a file that sets them: --dotenv FILE. ${values} in My Apps on the Daraja portal.`;
  if (!canAsk()) throw new UsageError(`${names}: not set, and there is no terminal to ask on`, remedy);
  const words = { consumerKey: "consumer key", consumerSecret: "consumer secret" };
  const answers = await ask(missing.map((option) => `Daraja ${words[option]} (it is not shown): `));
  if (answers.length < missing.length) throw new UsageError(`no ${words[missing[answers.length]]} was entered`, remedy);
  for (const [i, option] of missing.entries()) {
    found[option] = [{ name: `the ${words[option]}`, from: "the terminal", value: answers[i] }];
  }
}

/**
 * The options of generateToken that were found, and the fetch of daraja-auth/node, which starts faster.
 *
 * @param {Found} found
 * @returns {import("../pkg/index.js").GenerateTokenOptions}
 */
export function optionsOf({ store: _, lookalikes: __, ...found }) {
  const used = Object.entries(found).filter(([, values]) => values.length > 0);
  /** @type {any} generateToken checks it. */
  const options = Object.create(null);
  for (const [option, [{ value }]] of used) options[option] = value;
  options.fetch = fetch;
  return options;
}

/** The base URL that will be asked, if it is a URL. */
export function baseUrlOf(found) {
  const { baseUrl, environment = "sandbox" } = optionsOf(found);
  const url = baseUrl ?? (Object.hasOwn(BASE_URLS, environment) ? BASE_URLS[environment] : undefined);
  return url !== undefined && URL.canParse(url) ? new URL(url) : undefined;
}

/** The error of generateToken, with the variable's name in place of the option's. */
export function named(error, found) {
  const [, option] = /^(\w+)\b/.exec(error.message) ?? [];
  const [used] = (Object.hasOwn(VARIABLES, option ?? "") && found[option]) || [];
  if (error.code === "ERR_DARAJA_INVALID_OPTION" && used) {
    const isTarget = ["environment", "baseUrl"].includes(option);
    const what = isTarget && used.value === "" ? " is set to nothing" : error.message.slice(option.length);
    // The value is not repeated: it may be a secret that was put into the wrong variable.
    error.message =
      used.name + (option === "environment" ? what.replace(/, found .*$/s, ", found another text") : what);
  }
  return error;
}
