// Remedies that a person cannot guess, for failed connections. The hints of network errors, the errors of the stores
// and the command line have these texts. No word contains an equals sign, because js/cause.ts would redact the word.

/** For a certificate of an authority that Node does not know. A managed database and a proxy may have one. */
export const TRUST = "Name its authority's file in NODE_EXTRA_CA_CERTS";

/** Node gives each address of a host 250 ms by default. A distant host may not answer in that time. */
export const MORE_TIME = "Raise Node's --network-family-autoselection-attempt-timeout";

const UNKNOWN_AUTHORITY = /SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF|UNABLE_TO_GET_ISSUER/;

/** Gives the remedy for an error of a database's client, or undefined if its message says enough. */
export function remedyFor({
  code,
  errors,
}: {
  readonly code?: unknown;
  readonly errors?: unknown;
}): string | undefined {
  if (UNKNOWN_AUTHORITY.test(String(code))) return TRUST;
  // If Node tried several addresses, its error contains an error for each address.
  // The error's own code is that of the first address, which may be an IPv6 address without a route.
  if (!Array.isArray(errors)) return undefined;
  return [code, ...errors.map((error) => error?.code)].includes("ETIMEDOUT") ? MORE_TIME : undefined;
}
