// The log: one line for each request but those of operators. It has the client, the path and the outcome, but no token,
// secret, query or body.
import { withoutKeys } from "../simulate/secrets.js";

const MAX_PATH = 200;

/**
 * What the log says of a request.
 *
 * @typedef {object} Entry
 * @property {string} time
 * @property {string} client
 * @property {string} [method]
 * @property {string} path
 * @property {number} status
 * @property {number} ms
 * @property {boolean} retried
 */

/**
 * The forms of a line, by the names that --log takes.
 *
 * @type {Record<"none" | "json" | "text", (entry: Entry) => string>}
 */
export const FORMS = {
  none: () => "",
  json: (entry) => JSON.stringify(entry),
  text: ({ time, client, method, path, status, ms, retried }) =>
    `${time} ${client} ${method} ${path} ${status} ${ms} ms${retried ? ", sent twice" : ""}`,
};

/** Writes lines to a stream. Lines of one turn of the event loop are one write, because each write is a system call. */
export class Log {
  #stream;
  #form;
  #now;
  #lines = "";

  /** @param {NodeJS.WritableStream} stream @param {keyof typeof FORMS} form */
  constructor(stream, form, now = Date.now) {
    this.#stream = stream;
    this.#form = FORMS[form];
    this.#now = now;
  }

  /**
   * Writes the line of a request. Status 0 means that the client left before its answer.
   *
   * @param {Omit<Partial<Entry>, "status" | "ms"> & { url: string, status: number, ms: number }} request
   */
  request({ client = "-", method, url, status, ms, retried = false }) {
    if (this.#form === FORMS.none) return;
    const shown = withoutKeys(url.split("?", 1)[0]).slice(0, MAX_PATH);
    const time = new Date(this.#now()).toISOString();
    const line = this.#form({ time, client, method, path: shown, status, ms, retried });
    if (this.#lines === "") setImmediate(() => this.flush());
    this.#lines += `${line}\n`;
  }

  flush() {
    if (this.#lines !== "") this.#stream.write(this.#lines);
    this.#lines = "";
  }
}
