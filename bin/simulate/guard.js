// Checks who asks the demo's server. The server may hold real keys, so no other site may use it. The headers Origin and
// Sec-Fetch-Site show a form or a fetch of another site. If the name of another site points to this machine, Host has
// that name (DNS rebinding).

const NAMES = ["localhost", "127.0.0.1", "[::1]"];

/** What the page may load, and from where. `frame-ancestors` works only in a header, not in the page. */
export const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The headers of every answer. */
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
 * Whether the Host header has a name of this machine.
 *
 * @param {Asked} request
 * @param {number} port
 */
export function isForHere({ headers }, port) {
  return NAMES.some((name) => headers.host === `${name}:${port}` || (port === 80 && headers.host === name));
}

/**
 * Whether a page of another origin sent the request. A program such as curl is not foreign: it sends neither
 * Origin nor Sec-Fetch-Site.
 *
 * @param {Asked} request
 */
export function isForeign({ headers }) {
  const { origin, host, "sec-fetch-site": site = "none" } = headers;
  if (origin !== undefined) return origin !== `http://${host}`;
  return site !== "same-origin" && site !== "none";
}

/**
 * Whether the demo's own page sent the request. A form cannot send JSON. For a page of another site, the browser
 * sends the Origin of that site.
 *
 * @param {Asked} request
 */
export function isFromPage({ headers }) {
  const { origin, host, "sec-fetch-site": site } = headers;
  const isOurs = origin === undefined ? site === "same-origin" : origin === `http://${host}`;
  return isOurs && headers["content-type"] === "application/json";
}
