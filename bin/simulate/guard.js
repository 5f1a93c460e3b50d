// Who may ask the demo's server. It may hold real keys, so no other site may use it: neither by a form or a fetch of its
// own (Origin, Sec-Fetch-Site), nor by a name of its own that it lets point to this machine (Host: DNS rebinding).

const NAMES = ["localhost", "127.0.0.1", "[::1]"];

/** What the page may load, and from where; `frame-ancestors` is one that a page cannot say itself. */
export const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** On every answer. */
export const HEADERS = {
  "Content-Security-Policy": POLICY,
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "Cache-Control": "no-store",
};

/** @typedef {{ headers: import("node:http").IncomingHttpHeaders }} Asked */

/**
 * Whether the request names this server by a name of this machine.
 *
 * @param {Asked} request
 * @param {number} port
 */
export function isForHere({ headers }, port) {
  return NAMES.some((name) => headers.host === `${name}:${port}` || (port === 80 && headers.host === name));
}

/**
 * Whether a page of another origin sent the request. Programs, which send neither header, are not foreign.
 *
 * @param {Asked} request
 */
export function isForeign({ headers }) {
  const { origin, host, "sec-fetch-site": site = "none" } = headers;
  if (origin !== undefined) return origin !== `http://${host}`;
  return site !== "same-origin" && site !== "none";
}

/**
 * Whether the demo's own page sent the request: no form of another site can send JSON, nor its browser our Origin.
 *
 * @param {Asked} request
 */
export function isFromPage({ headers }) {
  const { origin, host, "sec-fetch-site": site } = headers;
  const isOurs = origin === undefined ? site === "same-origin" : origin === `http://${host}`;
  return isOurs && headers["content-type"] === "application/json";
}
