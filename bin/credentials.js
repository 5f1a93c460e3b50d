// Where a command finds the consumer key and secret, and whom it asks.

import { fetch } from "../pkg/node-fetch.js";
import { readDotenv } from "./dotenv.js";
import { UsageError } from "./failure.js";
import { ask, canAsk } from "./prompt.js";

/** The variables that each option is looked up in, the first that is set wins: generateToken's, and the store. */
export const VARIABLES = {
  consumerKey: ["DARAJA_CONSUMER_KEY", "MPESA_CONSUMER_KEY"],
  consumerSecret: ["DARAJA_CONSUMER_SECRET", "MPESA_CONSUMER_SECRET"],
  environment: ["DARAJA_ENVIRONMENT", "MPESA_ENVIRONMENT"],
  baseUrl: ["DARAJA_BASE_URL"],
  store: ["DARAJA_STORE"],
};

/** The base URL of each environment. */
export const BASE_URLS = {
  sandbox: "https://sandbox.safaricom.co.ke",
  production: "https://api.safaricom.co.ke",
};

/** The command line's options for all of it. */
export const options = {
  environment: { type: "string" },
  "base-url": { type: "string" },
  dotenv: { type: "string" },
};

/** What the help says of them. */
export const help = `Credentials are looked for in this order, each value by itself:
  1. the file of --dotenv
  2. the environment: DARAJA_CONSUMER_KEY, DARAJA_CONSUMER_SECRET, DARAJA_ENVIRONMENT, DARAJA_BASE_URL
  3. a question on the terminal, whose answer is not shown
MPESA_CONSUMER_KEY, MPESA_CONSUMER_SECRET and MPESA_ENVIRONMENT serve where the DARAJA_ ones are not set.
Of one place, DARAJA_BASE_URL wins over DARAJA_ENVIRONMENT; an environment in the file wins over a base URL outside it.
A variable that is set to nothing counts as set. Credentials are never taken as arguments.

  --environment NAME   sandbox or production; before DARAJA_ENVIRONMENT and DARAJA_BASE_URL (default: sandbox)
  --base-url URL       another Daraja, such as the simulator's address; instead of an environment's
  --dotenv FILE        a file of NAME=value lines; what it sets wins over the environment`;

/** @typedef {{ name: string, from: string, value: string }} Used A value, by the name and the place it was found under. */
/** @typedef {Record<"consumerKey" | "consumerSecret" | "environment" | "baseUrl" | "store", Used[]>} Found */

/**
 * Every value that each option has, `{ name, from, value }`, the one to use first.
 *
 * The value is as it was found: what is wrong with it is for generateToken to say, or for the doctor.
 *
 * @param {{ environment?: string, "base-url"?: string, dotenv?: string }} values
 * @param {NodeJS.ProcessEnv} env
 * @returns {Found}
 */
export function find(values, env = process.env) {
  const { environment, "base-url": baseUrl, dotenv } = values;
  if (environment !== undefined && baseUrl !== undefined) {
    throw new UsageError(
      "--environment and --base-url exclude each other",
      "The base URL stands instead of an environment's.",
    );
  }
  if (environment !== undefined && !Object.hasOwn(BASE_URLS, environment)) {
    const hint = "sandbox is for tests, production for real transactions; another host is given with --base-url.";
    throw new UsageError("--environment: expected sandbox or production, found something else", hint);
  }
  const places = [{ from: "the environment", variables: env }];
  if (dotenv !== undefined) places.unshift({ from: dotenv, variables: readDotenv(dotenv) });
  const found = Object.fromEntries(
    Object.entries(VARIABLES).map(([option, names]) => [
      option,
      places.flatMap(({ from, variables }) =>
        names.filter((name) => variables[name] !== undefined).map((name) => ({ name, from, value: variables[name] })),
      ),
    ]),
  );
  // What chooses a Daraja in the file is not to be sent elsewhere by a variable that was left over.
  const isInFile = ({ from }) => from === dotenv;
  if (found.environment.some(isInFile)) found.baseUrl = found.baseUrl.filter(isInFile);
  const argued = (name, value) => ({ name, from: "the command line", value });
  if (baseUrl !== undefined) found.baseUrl.unshift(argued("--base-url", baseUrl));
  if (environment !== undefined) {
    found.environment.unshift(argued("--environment", environment));
    found.baseUrl = [];
  }
  return /** @type {Found} */ (found);
}

/** Asks for what is needed of key and secret and was not found; UsageError where there is nobody to ask. */
export async function complete(found, needed = ["consumerKey", "consumerSecret"]) {
  const missing = needed.filter((option) => found[option].length === 0);
  if (missing.length === 0) return;
  const names = missing.map((option) => VARIABLES[option][0]).join(" and ");
  const values = needed.length > 1 ? "Both values are" : "It is";
  const remedy = `Set ${names}, or name a file that does with --dotenv FILE. ${values} in My Apps on the Daraja portal.`;
  if (!canAsk()) throw new UsageError(`${names}: not set, and there is no terminal to ask on`, remedy);
  const words = { consumerKey: "consumer key", consumerSecret: "consumer secret" };
  const answers = await ask(missing.map((option) => `Daraja ${words[option]} (it is not shown): `));
  if (answers.length < missing.length) throw new UsageError(`no ${words[missing[answers.length]]} was entered`, remedy);
  for (const [i, option] of missing.entries()) {
    found[option] = [{ name: `the ${words[option]}`, from: "the terminal", value: answers[i] }];
  }
}

/**
 * The options of generateToken that were found, and the fetch that starts fast.
 *
 * @param {Found} found
 * @returns {import("../pkg/index.js").GenerateTokenOptions}
 */
export function optionsOf({ store: _, ...found }) {
  const used = Object.entries(found).filter(([, values]) => values.length > 0);
  /** @type {any} generateToken says what is wrong with it. */
  const options = { ...Object.fromEntries(used.map(([option, [{ value }]]) => [option, value])), fetch };
  return options;
}

/** The base URL that will be asked, where it is one. */
export function baseUrlOf(found) {
  const { baseUrl, environment = "sandbox" } = optionsOf(found);
  const url = baseUrl ?? (Object.hasOwn(BASE_URLS, environment) ? BASE_URLS[environment] : undefined);
  return url !== undefined && URL.canParse(url) ? new URL(url) : undefined;
}

/** An error of generateToken's, with the option that it names called as the person knows it. */
export function named(error, found) {
  const [, option] = /^(\w+): /.exec(error.message) ?? [];
  const [used] = (Object.hasOwn(VARIABLES, option ?? "") && found[option]) || [];
  if (error.code === "ERR_DARAJA_INVALID_OPTION" && used) {
    const isTarget = ["environment", "baseUrl"].includes(option);
    const what = isTarget && used.value === "" ? " is set to nothing" : error.message.slice(option.length);
    // A variable's value is not repeated: another one may have slipped into it.
    error.message =
      used.name + (option === "environment" ? what.replace(/, found .*$/s, ", found another text") : what);
  }
  return error;
}
