// Prints text and errors on the terminal, in colours.

const COLOURS = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 };

/**
 * Functions that colour a text, `bold("…")`, if the stream is a terminal that shows colours.
 *
 * @param {{ isTTY?: boolean }} stream
 * @returns {Record<string, (text: string) => string>}
 */
export function paint(stream, env = process.env) {
  // https://no-color.org: an empty NO_COLOR does not count.
  const isColoured = stream.isTTY && !env.NO_COLOR && env.TERM !== "dumb";
  return Object.fromEntries(
    Object.entries(COLOURS).map(([name, code]) => [
      name,
      (/** @type {string} */ text) => (isColoured ? `\u001b[${code}m${text}\u001b[0m` : text),
    ]),
  );
}

/**
 * Prints a line for a person on stderr. stdout is only for the result of the command.
 *
 * @param {string} text
 */
export function print(text) {
  process.stderr.write(`${text}\n`);
}

/**
 * Prints a warning, but only on a terminal. In a file or a pipe it would be read too late.
 *
 * @param {string} text
 */
export function warn(text) {
  if (process.stderr.isTTY) print(paint(process.stderr).yellow(text));
}

/**
 * Prints an error: its code, what happened, what to do, and the ids that Safaricom's support asks for.
 *
 * @param {object} error
 * @param {string} error.code
 * @param {string} error.message
 * @param {string} error.hint
 * @param {unknown} [error.cause]
 * @param {string} [error.incidentId]
 * @param {string} [error.requestId]
 */
export function printError({ code, message, hint, cause, incidentId, requestId }) {
  const { red } = paint(process.stderr);
  const reason = reasonOf(cause);
  const lines = { Cause: reason, Try: remedyOf(reason), "Incident id": incidentId, "Request id": requestId };
  print(`${red(code)}: ${message}\n${hint}`);
  for (const [name, value] of Object.entries(lines)) if (value) print(`${name}: ${value}`);
}

/**
 * The innermost cause, if it is an error. The outer error of fetch only says that it failed.
 *
 * @param {any} cause Anything that was thrown.
 * @returns {string | undefined}
 */
export function reasonOf(cause) {
  // An AggregateError has an error for each address that was tried.
  const inner = cause?.cause ?? cause?.errors?.[0];
  if (inner instanceof Error && inner !== cause) {
    return cause.errors?.length > 1 ? `none of several addresses answered: ${reasonOf(inner)}` : reasonOf(inner);
  }
  if (!(cause instanceof Error)) return undefined;
  const { code } = /** @type {NodeJS.ErrnoException} */ (cause);
  // OpenSSL's messages end with a line break.
  const message = cause.message.replace(/\s+/g, " ").trim();
  return typeof code === "string" && !message.includes(code) ? `${code}: ${message}` : message;
}

/**
 * The remedy for a failure of the network, if a person can hardly guess it.
 *
 * @param {string | undefined} reason
 */
export function remedyOf(reason = "") {
  // Errors of stores name these remedies already.
  if (/NODE_EXTRA_CA_CERTS|--network-family-autoselection/.test(reason)) return undefined;
  if (/certificate|\bCERT_|_CERT\b|DEPTH_ZERO|UNABLE_TO_/.test(reason)) {
    return "NODE_EXTRA_CA_CERTS=FILE trusts the certificate in a file, such as that of a managed database or of a proxy.";
  }
  // Node goes on to the next address after 250 ms, and gives up after the last.
  if (/several addresses.*ETIMEDOUT/.test(reason)) {
    return "NODE_OPTIONS=--network-family-autoselection-attempt-timeout=2000 gives each address 2 s in place of 250 ms.";
  }
  return undefined;
}
