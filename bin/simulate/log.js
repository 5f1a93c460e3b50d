// The log at the terminal: one line for each request.
import { paint } from "../terminal.js";
import { withoutKeys } from "./secrets.js";

/** @typedef {import("../../pkg/simulator.js").SimulatedApp} App */
/**
 * The data of a line. A request that did not reach the simulator has fewer members.
 *
 * @typedef {object} Line
 * @property {number} at
 * @property {string} [method]
 * @property {string} path
 * @property {number} [status]
 * @property {string} outcome
 * @property {string} [app]
 * @property {number} [token]
 * @property {number} [replaces]
 */

/** How many characters of a path are shown. */
const MAX_PATH = 120;
/** Longer credentials belong to no app. */
const MAX_CREDENTIALS = 2_048;

/** @param {string} authorization */
const credentialsOf = (authorization) => authorization.replace(/^\S+\s+/, "").slice(0, MAX_CREDENTIALS);

export class Log {
  #stream;
  #apps;
  #ledger;
  #secrets;
  #counts = /** @type {Map<string, number>} */ (new Map());

  /**
   * @param {NodeJS.WriteStream} stream
   * @param {readonly App[]} apps
   * @param {import("./ledger.js").Ledger} ledger
   * @param {import("./secrets.js").Secrets} secrets
   */
  constructor(stream, apps, ledger, secrets) {
    this.#stream = stream;
    this.#apps = apps;
    this.#ledger = ledger;
    this.#secrets = secrets;
  }

  /**
   * Writes the line of a request that `observe` has seen, or of one that did not reach the simulator.
   *
   * @param {{ entry: Line, authorization: string, isForeign: boolean }} seen
   */
  write({ entry, authorization, isForeign }) {
    const { at, method = "", path, status, outcome, app = "-" } = entry;
    this.#counts.set(outcome, (this.#counts.get(outcome) ?? 0) + 1);
    const { dim, green, red, yellow } = paint(this.#stream);
    const colour = status === undefined ? red : status < 400 ? green : status < 500 ? yellow : red;
    const time = new Date(at).toTimeString().slice(0, 8);
    const mask = this.#secrets.maskOf(authorization, MAX_PATH);
    const where = withoutKeys(mask(path)).slice(0, MAX_PATH);
    // A request that hangs gets no answer, so no status is shown.
    const shownStatus = outcome === "hang" ? "---" : String(status ?? "---");
    const remark = isForeign ? "from a page of another site" : this.#remark(entry, credentialsOf(authorization));
    const columns = [dim(time), method.slice(0, 10).padEnd(7), colour(shownStatus), where.padEnd(32)];
    const line = [...columns, app.padEnd(8), colour(outcome.padEnd(12)), dim(remark)].join("  ");
    this.#stream.write(`${line.trimEnd()}\n`);
  }

  summary() {
    const total = [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
    const parts = [...this.#counts].map(([outcome, count]) => `${count} ${outcome}`).join(", ");
    return `${total} request${total === 1 ? "" : "s"}${parts && `: ${parts}`}`;
  }

  /**
   * @param {Line} entry
   * @param {string} credentials
   */
  #remark({ outcome, token, replaces }, credentials) {
    if (outcome === "wrong-pair") return whatIsWrong(credentials, this.#apps);
    if (outcome === "dead-token") return this.#fateOf(this.#ledger.numberOf(credentials));
    if (token === undefined) return "";
    return replaces === undefined ? `token ${token}` : `token ${token} replaces token ${replaces}`;
  }

  /** @param {number | undefined} number */
  #fateOf(number) {
    if (number === undefined) return "a token from elsewhere";
    const successor = this.#ledger.successorOf(number);
    const fate = successor ? `token ${successor} replaced` : "has expired or belongs to the other environment";
    return `token ${number}, which ${fate}`;
  }
}

/**
 * Why no app has this consumer key and secret, if that can be seen.
 *
 * @param {string} credentials
 * @param {readonly App[]} apps
 */
function whatIsWrong(credentials, apps) {
  const pair = Buffer.from(credentials, "base64");
  const [consumerKey, ...rest] = pair.toString("utf8").split(":");
  const consumerSecret = rest.join(":");
  // One quotation mark and the spaces around it. A pattern for any number of both would take quadratic time.
  const bare = (/** @type {string} */ text) =>
    text
      .trim()
      .replace(/^["']|["']$/g, "")
      .trim();
  for (const app of apps) {
    const isPair = (/** @type {string} */ key, /** @type {string} */ secret) =>
      key === app.consumerKey && secret === app.consumerSecret;
    if (isPair(consumerKey, consumerSecret)) {
      // Node's decoder accepts base64url, and base64 without padding. Daraja does not.
      const isEncoded = pair.toString("base64") === credentials;
      return isEncoded ? `${app.name} belongs to ${app.environment}` : `${app.name}'s, in wrong base64: is = missing?`;
    }
    if (isPair(consumerSecret, consumerKey)) return `${app.name}'s key and secret, swapped`;
    if (isPair(bare(consumerKey), bare(consumerSecret))) return `${app.name}'s, with whitespace or quotes around them`;
    if (consumerKey === app.consumerKey) return `${app.name}'s key with another secret`;
  }
  return "no app here has that key";
}
