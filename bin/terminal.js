// What is printed, and in which colours.

const COLOURS = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 };

/**
 * Functions that colour a text, `bold("…")`, if the stream is a terminal that shows colours.
 *
 * @param {{ isTTY?: boolean }} stream
 * @returns {Record<string, (text: string) => string>}
 */
export function paint(stream, env = process.env) {
  // https://no-color.org: any text but an empty one.
  const isColoured = stream.isTTY && !env.NO_COLOR && env.TERM !== "dumb";
  return Object.fromEntries(
    Object.entries(COLOURS).map(([name, code]) => [
      name,
      (/** @type {string} */ text) => (isColoured ? `\u001b[${code}m${text}\u001b[0m` : text),
    ]),
  );
}

/**
 * Prints a line for the person on stderr. stdout is for what the command was asked for.
 *
 * @param {string} text
 */
export function print(text) {
  process.stderr.write(`${text}\n`);
}

/**
 * Prints a warning on a terminal only. In a file or a pipe it would come too late.
 *
 * @param {string} text
 */
export function warn(text) {
  if (process.stderr.isTTY) print(paint(process.stderr).yellow(text));
}

/**
 * Prints an error: its code, what happened, what to do, and the ids that Safaricom's support asks for.
 *
 * @param {{ code: string, message: string, hint: string, cause?: unknown, incidentId?: string, requestId?: string }} error
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
  // OpenSSL's ends with a line break.
  const message = cause.message.replace(/\s+/g, " ").trim();
  return typeof code === "string" && !message.includes(code) ? `${code}: ${message}` : message;
}

/**
 * What helps against a reason of the network's that a person cannot guess the remedy of, if it is one.
 *
 * @param {string | undefined} reason
 */
export function remedyOf(reason = "") {
  // The stores name these in their own errors.
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
