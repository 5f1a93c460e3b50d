// What the stores keep from a client: a text that it would change, an error that shows the record, and an event that would
// end the process.
import { hasMethods, invalidOption } from "./invalid-option.ts";

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

/** Codes of a certificate that Node does not know the authority of, as those of managed databases. */
const UNKNOWN_AUTHORITY = /SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF|UNABLE_TO_GET_ISSUER/;

/**
 * Gives the message and the code of a client's error, in an error of our own. A client's own error may carry the
 * command's arguments, and so the record with its token: ioredis has `command`, PGlite `params`, and \@upstash/redis
 * quotes them in its message.
 */
export function clientError(error: unknown): ClientError {
  const { name, code = name, message, errors } = (error ?? {}) as Record<string, unknown>;
  // Where Node tried several addresses, its error has one for each, and no message.
  const first = Array.isArray(errors) ? `none of several addresses answered: ${errors[0]?.message}` : code;
  const [text] = String(message || first).split(", command was:");
  let hint = "";
  if (UNKNOWN_AUTHORITY.test(String(code))) hint = ". Name its authority's file in NODE_EXTRA_CA_CERTS";
  // Node gives each address of a host 250 ms. Far away, none answers in time.
  if (code === "ETIMEDOUT" && Array.isArray(errors)) {
    hint = ". Raise Node's --network-family-autoselection-attempt-timeout";
  }
  return Object.assign(new Error(text + hint), { code });
}

/**
 * Keeps a client from ending the process. An `error` event that nothing listens to does that, and a client emits one when
 * its server restarts. The operation that fails then says so. A client that has a listener is left as it is.
 */
export function hearErrors(client: unknown): void {
  if (!hasMethods(client, "on listenerCount")) return;
  const emitter = client as { on(event: string, listener: () => void): void; listenerCount(event: string): number };
  if (emitter.listenerCount("error") === 0) emitter.on("error", () => {});
}
