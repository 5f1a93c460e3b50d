// Decodes a text that was escaped several times, by percent-encoding or in JSON. For each decoded character it keeps
// the place in the source.

const MAX_PERCENT_LAYERS = 4;
const MAX_ALTERNATIONS = 2;
const QUOTES = "\"'`";
/** @type {Record<string, string>} */
const CONTROLS = { n: "\n", r: "\r", t: "\t", b: " ", f: " " };
const BACKSLASH = 0x5c;
/** A layer of percent-encoding ranks above all layers of backslashes. */
const PERCENT_RANK = 64;

/**
 * A text of units: the character that each unit stands for, its start in the source, and its rank.
 *
 * The rank tells which quotation marks belong together. Of two marks with the same rank, the second closes the first. A
 * mark between them has a higher rank. A mark with a lower rank closes a string around both.
 *
 * @typedef {{ text: string, starts: number[], ranks: number[] }} Decoded
 */

/**
 * Decodes a text in a bounded number of passes.
 *
 * @param {string} source
 * @returns {Decoded}
 */
export function decode(source) {
  const units = empty();
  for (let at = 0; at < source.length; at++) emit(units, source[at], at, 0);
  // A URL may contain JSON, which may contain a URL, and so on.
  let decoded = withoutLayers(units);
  for (let layer = 0; layer < MAX_ALTERNATIONS; layer++) decoded = withoutLayers(withoutBackslashes(decoded));
  decoded.starts.push(source.length);
  return decoded;
}

/**
 * @param {Decoded} units
 * @returns {Decoded}
 */
function withoutLayers(units) {
  let decoded = units;
  for (let layer = 0; layer < MAX_PERCENT_LAYERS; layer++) decoded = withoutPercents(decoded);
  return decoded;
}

/** @param {string | undefined} character */
export const isQuote = (character) => character !== undefined && character !== "" && QUOTES.includes(character);

/**
 * How many layers of percent-encoding a unit had.
 *
 * @param {number} rank
 */
export const percentLevel = (rank) => Math.floor(rank / PERCENT_RANK);

/**
 * Removes one layer of percent-encoding. If there is none, it returns the same object.
 *
 * @param {Decoded} units
 * @returns {Decoded}
 */
function withoutPercents(units) {
  const { text, starts, ranks } = units;
  const decoded = empty();
  for (let at = 0; at < text.length; ) {
    const digits = text[at] === "%" ? text.slice(at + 1, at + 3) : "";
    const isEncoded = /^[\da-f]{2}$/i.test(digits);
    const character = isEncoded ? String.fromCharCode(Number.parseInt(digits, 16)) : text[at];
    emit(decoded, character, starts[at], isEncoded ? ranks[at] + PERCENT_RANK : ranks[at]);
    at += isEncoded ? 3 : 1;
  }
  return decoded.text.length === text.length ? units : decoded;
}

/**
 * Removes the backslashes of all layers.
 *
 * @param {Decoded} units
 * @returns {Decoded}
 */
function withoutBackslashes({ text, starts, ranks }) {
  const decoded = empty();
  let backslashes = 0;
  let first = 0;
  for (let at = 0; at < text.length; at++) {
    if (backslashes === 0) first = starts[at];
    if (text[at] === "\\") {
      backslashes++;
      continue;
    }
    const rank = ranks[at];
    const code = backslashes > 0 ? unicodeAt(text, at) : undefined;
    let character = code === undefined ? text[at] : String.fromCharCode(code);
    if (code !== undefined) at += 4;
    if (code === BACKSLASH) {
      backslashes = asBackslashes(backslashes);
      continue;
    }
    // One of the backslashes belongs to \u.
    const left = code === undefined ? backslashes : backslashes - 1;
    if (left > 0 && Object.hasOwn(CONTROLS, character)) character = CONTROLS[character];
    const depth = code === undefined ? depthOf(backslashes) : escapedDepth(backslashes);
    emit(decoded, character, first, isQuote(character) ? rank + depth : rank);
    backslashes = 0;
  }
  return decoded;
}

/** @returns {Decoded} */
const empty = () => ({ text: "", starts: [], ranks: [] });

/**
 * @param {Decoded} units
 * @param {string} character
 * @param {number} start
 * @param {number} rank
 */
function emit(units, character, start, rank) {
  units.text += character;
  units.starts.push(start);
  units.ranks.push(rank);
}

/**
 * The code that an escape such as u0041 stands for.
 *
 * @param {string} text
 * @param {number} at
 */
function unicodeAt(text, at) {
  const digits = text[at] === "u" ? text.slice(at + 1, at + 5) : "";
  return /^[\da-f]{4}$/i.test(digits) ? Number.parseInt(digits, 16) : undefined;
}

/**
 * How many strings are around a quotation mark after this many backslashes. 0, 1, 3, 7 mean 0, 1, 2, 3 strings.
 *
 * @param {number} backslashes
 */
function depthOf(backslashes) {
  let depth = 0;
  for (let left = backslashes; left % 2 === 1; left = (left - 1) / 2) depth++;
  return Math.min(depth, PERCENT_RANK - 1);
}

/**
 * The same for a quotation mark that is written as \u0022.
 *
 * @param {number} backslashes
 * @returns {number}
 */
function escapedDepth(backslashes) {
  return backslashes % 2 === 1 ? depthOf(backslashes) : Math.min(1 + escapedDepth(backslashes / 2), PERCENT_RANK - 1);
}

/**
 * How many plain backslashes mean the same as this many backslashes and `u005c`.
 *
 * @param {number} count
 * @returns {number}
 */
function asBackslashes(count) {
  return count % 2 === 1 ? count + 1 : 2 * asBackslashes(count / 2);
}
