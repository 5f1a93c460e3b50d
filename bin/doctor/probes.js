// Gathers the facts for the doctor. Other files judge them.
import { existsSync } from "node:fs";
import { PLATFORMS } from "../../pkg/internal.js";
import { fetch } from "../../pkg/node-fetch.js";
import { keyOf, look } from "../status/record.js";
import { openStore } from "../store.js";
import { reasonOf } from "../terminal.js";

/** The time limit of a request, as of an attempt of generateToken. */
const TIMEOUT_MS = 10_000;
/** The firewall's page is far shorter, and the end of other pages is not needed. */
const MAX_BYTES = 65_536;
const PROXIES = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];

/** The version of Node, and the variables that change what it does. */
export function surroundings(env = process.env) {
  return {
    node: process.versions.node,
    hasFetch: typeof globalThis.fetch === "function",
    proxies: PROXIES.filter((name) => env[name]),
    asksForProxies: env.NODE_USE_ENV_PROXY === "1" || /--use-env-proxy/.test(env.NODE_OPTIONS ?? ""),
    trustsAnybody: env.NODE_TLS_REJECT_UNAUTHORIZED === "0",
    hasDotenv: existsSync(".env"),
    platform: PLATFORMS.find((name) => env[name]),
  };
}

/** The error of generateToken for these options before it sends a request, or undefined. */
export async function objection(generateToken, options) {
  const fetch = () => Promise.reject(new Error("nothing is sent"));
  const { error } = await attempt(generateToken, { ...options, fetch, retries: 0 });
  return error.code === "ERR_DARAJA_INVALID_OPTION" ? error : undefined;
}

/**
 * Asks for a token, and returns `{ grant }` or `{ error }`.
 *
 * @returns {Promise<import("./credentials.js").Result>}
 */
export async function attempt(generateToken, options) {
  try {
    return { grant: await generateToken(options) };
  } catch (error) {
    return { error };
  }
}

/**
 * A host's answer to a request without credentials, with its times, or `{ failure }`.
 *
 * @returns {Promise<import("./network.js").Facts>}
 */
export async function network(generateToken, baseUrl) {
  const sent = Date.now();
  const answer = await send(new URL("/", baseUrl).href, { cache: "no-store" });
  if (answer.failure) return answer;
  const { status, headers, received } = answer;
  const date = Date.parse(headers?.get("date") ?? "");
  // A cache between here and the server tells the age of its answer.
  const serverTime = Number.isNaN(date) ? undefined : date + (Number(headers?.get("age")) || 0) * 1000;
  const { isBlocked, incidentId } = await classify(generateToken, answer);
  return { status, sent, received, serverTime, isBlocked, incidentId };
}

/**
 * A business API's answer to a token. The request is an empty query for an STK push, which changes nothing. The package
 * classifies the answer.
 */
export async function businessCall({ generateToken, isTokenRejected }, baseUrl, accessToken) {
  const answer = await send(`${baseUrl.href.replace(/\/$/, "")}/mpesa/stkpushquery/v1/query`, {
    method: "POST",
    headers: { Authorization: `Bearer ${accessToken}`, "Content-Type": "application/json" },
    body: "{}",
  });
  if (answer.failure) return answer;
  const { status, text } = answer;
  const { errorCode, ...judgement } = await classify(generateToken, answer);
  return {
    status,
    ...judgement,
    // Only a code of digits is kept: the answer with the code 401.002.01 quotes the token.
    errorCode: /^[\d.]{1,20}$/.test(errorCode) ? errorCode : undefined,
    lacksProduct: /no apiproduct match/i.test(text ?? ""),
    isRejected: await isTokenRejected(asResponse(answer)),
  };
}

/**
 * Opens the store, and reads its record. The result is empty without a store, and has `error` if one of them fails.
 *
 * @returns {Promise<import("./store.js").Shared & { store?: any }>}
 */
export async function sharing(found, baseUrl) {
  let store;
  try {
    store = await openStore(found);
    if (!store) return {};
    const { name, client } = store;
    const [key] = found.consumerKey;
    if (!key || !baseUrl) return { store, name, client };
    const { state } = await look(store, await keyOf(baseUrl, key.value));
    return { store, name, client, state };
  } catch (error) {
    if (error.hint === undefined) throw error;
    return { store, error };
  }
}

/** @returns {Promise<{ failure?: any, status?: number, headers?: Headers, received?: number, text?: string }>} */
async function send(url, init) {
  try {
    const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS), ...init });
    const { status, headers } = response;
    const received = Date.now();
    return { status, headers, received, text: await beginningOf(response) };
  } catch (error) {
    if (error.name === "TimeoutError")
      return { failure: { code: "TIMEOUT", reason: `none within ${TIMEOUT_MS / 1000} s` } };
    return { failure: { code: codeOf(error), reason: reasonOf(error) } };
  }
}

async function beginningOf({ body }) {
  const decoder = new TextDecoder();
  let text = "";
  let left = MAX_BYTES;
  // Leaving the loop cancels the body.
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk.subarray(0, left), { stream: true });
    left -= chunk.length;
    if (left <= 0) break;
  }
  return text;
}

/**
 * Classifies an answer with generateToken, by a `fetch` that sends nothing and returns the answer.
 *
 * @param {{ status?: number, headers?: Headers, text?: string }} answer
 */
async function classify(generateToken, answer) {
  const fetch = async () => asResponse(answer);
  const { error } = await attempt(generateToken, { consumerKey: "key", consumerSecret: "secret", fetch, retries: 0 });
  const { code, errorCode, incidentId } = error ?? {};
  return {
    isBlocked: code === "ERR_DARAJA_BLOCKED",
    isThrottled: code === "ERR_DARAJA_RATE_LIMITED",
    errorCode,
    incidentId,
  };
}

/**
 * An answer whose body was read, as a response. It is not a `Response`, which may have no body with some statuses.
 *
 * @param {{ status?: number, headers?: Headers, text?: string }} answer
 * @returns {any}
 */
function asResponse({ status = 0, headers, text }) {
  const response = { status, ok: status >= 200 && status < 300, headers, text: async () => text };
  return { ...response, clone: () => response };
}

function codeOf(error) {
  for (let cause = error; cause; cause = cause.cause) if (typeof cause.code === "string") return cause.code;
  return undefined;
}
