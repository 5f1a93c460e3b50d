// Keeps secrets out of the log and the record. Its time and memory grow linearly with the text.
import { maskMembers, REDACTED } from "./mask-members.js";

/** How many characters of a text are shown. A request to Daraja has a few hundred. */
const MAX_LENGTH = 16_384;
/** Daraja's credentials are far shorter. A longer secret is masked in its header, but not searched for elsewhere. */
const MAX_SECRET_LENGTH = 512;
/** Shorter texts are not Daraja's credentials, and occur in other words. */
const MIN_SECRET_LENGTH = 8;
/** The value of a header Authorization, anywhere in a text. */
const AUTHORIZATION = /\b(basic|bearer)\s+[\w+/=~.-]{16,}/gi;
const ALPHANUMERIC = /[0-9A-Za-z]+/g;
const KEY_LENGTH = 24;
/** The text that a colon joins to a key. Daraja's own identifiers are not joined by a colon. */
const AFTER_KEY = /=*(?:(?::|%3a)[^\s"'&,;]+)?/iy;
/** Words that may be a key or a token, for texts in which none is expected. */
const RUN = /[\w+=~-]{16,}/g;

/** The secrets of a simulator: its apps' credentials, its tokens, and the credentials in requests. */
export class Secrets {
  #apps;
  #ledger;

  /**
   * @param {readonly { consumerKey: string, consumerSecret: string }[]} apps
   * @param {import("./ledger.js").Ledger} ledger
   */
  constructor(apps, ledger) {
    this.#apps = spellingsOf(apps.flatMap(({ consumerKey, consumerSecret }) => [consumerKey, consumerSecret]));
    this.#ledger = ledger;
  }

  /**
   * A function that masks the credentials of this header and all known secrets in a text. It returns at most
   * `maxLength` characters of the text, and the number of characters that it left out.
   *
   * @param {string} authorization
   */
  maskOf(authorization, maxLength = MAX_LENGTH) {
    const credentials = authorization.replace(/^\S+\s+/, "");
    const pair = /^basic /i.test(authorization) ? Buffer.from(credentials, "base64").toString("utf8") : "";
    const colon = pair.indexOf(":");
    const parts = colon === -1 ? [pair] : [pair.slice(0, colon), pair.slice(colon + 1)];
    // The longest comes first, because a short one may be a part of it.
    const known = [...this.#apps, ...spellingsOf([credentials, ...parts])].sort((a, b) => b.length - a.length);
    const mask = (/** @type {string} */ text) => {
      const numbered = this.#ledger.mask(text);
      const without = known.reduce((rest, secret) => rest.replaceAll(secret, REDACTED), numbered);
      return maskKeys(maskMembers(without).replace(AUTHORIZATION, `$1 ${REDACTED}`));
    };
    return (/** @type {string} */ text) => bounded(text, maxLength, mask);
  }
}

/**
 * Masks keys in a text in which no key is expected.
 *
 * @param {string} text
 */
export const withoutKeys = (text) =>
  text.replace(RUN, (run) => (run.length >= KEY_LENGTH || /\d/.test(run) ? REDACTED : run));

/**
 * Masks the beginning of a text. A secret that is cut off is not recognised, so the text near the cut is not shown.
 *
 * @param {string} text
 * @param {number} maxLength
 * @param {(text: string) => string} mask
 */
function bounded(text, maxLength, mask) {
  if (text.length <= maxLength) return cut(mask(text), 2 * maxLength);
  const masked = mask(text.slice(0, maxLength + MAX_SECRET_LENGTH)).slice(0, -MAX_SECRET_LENGTH);
  return `${cut(masked, maxLength)}… [${text.length - maxLength} characters more]`;
}

/**
 * @param {string} text
 * @param {number} length
 */
const cut = (text, length) => (text.length <= length ? text : `${text.slice(0, length)}…`);

/**
 * Masks words that look like a key, and the text that a colon joins to them.
 *
 * @param {string} text
 */
function maskKeys(text) {
  const runs = new RegExp(ALPHANUMERIC);
  const after = new RegExp(AFTER_KEY);
  let masked = "";
  let end = 0;
  for (let run = runs.exec(text); run; run = runs.exec(text)) {
    if (run[0].length < KEY_LENGTH || !/\d/.test(run[0])) continue;
    after.lastIndex = runs.lastIndex;
    masked += text.slice(end, run.index) + REDACTED;
    end = runs.lastIndex + (after.exec(text)?.[0].length ?? 0);
    runs.lastIndex = end;
  }
  return masked + text.slice(end);
}

/**
 * The spellings of texts in JSON, in a URL, in a form, and in two of these, one inside the other.
 *
 * @param {string[]} texts
 */
function spellingsOf(texts) {
  const inJson = (/** @type {string} */ text) => JSON.stringify(text).slice(1, -1);
  const inUrl = (/** @type {string} */ text) => encodeURIComponent(text.toWellFormed());
  const inForm = (/** @type {string} */ text) => new URLSearchParams([["", text]]).toString().slice(1);
  const spellings = texts
    .filter(({ length }) => length >= MIN_SECRET_LENGTH && length <= MAX_SECRET_LENGTH)
    .flatMap((text) => [
      text,
      ...[inJson, inUrl, inForm].flatMap((one) => [inJson, inUrl, inForm].map((other) => other(one(text)))),
      ...[inJson, inUrl, inForm].map((one) => one(text)),
    ]);
  return [...new Set(spellings)];
}
