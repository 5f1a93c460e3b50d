// One line for each request, for a person who looks on.
import { paint } from "../terminal.js";
import { withoutKeys } from "./secrets.js";

/** Writes the log of one run of a simulator to a stream. */
export class Log {
  #stream;
  #apps;
  #ledger;
  #secrets;
  #counts = new Map();

  constructor(stream, apps, ledger, secrets) {
    this.#stream = stream;
    this.#apps = apps;
    this.#ledger = ledger;
    this.#secrets = secrets;
  }

  /** Writes the line of a request, of which `watch` tells, or which never came to the simulator. */
  write({ entry, authorization }) {
    const { at, method, path, status, outcome, app = "-" } = entry;
    this.#counts.set(outcome, (this.#counts.get(outcome) ?? 0) + 1);
    const { dim, green, red, yellow } = paint(this.#stream);
    const colour = status < 400 ? green : status < 500 ? yellow : red;
    const time = new Date(at).toTimeString().slice(0, 8);
    const where = withoutKeys(this.#secrets.maskOf(authorization)(path)).slice(0, 120);
    // What hangs is never answered, whatever status it would have had.
    const shownStatus = outcome === "hang" ? "---" : String(status ?? "---");
    const remark = this.#remark(entry, authorization.replace(/^\S+\s+/, ""));
    const columns = [dim(time), method.slice(0, 10).padEnd(7), colour(shownStatus), where.padEnd(32)];
    const line = [...columns, app.padEnd(8), colour(outcome.padEnd(12)), dim(remark)].join("  ");
    this.#stream.write(`${line.trimEnd()}\n`);
  }

  /** How many requests there were, and what became of them. */
  summary() {
    const total = [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
    const parts = [...this.#counts].map(([outcome, count]) => `${count} ${outcome}`).join(", ");
    return `${total} request${total === 1 ? "" : "s"}${parts && `: ${parts}`}`;
  }

  #remark({ outcome, token, replaces }, credentials) {
    if (outcome === "wrong-pair") return whatIsWrong(credentials, this.#apps);
    if (outcome === "dead-token") return this.#fateOf(this.#ledger.numberOf(credentials));
    if (token === undefined) return "";
    return replaces === undefined ? `token ${token}` : `token ${token} replaces token ${replaces}`;
  }

  #fateOf(number) {
    if (number === undefined) return "a token from elsewhere";
    const killer = this.#ledger.killerOf(number);
    const fate = killer ? `token ${killer} replaced` : "has expired or belongs to the other environment";
    return `token ${number}, which ${fate}`;
  }
}

/** Why no app has this pair, as far as can be told. */
function whatIsWrong(credentials, apps) {
  const pair = Buffer.from(credentials, "base64");
  const [consumerKey, ...rest] = pair.toString("utf8").split(":");
  const consumerSecret = rest.join(":");
  const bare = (text) => text.replace(/^[\s"']+|[\s"']+$/g, "");
  for (const app of apps) {
    const isPair = (key, secret) => key === app.consumerKey && secret === app.consumerSecret;
    if (isPair(consumerKey, consumerSecret)) {
      // Node's decoder takes what Daraja does not, such as the other alphabet.
      const isEncoded = pair.toString("base64") === credentials;
      return isEncoded ? `${app.name} belongs to ${app.environment}` : `${app.name}'s, in faulty base64: is = missing?`;
    }
    if (isPair(consumerSecret, consumerKey)) return `${app.name}'s key and secret, swapped`;
    if (isPair(bare(consumerKey), bare(consumerSecret))) return `${app.name}'s, with whitespace or quotes around them`;
    if (consumerKey === app.consumerKey) return `${app.name}'s key with another secret`;
  }
  return "no app here has that key";
}
