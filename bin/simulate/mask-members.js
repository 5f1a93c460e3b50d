// Masks the values of secret names in JSON, forms, multipart bodies and XML, also if one of them contains another.
//
// It goes through the text once. If the end of a value is not found, the rest of the text is masked.
import { decode, isQuote, percentLevel } from "./decode.js";
import { isSecret } from "./secret-names.js";

/** @typedef {import("./decode.js").Decoded} Decoded */

export const REDACTED = "[redacted]";
/** A name, or another word without spaces. */
const WORD = /[\w.-]+/g;
/** A text that was masked before, or the number of a token. */
const MASKED = /^\[(?:token \d{1,10}|redacted)\]$/;
const MASKED_LENGTH = 20;
/** The headers of a part in a multipart body are shorter than this. */
const MAX_PART_HEADERS = 500;

/**
 * A text without the values of its secret names. The rest is not changed.
 *
 * @param {string} source
 */
export function maskMembers(source) {
  const decoded = decode(source);
  const words = new RegExp(WORD);
  let masked = "";
  let end = 0;
  for (let word = words.exec(decoded.text); word; word = words.exec(decoded.text)) {
    if (!isSecret(word[0])) continue;
    const value = valueAfter(decoded, source, word.index, words.lastIndex);
    if (!value) continue;
    const { from, to, replacement } = value;
    if (replacement !== undefined) {
      masked += source.slice(end, decoded.starts[from]) + replacement;
      end = decoded.starts[to];
    }
    words.lastIndex = to;
  }
  return masked + source.slice(end);
}

/**
 * The value of a name: its first unit, the unit after its last one, and the text that replaces it. Without a
 * replacement it stays.
 *
 * @param {Decoded} decoded
 * @param {string} source
 * @param {number} nameStart
 * @param {number} nameEnd
 * @returns {{ from: number, to: number, replacement?: string } | undefined}
 */
function valueAfter(decoded, source, nameStart, nameEnd) {
  const { text, starts, ranks } = decoded;
  const sliceOf = (/** @type {number} */ unit) => source.slice(starts[unit], starts[unit + 1]);
  const isQuotedName = isQuote(text[nameEnd]);
  let at = afterSpaces(text, afterBrackets(text, isQuotedName ? nameEnd + 1 : nameEnd));
  const separator = text[at];
  if (separator === ">" && /[<:]/.test(text[nameStart - 1] ?? "")) return until(text, at + 1, "<");
  if (separator !== ":" && separator !== "=") return partAfter(text, nameStart, nameEnd);
  const level = percentLevel(ranks[at]);
  at = afterSpaces(text, text[at + 1] === ">" ? at + 2 : at + 1);

  if (isQuote(text[at])) {
    const close = closingQuote(decoded, at);
    if (isMasked(text, at + 1, close)) return { from: at, to: close };
    // Text that follows the closing quotation mark without a space belongs to the value.
    const to = ranks[close] === ranks[at] ? bareEnd(decoded, close + 1, separator, level) : close;
    return { from: at, to, replacement: sliceOf(at) + REDACTED + sliceOf(at) };
  }
  const isBracket = text[at] === "[" || text[at] === "{";
  const bracketEnd = isBracket ? closingBracket(decoded, at) : at;
  const to = bareEnd(decoded, bracketEnd, separator, level);
  if (to === at || isMasked(text, at, to)) return { from: at, to };
  // A quoted name means JSON, so the replacement gets quotation marks, too.
  const quote = isQuotedName ? sliceOf(nameEnd) : "";
  return { from: at, to, replacement: quote + REDACTED + quote };
}

/**
 * The unit of the closing quotation mark, or the end of the text if there is none.
 *
 * @param {Decoded} decoded
 * @param {number} open
 */
function closingQuote({ text, ranks }, open) {
  for (let at = open + 1; at < text.length; at++) {
    if (text[at] === text[open] && ranks[at] <= ranks[open]) return at;
  }
  return text.length;
}

/**
 * The unit after the bracket that closes the one at `open`, or the end of the text if there is none.
 *
 * @param {Decoded} decoded
 * @param {number} open
 */
function closingBracket(decoded, open) {
  const { text } = decoded;
  let depth = 0;
  let before = "";
  for (let at = open; at < text.length; at++) {
    const character = text[at];
    if (isQuote(character) && "[{,:".includes(before)) at = closingQuote(decoded, at);
    if ("[{".includes(character)) depth++;
    if ("]}".includes(character)) depth--;
    if (depth === 0) return at + 1;
    if (character > " ") before = character;
  }
  return text.length;
}

/**
 * The end of a value without quotation marks. In a form, commas, apostrophes and brackets may belong to it.
 *
 * @param {Decoded} decoded
 * @param {number} from
 * @param {string} separator
 * @param {number} level
 */
function bareEnd({ text, ranks }, from, separator, level) {
  const ends = separator === "=" ? '&"<' : "&\"'`<,}]";
  for (let at = from; at < text.length; at++) {
    const isEnd = text[at] <= " " || ends.includes(text[at]);
    if (isEnd && percentLevel(ranks[at]) <= level) return at;
  }
  return text.length;
}

/**
 * The content of a part of a multipart body, if the name is the name of a part.
 *
 * @param {string} text
 * @param {number} nameStart
 * @param {number} nameEnd
 */
function partAfter(text, nameStart, nameEnd) {
  if (!/\bname\s?=\s?["']?$/i.test(text.slice(Math.max(0, nameStart - 9), nameStart))) return undefined;
  const blankLine = /\n\r?\n/.exec(text.slice(nameEnd, nameEnd + MAX_PART_HEADERS));
  return blankLine ? until(text, nameEnd + blankLine.index + blankLine[0].length, "\n--") : undefined;
}

/**
 * @param {string} text
 * @param {number} from
 * @param {string} mark
 */
function until(text, from, mark) {
  const found = text.indexOf(mark, from);
  const end = found === -1 ? text.length : found;
  return { from, to: end > from && text[end - 1] === "\r" ? end - 1 : end, replacement: REDACTED };
}

/**
 * The unit after the brackets of names such as user[pin] and pin[0].
 *
 * @param {string} text
 * @param {number} from
 */
function afterBrackets(text, from) {
  let at = from;
  while (text[at] === "]" || text[at] === "[" || (text[at] >= "0" && text[at] <= "9")) at++;
  return at;
}

/**
 * @param {string} text
 * @param {number} from
 */
function afterSpaces(text, from) {
  let at = from;
  while (text[at] <= " ") at++;
  return at;
}

/**
 * @param {string} text
 * @param {number} from
 * @param {number} to
 */
function isMasked(text, from, to) {
  return to - from <= MASKED_LENGTH && MASKED.test(text.slice(from, to));
}
