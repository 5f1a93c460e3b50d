// The tokens of one run, by number: what can be said of them without showing them.

/** More than a run at hand needs; a server that runs for days must not fill the memory. */
const MAX_TOKENS = 10_000;
/** Daraja's tokens are that long, and so are the simulator's. */
const TOKEN_LENGTH = 28;

export class Ledger {
  #options;
  /** By number: `{ number, endsAt, replaces, replacedBy }`, the oldest first. */
  #tokens = new Map();
  #numbers = new Map();
  #last = new Map();

  /** Takes the simulator's own options: `tokenLifetimeSeconds`, `supersede`, `graceMs`. */
  constructor(options) {
    this.#options = options;
  }

  /** Enters the token that a request was granted, if it was, as `watch` tells of it. */
  enter({ entry, body }) {
    const { app, at, path, token: number } = entry;
    if (number === undefined || !path.startsWith("/oauth/")) return;
    const token = { number, endsAt: at + this.#options.tokenLifetimeSeconds * 1000 };
    const last = this.#last.get(app);
    if (this.#options.supersede && last?.endsAt > at) {
      token.replaces = last.number;
      last.replacedBy = number;
      last.endsAt = Math.min(last.endsAt, at + this.#options.graceMs);
    }
    this.#last.set(app, token);
    this.#tokens.set(number, token);
    // Where its answer broke off, nobody has the text.
    const [, text] = /"access_token":"(\w+)"/.exec(body) ?? [];
    if (text) this.#numbers.set(text, number);
    for (const map of [this.#tokens, this.#numbers]) if (map.size > MAX_TOKENS) map.delete(map.keys().next().value);
  }

  /** What is to be said of the token that a request was granted or brought along. */
  remark({ outcome, path, token: number }, bearer) {
    if (outcome === "dead-token") return this.#fateOf(this.#tokens.get(this.#numbers.get(bearer)));
    if (number === undefined) return "";
    const replaces = path.startsWith("/oauth/") && this.#tokens.get(number)?.replaces;
    return replaces ? `token ${number} replaces token ${replaces}` : `token ${number}`;
  }

  #fateOf(token) {
    if (!token) return "a token from elsewhere";
    const { number, replacedBy } = token;
    return replacedBy ? `token ${number}, which token ${replacedBy} replaced` : `token ${number}, which has expired`;
  }

  /** The text with its number in the place of each token. */
  mask(text) {
    return text.replace(/[0-9A-Za-z]{28,}/g, (run) => {
      for (let start = 0; start + TOKEN_LENGTH <= run.length; start++) {
        const number = this.#numbers.get(run.slice(start, start + TOKEN_LENGTH));
        if (number) return `${run.slice(0, start)}[token ${number}]${this.mask(run.slice(start + TOKEN_LENGTH))}`;
      }
      return run;
    });
  }
}
