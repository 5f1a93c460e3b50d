// Refuses a token to web pages: a request from a browser or from an unknown proxy gets none.
//
// A page can reach this machine by DNS rebinding or a redirect. An attacker can make a program request an address of
// the attacker's choice (SSRF). Vault's agent and the metadata servers of clouds refuse such requests by their headers,
// too.

/** A browser sends the first two, a proxy the others. */
const HEADERS = ["origin", "sec-fetch-site", "x-forwarded-for", "forwarded"];

export class Guard {
  #proxies;

  /** @param {string[]} proxies the addresses of the proxies that may forward requests for a token */
  constructor(proxies = []) {
    this.#proxies = new Set(proxies);
  }

  /** Why a request may have no token, or undefined. @param {import("node:http").IncomingMessage} request */
  objection({ headers, socket }) {
    const found = HEADERS.find((name) => headers[name] !== undefined);
    if (found === undefined || this.#proxies.has(addressOf(socket))) return undefined;
    return `A request with the header ${found} gets no token: a page or a proxy sent it. For a proxy, use --trusted-proxy.`;
  }
}

/** The address of the other end. An IPv4 address is written as IPv4, also on an IPv6 socket. */
export function addressOf({ remoteAddress = "" }) {
  return remoteAddress.replace(/^::ffff:/, "");
}
