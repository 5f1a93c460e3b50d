// The tokens of one run, by number: what can be said of them without showing them.

/** More than a run at hand needs; a server that runs for days must not fill the memory. */
const MAX_TOKENS = 10_000;
/** Daraja's tokens are that long, and so are the simulator's. */
const TOKEN_LENGTH = 28;

export class Ledger {
  /** By the text of a token, its number; the oldest first. */
  #numbers = new Map();
  /** By the number of a token, the number of the one that killed it; the oldest first. */
  #killers = new Map();

  /** Enters which token a request was granted and which one that killed, by the simulator's own record of it. */
  enter({ token, replaces }) {
    if (replaces !== undefined) keep(this.#killers, replaces, token);
  }

  /** Enters the text of the token that a request was granted, by the answer, as far as it came. */
  learn({ path, token }, answer) {
    const [, text] = /"access_token":"(\w+)"/.exec(answer) ?? [];
    if (text && token !== undefined && path.startsWith("/oauth/")) keep(this.#numbers, text, token);
  }

  /** The number of the token of that text. */
  numberOf(text) {
    return this.#numbers.get(text);
  }

  /** The number of the token that killed the one of that number. */
  killerOf(number) {
    return this.#killers.get(number);
  }

  /** The text with its number in the place of each token. */
  mask(text) {
    return text.replace(/[0-9A-Za-z]{28,}/g, (run) => {
      for (let start = 0; start + TOKEN_LENGTH <= run.length; start++) {
        const number = this.numberOf(run.slice(start, start + TOKEN_LENGTH));
        if (number) return `${run.slice(0, start)}[token ${number}]${this.mask(run.slice(start + TOKEN_LENGTH))}`;
      }
      return run;
    });
  }
}

function keep(map, key, value) {
  map.set(key, value);
  if (map.size > MAX_TOKENS) map.delete(map.keys().next().value);
}
