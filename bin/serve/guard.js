// Refuses a token to pages: a request from a browser or from an unknown proxy gets none.
//
// By DNS rebinding or a redirect a page can reach this machine, and a program can be made to ask for an address that a
// stranger chose (SSRF). Vault's agent and the clouds' metadata servers refuse such requests by their headers, too.

/** A browser sends the first two, a proxy the others. */
const HEADERS = ["origin", "sec-fetch-site", "x-forwarded-for", "forwarded"];

export class Guard {
  #proxies;

  /** @param {string[]} proxies the addresses of the proxies that may ask for others */
  constructor(proxies = []) {
    this.#proxies = new Set(proxies);
  }

  /** Why a request may have no token, or undefined. */
  objection({ headers, socket }) {
    const found = HEADERS.find((name) => headers[name] !== undefined);
    if (found === undefined || this.#proxies.has(addressOf(socket))) return undefined;
    return `A request with the header ${found} gets no token: a page or a proxy sent it. Name a proxy with --trusted-proxy.`;
  }
}

/** The address of the other end; IPv4 also where the socket is one of IPv6. */
export function addressOf({ remoteAddress = "" }) {
  return remoteAddress.replace(/^::ffff:/, "");
}
