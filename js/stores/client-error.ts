// Protects the stores from a database's client: from text that the client would change, from errors that show the
// record, and from events that would end the process.
import { remedyFor } from "../connection-remedy.ts";
import { hasMethods, invalidOption } from "./invalid-option.ts";

/**
 * Throws for half a surrogate pair. UTF-8 cannot encode it: clients send a replacement character, so the store would
 * return another value.
 */
export function checkWellFormed({ value }: { readonly value: string }): void {
  if (value.isWellFormed?.() !== false) return;
  throw invalidOption("value: expected well-formed text, found half a surrogate pair", "JSON.stringify escapes it.");
}

/** An error of a database's client, with only its message and its code. */
export interface ClientError extends Error {
  code?: unknown;
}

/**
 * Gives the message and the code of a client's error, in an error of our own. A client's own error may carry the
 * command's arguments, and so the record with its token: ioredis has `command`, PGlite `params`, and \@upstash/redis
 * quotes them in its message.
 */
export function clientError(error: unknown): ClientError {
  const { name, code = name, message, errors } = (error ?? {}) as Record<string, unknown>;
  // If Node tried several addresses, its error has no message, but contains an error for each address.
  const first = Array.isArray(errors) ? `none of several addresses answered: ${errors[0]?.message}` : code;
  const [text] = String(message || first).split(", command was:");
  const remedy = remedyFor({ code, errors });
  return Object.assign(new Error(remedy ? `${text}. ${remedy}` : text), { code });
}

/**
 * Keeps a client from ending the process. A client emits an `error` event when its server restarts, and without a
 * listener this event ends the process. The failed operation reports the error anyway. A client that has a listener is
 * not changed.
 */
export function hearErrors(client: unknown): void {
  if (!hasMethods(client, "on listenerCount")) return;
  const emitter = client as { on(event: string, listener: () => void): void; listenerCount(event: string): number };
  if (emitter.listenerCount("error") === 0) emitter.on("error", () => {});
}
