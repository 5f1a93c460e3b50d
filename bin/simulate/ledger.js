// The tokens of one simulator by number. The log shows the number of a token, not the token.

/** The most tokens that are remembered. A simulator that runs for days must not fill the memory. */
const MAX_TOKENS = 10_000;
/** The length of Daraja's tokens and of the simulator's. */
const TOKEN_LENGTH = 28;

/** @typedef {import("../../pkg/simulator.js").SimulatedRequest} Entry */

export class Ledger {
  /** From a token's text to its number; the oldest first. */
  #numbers = /** @type {Map<string, number>} */ (new Map());
  /** From a token's number to the number of the token that replaced it; the oldest first. */
  #successors = /** @type {Map<number, number>} */ (new Map());

  /**
   * Remembers that a request's token replaced another one.
   *
   * @param {Entry} entry
   */
  enter({ token, replaces }) {
    if (replaces !== undefined && token !== undefined) keep(this.#successors, replaces, token);
  }

  /**
   * Remembers the text of the token that a request got. `answer` is the body, as far as it was sent.
   *
   * @param {Entry} entry
   * @param {string} answer
   */
  learn({ path, token }, answer) {
    const [, text] = /"access_token":"(\w+)"/.exec(answer) ?? [];
    if (text && token !== undefined && path.startsWith("/oauth/")) keep(this.#numbers, text, token);
  }

  /** @param {string} text */
  numberOf(text) {
    return this.#numbers.get(text);
  }

  /**
   * The number of the token that replaced the one with this number.
   *
   * @param {number} number
   */
  successorOf(number) {
    return this.#successors.get(number);
  }

  /**
   * The text with each token replaced by its number.
   *
   * @param {string} text
   */
  mask(text) {
    return text.replace(/[0-9A-Za-z]{28,}/g, (run) => {
      let masked = "";
      let end = 0;
      for (let start = 0; start + TOKEN_LENGTH <= run.length; start++) {
        const number = this.numberOf(run.slice(start, start + TOKEN_LENGTH));
        if (number === undefined) continue;
        masked += `${run.slice(end, start)}[token ${number}]`;
        end = start + TOKEN_LENGTH;
        start = end - 1;
      }
      return masked + run.slice(end);
    });
  }
}

/**
 * @template Key
 * @param {Map<Key, number>} map
 * @param {Key} key
 * @param {number} value
 */
function keep(map, key, value) {
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= MAX_TOKENS) return;
    map.delete(oldest);
  }
}
