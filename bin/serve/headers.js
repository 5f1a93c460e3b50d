// The headers of a forwarded message: RFC 9110, sections 7.6.1 to 7.6.3.

/** Headers that hold for one connection only. */
const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];
/** The forwarded request gets its own Host, Authorization and Content-Length, and no Expect. */
const OF_REQUEST = new Set([...HOP_BY_HOP, "host", "authorization", "content-length", "expect"]);
const OF_RESPONSE = new Set(HOP_BY_HOP);

/**
 * The headers of the request to `host`, as a flat list, from those of the client's request.
 *
 * @param {string[]} raw
 * @param {string} host
 * @param {Buffer | undefined} body
 */
export function requestHeaders(raw, host, body) {
  const kept = endToEnd(raw, OF_REQUEST);
  kept.push("Via", "1.1 daraja-auth", "Host", host);
  if (body) kept.push("Content-Length", String(body.length));
  return kept;
}

/** The headers of the answer to the client, as a flat list, from those of Daraja's. @param {string[]} raw */
export function responseHeaders(raw) {
  return endToEnd(raw, OF_RESPONSE);
}

/** The value of a header in a flat list, or undefined. @param {string[]} raw @param {string} header */
export function headerOf(raw, header) {
  for (let i = 0; i < raw.length; i += 2) {
    if (raw[i].length === header.length && raw[i].toLowerCase() === header) return raw[i + 1];
  }
  return undefined;
}

/** @param {string[]} raw @param {Set<string>} dropped */
function endToEnd(raw, dropped) {
  /** @type {string[]} */
  const kept = [];
  /** The headers that Connection names hold for one connection, too. @type {Set<string> | undefined} */
  let named;
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i].toLowerCase();
    if (!dropped.has(name)) kept.push(raw[i], raw[i + 1]);
    else if (name === "connection") named = namesIn(raw[i + 1], named);
  }
  if (named === undefined) return kept;
  const others = named;
  return kept.filter((_, i) => !others.has(kept[i - (i % 2)].toLowerCase()));
}

/**
 * The headers that this header Connection names, and those that earlier ones named.
 *
 * @param {string} connection
 * @param {Set<string> | undefined} named
 */
function namesIn(connection, named) {
  if (/^(keep-alive|close)$/i.test(connection)) return named;
  const names = connection.split(",").map((name) => name.trim().toLowerCase());
  return new Set([...(named ?? []), ...names]);
}
