// The path of a request as it was sent. A path that servers may read in two ways is refused.

/** RFC 9112, section 3.2.2: the target of a request to a proxy, which every server must take. */
const ABSOLUTE = /^https?:\/\/([^/?#]*)(.*)$/i;
/** A path and a query: one slash first, since two would name a host; visible ASCII; nothing that some servers change. */
const PATH = /^\/(?![/\\])[\x21\x24-\x5b\x5d-\x7e%]*$/;
/** Dot segments, and encoded slashes and backslashes: another server may read another path. */
const AMBIGUOUS = /\/\.{1,2}(?=\/|$)|%2f|%5c|%00/i;
const ENCODED_DOT = /%2e/gi;

/**
 * The target of a request: `{ path, pathname, query, host }`, or undefined for one that is refused. `path` is as it was
 * sent, with the query.
 */
export function targetOf({ url, headers }) {
  let path = url;
  let { host } = headers;
  if (!url.startsWith("/")) {
    const absolute = ABSOLUTE.exec(url);
    if (!absolute) return undefined;
    // RFC 9112, section 3.2.2: the host of the target counts, not the header's.
    host = absolute[1];
    path = absolute[2].startsWith("/") ? absolute[2] : `/${absolute[2]}`;
  }
  if (!PATH.test(path)) return undefined;
  const end = path.indexOf("?");
  const pathname = end < 0 ? path : path.slice(0, end);
  if (AMBIGUOUS.test(pathname.includes("%") ? pathname.replace(ENCODED_DOT, ".") : pathname)) return undefined;
  return { path, pathname, query: end < 0 ? "" : path.slice(end + 1), host };
}

/** The name in a Host header, without its port. */
export function nameOf(host = "") {
  return host.replace(/:\d*$/, "").toLowerCase();
}
