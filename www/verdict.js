// Judges a token by the response of a business API.
import { isTokenRejected } from "./daraja-auth/index.js";

/** Codes of the APIs behind the gateway: a bad request, an unknown transaction. A rejected token never gets there. */
const BEYOND_THE_GATEWAY = /^(400\.002|500\.001)\./;

/**
 * Returns `{ is, text }`, where `is` is "accepted", "rejected" or "unclear".
 *
 * @param {Page.Response | undefined} response
 * @returns {Promise<Page.Verdict>}
 */
export async function verdictOf(response) {
  if (!response) return { is: "unclear", text: "No answer, so no verdict" };
  const { status, headers, body } = response;
  const { code, message } = said(body);
  const words = [`HTTP ${status}`, code, message].filter(Boolean).join(" · ");
  if (/no apiproduct match/i.test(message)) {
    return { is: "unclear", text: `The app lacks this product, so no verdict: ${words}` };
  }
  if (status >= 400 && (await isTokenRejected(new Response(body, { status, headers })))) {
    return { is: "rejected", text: `Rejected: ${words}` };
  }
  if (status >= 200 && status < 300 && isJson(body)) return { is: "accepted", text: `Accepted: ${words}` };
  if (BEYOND_THE_GATEWAY.test(code)) {
    return { is: "accepted", text: `Accepted: Daraja knew the token and found the query empty (${words})` };
  }
  return { is: "unclear", text: `No verdict: ${words}` };
}

/**
 * @param {string} body
 * @returns {{ code: string, message: string }}
 */
function said(body) {
  if (!isJson(body)) return { code: "", message: "" };
  const { errorCode, errorMessage, fault, ResponseDescription } = JSON.parse(body);
  return { code: errorCode ?? "", message: errorMessage ?? fault?.faultstring ?? ResponseDescription ?? "" };
}

/** @param {string} body */
function isJson(body) {
  try {
    return typeof JSON.parse(body) === "object";
  } catch {
    return false;
  }
}
