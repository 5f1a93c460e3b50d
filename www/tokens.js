// The tokens of this page, the known tokens of other programs, and the state of each.

/** The limit of tokens in the list. A person does not read a longer list. */
const MAX_TOKENS = 20;

export class Tokens {
  /** @type {Page.Token[]} */
  #all = [];
  #count = 0;

  /** The tokens of all apps, newest first. */
  get all() {
    return this.#all;
  }

  /**
   * Adds a token of an app. Returns it, and the token that it replaces, if that was live.
   *
   * @param {Page.App} app
   * @param {Page.Grant} token
   * @param {number} now
   */
  add(app, token, now) {
    const number = token.number ?? this.#count + 1;
    this.#count = Math.max(this.#count, number);
    /** @type {Page.Token} */
    const added = { ...token, app, number, grantedAt: now };
    const ofApp = this.#all.filter((other) => other.app === app);
    // The page may learn of another program's token after the page itself got a newer one.
    const newer = ofApp.findLast((other) => other.number > number);
    if (newer) Object.assign(added, { endedAt: newer.grantedAt, replacedBy: newer.number });
    // Then the newer one seemed to replace the token that this one replaced.
    const before = ofApp.find((other) => (newer ? other.replacedBy === newer.number : stateOf(other, now) === "live"));
    if (before) Object.assign(before, { endedAt: now, replacedBy: added.number });
    this.#all = [added, ...this.#all].sort((one, other) => other.number - one.number).slice(0, MAX_TOKENS);
    return { added, before };
  }

  /**
   * Keeps the verdict of a business API on a token. A rejection ends a token that seemed to be live.
   *
   * @param {Page.Token} token
   * @param {Page.Verdict} verdict
   * @param {number} now
   */
  judge(token, verdict, now) {
    token.verdict = verdict;
    if (verdict.is === "rejected" && stateOf(token, now) === "live") token.endedAt = now;
  }

  /**
   * The newest token of an app that this page itself got.
   *
   * @param {Page.App | undefined} app
   */
  of(app) {
    return this.#all.find((token) => token.app === app && token.accessToken !== "");
  }
}

/**
 * live, expired, replaced (the page knows the newer token) or rejected (the page does not know why).
 *
 * @param {Page.Token} token
 * @param {number} now
 * @returns {Page.State}
 */
export function stateOf(token, now) {
  if (token.replacedBy) return "replaced";
  if (token.endedAt !== undefined) return "rejected";
  return now < token.expiresAt ? "live" : "expired";
}

/**
 * The part of its lifetime that a token has lived, from 0 to 1.
 *
 * @param {Page.Token} token
 * @param {number} now
 */
export function livedPart(token, now) {
  const lived = Math.min(token.endedAt ?? now, token.expiresAt) - token.grantedAt;
  return Math.min(Math.max(lived / (token.expiresAt - token.grantedAt), 0), 1);
}

/**
 * A time span like a clock: 59:59, or 1:00:00.
 *
 * @param {number} ms
 */
export function clockText(ms) {
  const seconds = Math.max(Math.ceil(ms / 1000), 0);
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${two(minutes)}:${two(rest)}`;
}

/**
 * The beginning and the end of a token, which fit in a line.
 *
 * @param {string} accessToken
 */
export function shortened(accessToken) {
  return accessToken.length > 14 ? `${accessToken.slice(0, 6)}…${accessToken.slice(-5)}` : accessToken;
}
