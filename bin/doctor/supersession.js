// Judges whether a new token ends the last one.
import { ok, warn } from "./finding.js";

/**
 * What a business API answered to a token.
 *
 * @typedef {object} Call
 * @property {{ code?: string }} [failure]
 * @property {number} [status]
 * @property {string} [errorCode]
 * @property {boolean} [lacksProduct]
 * @property {boolean} [isRejected]
 * @property {boolean} [isBlocked]
 * @property {boolean} [isThrottled]
 */

/** Daraja's code for a header that did not arrive as it was sent. The library does not count it as a rejection. */
const MALFORMED_HEADER = "404.001.04";

/**
 * Judges three calls of a business API. The first call has the first token. Then a second token is granted, and the
 * next calls have the first and the second token.
 *
 * @param {{ first: Call, firstAgain: Call, second: Call }} calls
 */
export function judgeSupersession({ first, firstAgain, second }) {
  const states = [first, firstAgain, second].map(stateOf);
  const [before, after, fresh] = states;
  const isKnown = (/** @type {string | undefined} */ state) => state === "alive" || state === "without the product";
  const conclude = (/** @type {string} */ answer) => [ok("supersession", `a new token ends the last: ${answer}`)];
  if (isKnown(before) && after === "dead" && isKnown(fresh)) return conclude(`yes (${firstAgain.errorCode})`);
  // For an app without the product this proves nothing: Daraja may check the product before the token.
  if (states.every((state) => state === "alive")) return conclude("no");
  const calls = `${states.join(", ")} (${[first, firstAgain, second].map(inWords).join(", ")})`;
  const remedy =
    "/mpesa/stkpushquery accepts a live token if the app has the product M-Pesa Express. If it has, try again later.";
  const message = `a new token ends the last: unclear; the first, the first again and the second were ${calls}`;
  return [warn("supersession", "unclear", message, remedy)];
}

/** @param {Call} call */
function stateOf({ failure, status, errorCode, lacksProduct, isRejected, isBlocked, isThrottled }) {
  // This is not an answer of the business API.
  if (failure || isBlocked || isThrottled) return "unclear";
  if (lacksProduct) return "without the product";
  if (isRejected) return "dead";
  if (status === 401 || errorCode === MALFORMED_HEADER) return "unclear";
  // An error with another code comes from the API itself, which has accepted the token.
  return errorCode !== undefined || (status !== undefined && status >= 200 && status < 300) ? "alive" : "unclear";
}

/** @param {Call} call */
function inWords({ failure, status, errorCode, lacksProduct, isBlocked }) {
  if (failure) return failure.code ?? "no answer";
  return isBlocked ? "the firewall" : lacksProduct ? "no apiproduct match" : (errorCode ?? `HTTP ${status}`);
}
