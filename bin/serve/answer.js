// The server's own answers. They have the form of Daraja's, so that programs made for Daraja understand them.
import { randomUUID } from "node:crypto";
import { hasBody } from "./body.js";

/** @typedef {{ status: number, headers: Record<string, string>, body: string }} Answer */

/** The longest Retry-After: a client must learn soon that Daraja answers again. */
const MAX_RETRY_AFTER_SECONDS = 60;

/** The answer to a client that asks too often, in the form of Daraja's 429. @param {{ retryAfterMs: number }} wait */
export function throttled({ retryAfterMs }, message = "Too many pairs are tried.") {
  const headers = { "Retry-After": String(Math.ceil(retryAfterMs / 1000)) };
  return darajaError(429, "ERR_DARAJA_RATE_LIMITED", message, headers);
}

/** How long the rest of a refused body is read and dropped. */
const LINGER_MS = 2000;

/**
 * An answer in JSON. RFC 6749, section 5.1: an answer with a token must not be cached.
 *
 * @param {number} status
 * @param {object} value
 * @param {Record<string, string>} [headers]
 * @returns {Answer}
 */
export function json(status, value, headers = {}) {
  return {
    status,
    headers: { ...headers, "Content-Type": "application/json", "Cache-Control": "no-store" },
    body: JSON.stringify(value),
  };
}

/**
 * @param {number} status
 * @param {string} errorCode
 * @param {string} errorMessage
 * @param {Record<string, string>} [headers]
 */
export function darajaError(status, errorCode, errorMessage, headers = {}) {
  return json(status, { requestId: randomUUID(), errorCode, errorMessage }, headers);
}

/** Daraja's answer to a wrong pair: a 400 with an empty body. */
export const wrongPair = () => ({ status: 400, headers: { "Content-Type": "text/plain" }, body: "" });
export const wrongScheme = () => darajaError(400, "400.008.01", "Invalid Authentication passed");
export const wrongGrant = () => darajaError(400, "400.008.02", "Invalid grant type passed");
/** Daraja's answer to a method or an Authorization header that the path does not take. */
export const wrongHeader = () => darajaError(404, "404.001.04", "Invalid Authentication Header");
/** Daraja's answer to a token that is not live. */
export const wrongToken = () => darajaError(404, "404.001.03", "Invalid Access Token");

/**
 * The answer when there is no token. Its Retry-After says when the client may ask again.
 *
 * @param {Error & { code?: string, retryAfterMs?: number }} error
 */
export function noToken(error) {
  const seconds = Math.ceil((error.retryAfterMs ?? 1000) / 1000);
  const retryAfter = Math.min(Math.max(seconds, 1), MAX_RETRY_AFTER_SECONDS);
  const code = error.code ?? "ERR_DARAJA_INTERNAL";
  const message = error.name === "DarajaError" ? error.message : "daraja-auth serve failed";
  return darajaError(503, code, message, { "Retry-After": String(retryAfter) });
}

/**
 * Sends an answer. If the body of the request has not arrived yet, it is read for a while and dropped, and then the
 * connection is closed. If it were closed at once, TCP would reset it, and the client would not see the answer.
 *
 * @param {import("node:http").ServerResponse} outgoing
 * @param {Answer} answer
 */
export function send(outgoing, { status, headers, body }) {
  const { req: incoming } = outgoing;
  const bytes = Buffer.from(body);
  const isUnread = !incoming.complete && hasBody(incoming);
  if (isUnread) outgoing.shouldKeepAlive = false;
  outgoing.writeHead(status, { ...headers, "Content-Length": bytes.length });
  if (incoming.method !== "HEAD") outgoing.write(bytes);
  if (!isUnread) {
    outgoing.end();
    return;
  }
  const end = () => {
    clearTimeout(timer);
    outgoing.end();
  };
  const timer = setTimeout(end, LINGER_MS);
  outgoing.once("close", () => clearTimeout(timer));
  incoming.once("end", end).once("error", end).resume();
}
