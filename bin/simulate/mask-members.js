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
/** How much text before a name tells what the name is. */
const MAX_PREFIX = 40;
/** The brackets of user[pin] and pin[0], and a quotation mark. */
const SUFFIX = /[[\]\d]*["'`]?[[\]\d]*/y;
/** As in {"name": "pin", "value": 1} and in XML's attributes. */
const PAIR = /["'`]?[\s,;&]{0,20}["'`]?value["'`]?\s{0,20}[:=]/iy;
/** The rest of an opening tag that is not empty. */
const TAG = /(?:\s[^<>]{0,500})?(?<!\/)>/y;
/** As in <name>pin</name><value>1</value>. */
const BESIDE = /<\/[^<>]{1,50}>\s{0,50}<[^<>]{1,50}>/y;
/** The rest of a tag, or of the headers of a part in a multipart body. */
const PART = /[\]"']*>|[\s\S]{0,500}?\n\r?\n/y;

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
  const before = text.slice(Math.max(0, nameStart - MAX_PREFIX), nameStart);
  const suffix = matchAt(SUFFIX, text, nameEnd);
  const quoteAt = nameEnd + suffix.search(/["'`]/);
  const isQuotedName = quoteAt >= nameEnd;
  let at = afterSpaces(text, nameEnd + suffix.length);
  const paired = matchAt(PAIR, text, nameEnd);
  if (paired) at = nameEnd + paired.length - 1;
  const separator = text[at];
  if (separator !== ":" && separator !== "=") return elementAfter(text, before, nameStart, nameEnd);
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
  const quote = isQuotedName ? sliceOf(quoteAt) : "";
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
 * The content of an XML element, or of a part of a multipart body, if the name is its name.
 *
 * @param {string} text
 * @param {string} before
 * @param {number} nameStart
 * @param {number} nameEnd
 */
function elementAfter(text, before, nameStart, nameEnd) {
  const [tag] = /<(?:[\w.-]+:)?$/.exec(before) ?? [];
  if (tag) {
    const opened = matchAt(TAG, text, nameEnd);
    return opened
      ? until(text, nameEnd + opened.length, `</${tag.slice(1)}${text.slice(nameStart, nameEnd)}`)
      : undefined;
  }
  const beside = before.endsWith(">") && matchAt(BESIDE, text, nameEnd);
  if (beside) return until(text, nameEnd + beside.length, "</");
  if (!/\bname\*?\s?=\s?(?:utf-8)?["']*(?:[\w.-]*\[)*$/i.test(before)) return undefined;
  const opened = matchAt(PART, text, nameEnd);
  return opened ? until(text, nameEnd + opened.length, opened.endsWith(">") ? "</" : "\n--") : undefined;
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
 * What a sticky pattern matches at this place.
 *
 * @param {RegExp} pattern
 * @param {string} text
 * @param {number} from
 */
function matchAt(pattern, text, from) {
  pattern.lastIndex = from;
  return pattern.exec(text)?.[0] ?? "";
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
