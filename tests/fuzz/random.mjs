// Random inputs from a seed: the same seed gives the same inputs.

export class Random {
  #state;

  /** @param {number} seed A whole number. */
  constructor(seed) {
    this.#state = seed >>> 0;
  }

  /** A number from 0 up to 1, by mulberry32, because Math.random takes no seed. */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 up to `end`. */
  below(end) {
    return Math.floor(this.next() * end);
  }

  chance(probability) {
    return this.next() < probability;
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  /** A text of up to `length` characters. Some of them have a meaning for parsers. */
  text(length = 20) {
    const characters = "aZ09 _-.:;,/\\?#@%&=+'\"{}[]<>\n\r\t\u0000ü€😀";
    return Array.from({ length: this.below(length + 1) }, () => this.pick([...characters])).join("");
  }

  /** A value that JSON can hold, with the given texts in some places. */
  json(texts = [], depth = 3) {
    const kind = this.below(depth > 0 ? 9 : 7);
    if (kind === 0) return null;
    if (kind === 1) return this.chance(0.5);
    if (kind === 2) return this.pick([0, -1, 1, 1e308, -1e308, 0.5, 2 ** 53, Date.now(), 5e-324]);
    if (kind === 3 && texts.length > 0) return this.pick(texts);
    if (kind <= 5) return this.text();
    if (kind === 6) return this.text(3).repeat(this.below(500));
    if (kind === 7) return Array.from({ length: this.below(4) }, () => this.json(texts, depth - 1));
    const members = Array.from({ length: this.below(5) }, () => [this.text(8), this.json(texts, depth - 1)]);
    return Object.fromEntries(members);
  }

  /** The text with at most four changes: characters and pieces are removed, repeated, replaced and added. */
  mutate(text, pieces = []) {
    let changed = text;
    for (let times = this.below(5); times > 0; times--) {
      const at = this.below(changed.length + 1);
      const length = this.below(this.chance(0.5) ? 3 : 40);
      const piece = changed.slice(at, at + length);
      const instead = this.pick(["", piece.repeat(2), this.text(6), this.pick([...pieces, ""])]);
      changed = changed.slice(0, at) + instead + changed.slice(at + length);
    }
    return changed;
  }
}
