// The headers of a message that is forwarded: RFC 9110, sections 7.6.1 to 7.6.3.

/** Headers for one connection only, and those that the next message gets anew. */
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
const OF_REQUEST = new Set([...HOP_BY_HOP, "host", "authorization", "content-length", "expect"]);
const OF_RESPONSE = new Set(HOP_BY_HOP);

/** The headers of a request, as a flat list, for a request with that body to that host. */
export function requestHeaders({ rawHeaders, headers }, host, body) {
  const kept = endToEnd(rawHeaders, headers, OF_REQUEST);
  kept.push("Via", "1.1 daraja-auth", "Host", host);
  if (body) kept.push("Content-Length", String(body.length));
  return kept;
}

/** The headers of an answer, as a flat list. */
export function responseHeaders({ rawHeaders, headers }) {
  return endToEnd(rawHeaders, headers, OF_RESPONSE);
}

function endToEnd(raw, { connection }, dropped) {
  // What Connection names is for one connection, too.
  const named = connection && !/^(keep-alive|close)$/i.test(connection) ? namesIn(connection) : undefined;
  const kept = [];
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i].toLowerCase();
    if (!dropped.has(name) && !named?.has(name)) kept.push(raw[i], raw[i + 1]);
  }
  return kept;
}

function namesIn(connection) {
  return new Set(connection.split(",").map((name) => name.trim().toLowerCase()));
}
