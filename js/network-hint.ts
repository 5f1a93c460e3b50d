// The hint of an error for a request without an answer: what the code of the network's error means, and what to do.
import { MORE_TIME, TRUST } from "./connection-remedy.ts";
import type { DarajaErrorFields } from "./error.ts";
import { isBrowser } from "./is-browser.ts";
import { readOption } from "./options.ts";

/** What each kind of code means. `where` is the host, or the address, that the error names. */
const MEANINGS: readonly [code: RegExp, meaning: (where: string, code: string) => string][] = [
  [
    /^(ENOTFOUND|EAI_AGAIN)$/,
    (where, code) => `${where} was not found (${code}). Check baseUrl, and the network's DNS.`,
  ],
  [
    /^ECONNREFUSED$/,
    (where, code) => `${where} refused the connection (${code}). Check baseUrl: probably nothing listens there.`,
  ],
  [
    /^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/,
    (where, code) => `${where} ended the connection (${code}). A proxy or a firewall between may do that. Try again.`,
  ],
  [
    /^(ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|EHOSTUNREACH|ENETUNREACH)$/,
    (where, code) =>
      `${where} could not be reached (${code}). Check the network, its firewall and its proxy. ${MORE_TIME} if the host has several addresses.`,
  ],
  [
    /CERT|SIGNATURE|ISSUER|SSL|TLS|EPROTO/,
    (where, code) =>
      `${where} has a certificate that is not trusted here (${code}). ${TRUST}, and check the machine's clock.`,
  ],
];

/** Gives the fields of an error, with a better hint if the network's error says what happened. */
export function hintNetwork(fields: DarajaErrorFields): DarajaErrorFields {
  const hint = (fields.code === "ERR_DARAJA_NETWORK" && hintFor(fields.cause)) || fields.hint;
  return { __proto__: null, ...fields, hint } as DarajaErrorFields;
}

/** Gives the hint for the cause of an error. Gives undefined if the cause says nothing more. */
function hintFor(cause: unknown): string | undefined {
  if (isBrowser()) {
    return "A page cannot call Daraja, which sends no CORS headers: call it from a server.";
  }
  // The network's error is the cause of fetch's.
  for (let error = cause; Object(error) === error; error = member(error, "cause")) {
    const code = member(error, "code");
    const [, meaning] = (typeof code === "string" && MEANINGS.find(([pattern]) => pattern.test(code))) || [];
    if (meaning) return meaning(whereOf(error), code as string);
  }
  return undefined;
}

/** The host that an error names, or its address. */
function whereOf(error: unknown): string {
  const host = member(error, "hostname") ?? member(error, "host") ?? member(error, "address");
  const port = member(error, "port");
  if (host === undefined) return "Daraja";
  return port === undefined ? `${host}` : `${host}:${port}`;
}

const member = (error: unknown, name: string): unknown => readOption(error, name).value;
