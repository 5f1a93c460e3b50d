// The tokens of one simulator, by number. A number says which token it is and does not show it.

/** More than a session needs. A simulator that runs for days must not fill the memory. */
const MAX_TOKENS = 10_000;
/** The length of Daraja's tokens and of the simulator's. */
const TOKEN_LENGTH = 28;

/** @typedef {import("../../pkg/simulator.js").SimulatedRequest} Entry */

export class Ledger {
  /** By the text of a token, its number; the oldest first. */
  #numbers = /** @type {Map<string, number>} */ (new Map());
  /** By the number of a token, the number of the one that killed it; the oldest first. */
  #killers = /** @type {Map<number, number>} */ (new Map());

  /**
   * Enters the token that a request got, and the token that it killed, from the simulator's record of the request.
   *
   * @param {Entry} entry
   */
  enter({ token, replaces }) {
    if (replaces !== undefined && token !== undefined) keep(this.#killers, replaces, token);
  }

  /**
   * Enters the text of the token that a request got. `answer` is the body, as far as it was sent.
   *
   * @param {Entry} entry
   * @param {string} answer
   */
  learn({ path, token }, answer) {
    const [, text] = /"access_token":"(\w+)"/.exec(answer) ?? [];
    if (text && token !== undefined && path.startsWith("/oauth/")) keep(this.#numbers, text, token);
  }

  /**
   * The number of the token of that text.
   *
   * @param {string} text
   */
  numberOf(text) {
    return this.#numbers.get(text);
  }

  /**
   * The number of the token that killed the one of that number.
   *
   * @param {number} number
   */
  killerOf(number) {
    return this.#killers.get(number);
  }

  /**
   * The text with its number in the place of each token.
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
