// The path of a request as it was sent. A path that servers may read in two ways is refused.

/** RFC 9112, section 3.2.2: every server must accept the form of target that is meant for proxies. */
const ABSOLUTE = /^https?:\/\/([^/?#]*)(.*)$/i;
/**
 * A path and a query in visible ASCII. It begins with one slash, since two would name a host. It has no quotation mark,
 * backslash or `#`, which some servers change.
 */
const PATH = /^\/(?![/\\])[\x21\x24-\x5b\x5d-\x7e%]*$/;
/** Dot segments, and encoded slashes, backslashes and NUL: two servers may read them as different paths. */
const AMBIGUOUS = /\/\.{1,2}(?=\/|$)|%2f|%5c|%00/i;
const ENCODED_DOT = /%2e/gi;

/**
 * The target of a request: `{ path, pathname, query, host }`, or undefined if it must be refused. `path` is the path
 * with the query, in the characters that the client sent.
 *
 * @param {{ url: string, headers: { host?: string } }} request
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
