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
  const lines = { Cause: reasonOf(cause), "Incident id": incidentId, "Request id": requestId };
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
