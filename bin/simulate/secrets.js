// Keeps secrets out of the log and out of the record, in time and space that grow linearly with the text.
import { maskMembers, REDACTED } from "./mask-members.js";

/** How many characters of a text are shown. A request to Daraja has a few hundred. */
const MAX_LENGTH = 16_384;
/** Daraja's credentials are far shorter. What is longer is masked where it stands, and not looked for elsewhere. */
const MAX_SECRET_LENGTH = 512;
/** Shorter ones are no credentials of Daraja's, and stand in other words. */
const MIN_SECRET_LENGTH = 8;
/** The value of a header Authorization, wherever it stands. */
const AUTHORIZATION = /\b(basic|bearer)\s+[\w+/=~.-]{16,}/gi;
const ALPHANUMERIC = /[0-9A-Za-z]+/g;
const KEY_LENGTH = 24;
/** What a colon joins to a key; identifiers of Daraja's have something else in between. */
const AFTER_KEY = /=*(?:(?::|%3a)[^\s"'&,;]+)?/iy;
/** Words that may be a key or a token in places where none is expected. */
const RUN = /[\w+=~-]{16,}/g;

/** What may not be shown of the requests to a simulator: its apps' credentials, its tokens, and what requests carry. */
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
   * A function that masks what a request with this header carries, and all that is known besides. It gives at most so
   * many characters of the text, and says how many it left out.
   *
   * @param {string} authorization
   */
  maskOf(authorization, maxLength = MAX_LENGTH) {
    const credentials = authorization.replace(/^\S+\s+/, "");
    const pair = /^basic /i.test(authorization) ? Buffer.from(credentials, "base64").toString("utf8") : "";
    const colon = pair.indexOf(":");
    const parts = colon === -1 ? [pair] : [pair.slice(0, colon), pair.slice(colon + 1)];
    // The longest first: a short one may be a part of it.
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
 * A text in which no key is expected. If it has one, the key is masked.
 *
 * @param {string} text
 */
export const withoutKeys = (text) =>
  text.replace(RUN, (run) => (run.length >= KEY_LENGTH || /\d/.test(run) ? REDACTED : run));

/**
 * Masks the beginning of a text. A secret that is cut is not known as one, so what is near the cut is not shown.
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
 * Masks what looks like a key, and what a colon joins to it.
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
 * How texts may stand in JSON, in a URL and in a form; in each of them also twice.
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
