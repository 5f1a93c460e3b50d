// The URL of a database server.
import { UsageError } from "../failure.js";

/** The URL of a server, a label without secrets, and the secrets in it. */
export function urlOf(name, value) {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  // If the password has unencoded characters, the host ends too early, and these parts contain the rest, with the @.
  if (!url || /@/.test(url.pathname + url.search + url.hash) || !isDecodable(url.password)) {
    const hint = "In the password, write / ? # @ : and % as %2F %3F %23 %40 %3A and %25.";
    throw new UsageError(
      `${name}: expected a URL such as redis://user:password@host:6379/0, found something else`,
      hint,
    );
  }
  const queried = [...url.searchParams].filter(([key]) => /pass|secret|auth/i.test(key)).map(([, text]) => text);
  const secrets = [url.password, decodeURIComponent(url.password), ...queried].filter(Boolean);
  return { url, label: `${url.protocol}//${url.host}${url.pathname}`, secrets };
}

function isDecodable(text) {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
