// The file of --write-env: the variables of this simulator, for node --env-file and for the command line.
import { existsSync, writeFileSync } from "node:fs";
import { readDotenv } from "../dotenv.js";
import { Failure, UsageError } from "../failure.js";
import { isLoopback } from "../listen.js";
import { readSmallFile } from "../read-file.js";

const NOTE = "# Written by daraja-auth simulate. These keys are not real.";
const OURS =
  /^(?:# Written by daraja-auth simulate\b|(?:export\s+)?DARAJA_(?:BASE_URL|CONSUMER_KEY|CONSUMER_SECRET)\s*=)/;

/**
 * Throws if the file has keys or an address that are not a simulator's. They may be real, so they are not overwritten.
 *
 * @param {string} file
 * @param {readonly { consumerKey: string, consumerSecret: string }[]} apps
 */
export function refuseRealKeys(file, apps) {
  if (!existsSync(file)) return;
  const variables = readDotenv(file, "--write-env");
  const known = apps.flatMap(({ consumerKey, consumerSecret }) => [consumerKey, consumerSecret]);
  const { DARAJA_BASE_URL: baseUrl, DARAJA_CONSUMER_KEY: key, DARAJA_CONSUMER_SECRET: secret } = variables;
  const real = [
    key && !known.includes(key) && "DARAJA_CONSUMER_KEY",
    secret && !known.includes(secret) && "DARAJA_CONSUMER_SECRET",
    baseUrl && !isSimulator(baseUrl) && "DARAJA_BASE_URL",
  ].filter(Boolean);
  if (real.length === 0) return;
  const hint = "They may be real, so the file is left as it is. Name another one: --write-env .env.simulator.";
  throw new UsageError(`--write-env: ${file} has another ${real.join(" and ")}`, hint);
}

/**
 * Writes the variables into the file, and keeps its other lines. Only its owner may read a new file.
 *
 * @param {string} file
 * @param {[string, string][]} variables
 */
export function writeVariables(file, variables) {
  const kept = existsSync(file) ? linesOf(file).filter((line) => !OURS.test(line)) : [];
  while (kept.at(-1) === "") kept.pop();
  const lines = [...kept, NOTE, ...variables.map(([name, value]) => `${name}=${value}`)];
  try {
    writeFileSync(file, `${lines.join("\n")}\n`, { mode: 0o600 });
  } catch (error) {
    const { code = "unknown" } = /** @type {NodeJS.ErrnoException} */ (error);
    throw new Failure(code, `--write-env: ${file} cannot be written`, "Name a file in a folder of your own.");
  }
}

/** @param {string} file */
const linesOf = (file) => readSmallFile("--write-env", file).toString("utf8").split(/\r?\n/);

/** @param {string} baseUrl */
function isSimulator(baseUrl) {
  return URL.canParse(baseUrl) && isLoopback(new URL(baseUrl).hostname);
}
