// The two things that the stores keep from a client: a text it would change, and an error that shows the record.
import { invalidOption } from "./invalid-option.ts";

/**
 * Throws for half a surrogate pair. It has no UTF-8: clients send a replacement character in its place, and another value
 * would come back.
 */
export function checkWellFormed({ value }: { readonly value: string }): void {
  if (value.isWellFormed?.() !== false) return;
  throw invalidOption("value: expected well-formed text, found half a surrogate pair", "JSON.stringify escapes it.");
}

/** An error of a database's client, with its message and its code only. */
export interface ClientError extends Error {
  code?: unknown;
}

/**
 * Gives the message and the code of a client's error, in an error of our own. A client's own error may carry the
 * command's arguments, and so the record with its token: ioredis has `command`, PGlite `params`, and \@upstash/redis
 * quotes them in its message.
 */
export function clientError(error: unknown): ClientError {
  const {
    name,
    code = name,
    message,
    errors,
  } = (error ?? {}) as Partial<Record<keyof AggregateError | "code", unknown>>;
  // Where Node tried several addresses, its error has one for each, and no message.
  const first = Array.isArray(errors) ? `none of several addresses answered: ${errors[0]?.message}` : code;
  const [text] = String(message || first).split(", command was:");
  return Object.assign(new Error(text), { code });
}
