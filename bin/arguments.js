// The arguments of a command. Node's parser reads them. They are checked here, because its errors could quote a secret.
import { parseArgs } from "node:util";
import { didYouMean } from "../pkg/internal.js";
import { UsageError } from "./failure.js";

const NO_SECRETS =
  "A consumer key or secret is never taken as an argument: other users of this machine could read it there, and the " +
  "shell keeps it in its history. Set DARAJA_CONSUMER_KEY and DARAJA_CONSUMER_SECRET, or name a file with --dotenv.";

/**
 * The values of a command's options. `options` has the form that parseArgs takes.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {import("node:util").ParseArgsConfig["options"] & {}} options
 */
export function read(command, args, options) {
  const { tokens, values } = parseArgs({ args, options, strict: false, tokens: true });
  const hint = `daraja-auth ${command} --help lists its options.`;
  for (const { kind, name, rawName, value, inlineValue } of /** @type {any[]} */ (tokens)) {
    if (kind === "positional") throw new UsageError(`${command} takes no arguments but options`, NO_SECRETS);
    if (kind !== "option") continue;
    if (!Object.hasOwn(options, name)) {
      const guess = didYouMean(name, Object.keys(options), "--");
      const isCredential = guess === "" && /key|secret|passw|token|auth|cred/i.test(name);
      throw new UsageError(`unknown option ${shown(rawName)}${guess}`, isCredential ? NO_SECRETS : hint);
    }
    if (options[name].type === "boolean" && value !== undefined)
      throw new UsageError(`${rawName} takes no value`, hint);
    // A word that begins with - is taken for an option, so the value was forgotten. --name=-value gives such a value.
    const isMissing = value === undefined || value === "" || (!inlineValue && value.startsWith("-"));
    if (options[name].type === "string" && isMissing) throw new UsageError(`${rawName} needs a value`, hint);
  }
  return values;
}

/**
 * The number that an option gives, or undefined without that option.
 *
 * @param {Record<string, unknown>} values
 * @param {string} name
 * @param {number} min
 * @param {number} max
 */
export function wholeNumber(values, name, min, max) {
  const { [name]: text } = values;
  if (text === undefined) return undefined;
  const number = Number(text);
  if (/^\d{1,10}$/.test(String(text)) && number >= min && number <= max) return number;
  throw new UsageError(
    `--${name}: expected a whole number from ${min} to ${max}, found something else`,
    "Write it in digits.",
  );
}

/**
 * The word that a person typed, or a note in its place if it may be a secret.
 *
 * @param {string} word
 */
export function shown(word) {
  return /^[a-z-]{1,20}$/i.test(word) ? word : "[not shown: it may be a secret]";
}
