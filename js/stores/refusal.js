// What the stores say when they are given something wrong, and what they pass on when their engine fails.
import { DarajaError } from "daraja-auth";

/** The error for an option that is not what it should be; `message` reads "what: expected X, found Y". */
export function refusal(message, hint) {
  return new DarajaError(message, { code: "ERR_DARAJA_INVALID_OPTION", retryable: false, hint });
}

export function kindOf(value) {
  if (value === null || value === undefined) return String(value);
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** Whether an object has all of these methods, separated by spaces. */
export function can(object, methods) {
  return methods.split(" ").every((name) => typeof object?.[name] === "function");
}

/** Half a surrogate pair has no UTF-8: clients send a replacement for it, and another value would come back. */
export function refuseHalfPairs({ value }) {
  if (value.isWellFormed?.() !== false) return;
  throw refusal("value: expected well-formed text, found half a surrogate pair", "JSON.stringify escapes it.");
}

/**
 * What went wrong, in an error without anything else of the client's: theirs may carry the command's arguments, and so
 * the record with its token (ioredis `command`, PGlite `params`, and the very message of @upstash/redis).
 */
export function failure(error) {
  const { name, code = name, message } = error ?? {};
  const text = String(message || code).split(", command was:")[0];
  return Object.assign(new Error(text), { code });
}
