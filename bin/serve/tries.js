// Limits how often wrong pairs are tried.

/** A name may be tried this often from one address. After that it may be tried once in 6 seconds. */
const TRIES = 10;
const REFILL_MS = 6000;
/** The most pairs of a name and an address that are remembered: more than a network has. */
const MAX_KEPT = 10_000;

export class Tries {
  #now;
  /** How many tries each name and address has left. @type {Map<string, { left: number, at: number }>} */
  #wrong = new Map();

  constructor(now = Date.now) {
    this.#now = now;
  }

  /** How long this name from this address must wait, in milliseconds. @param {string} name @param {string} address */
  waitMs(name, address) {
    const { left } = this.#look(keyOf(name, address));
    return left >= 1 ? 0 : Math.ceil((1 - left) * REFILL_MS);
  }

  /** @param {string} name @param {string} address */
  count(name, address) {
    const key = keyOf(name, address);
    const { left, at } = this.#look(key);
    // A new entry comes last. If there are too many, the first is forgotten.
    this.#wrong.delete(key);
    this.#wrong.set(key, { left: left - 1, at });
    if (this.#wrong.size > MAX_KEPT) this.#wrong.delete(/** @type {string} */ (this.#wrong.keys().next().value));
  }

  /** @param {string} key */
  #look(key) {
    const now = this.#now();
    const { left, at } = this.#wrong.get(key) ?? { left: TRIES, at: now };
    return { left: Math.min(left + (now - at) / REFILL_MS, TRIES), at: now };
  }
}

/** Only the beginning of a long name is kept, because a stranger may have chosen it. */
const keyOf = (/** @type {string} */ name, /** @type {string} */ address) => `${address} ${name.slice(0, 100)}`;
