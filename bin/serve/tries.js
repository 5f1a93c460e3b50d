// How often a wrong pair may be tried.

/** How many wrong tries a name and address has at once. One more comes in each 6 seconds. */
const TRIES = 10;
const REFILL_MS = 6000;
/** More names and addresses than a network has. */
const MAX_KEPT = 10_000;

export class Tries {
  #now;
  /** The wrong tries of each. @type {Map<string, { left: number, at: number }>} */
  #wrong = new Map();

  constructor(now = Date.now) {
    this.#now = now;
  }

  /** How long a name must wait at an address, in milliseconds; 0 for no time. */
  waitMs(name, address) {
    const { left } = this.#look(keyOf(name, address));
    return left >= 1 ? 0 : Math.ceil((1 - left) * REFILL_MS);
  }

  /** Counts a wrong try. */
  count(name, address) {
    const key = keyOf(name, address);
    const { left, at } = this.#look(key);
    // The latest entry is last. If there are too many, the first is forgotten.
    this.#wrong.delete(key);
    this.#wrong.set(key, { left: left - 1, at });
    if (this.#wrong.size > MAX_KEPT) this.#wrong.delete(/** @type {string} */ (this.#wrong.keys().next().value));
  }

  #look(key) {
    const now = this.#now();
    const { left, at } = this.#wrong.get(key) ?? { left: TRIES, at: now };
    return { left: Math.min(left + (now - at) / REFILL_MS, TRIES), at: now };
  }
}

/** Of a long name only the beginning is kept: a stranger chose it. */
const keyOf = (name, address) => `${address} ${name.slice(0, 100)}`;
