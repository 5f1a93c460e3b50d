// A business request with a token that is live, and once more where the token was refused.
import { ignoreErrors } from "../ignore-errors.ts";
import { invalidOption } from "../stores/invalid-option.ts";
import { withTimeout } from "../with-timeout.ts";
import { nameOf } from "./endpoint.ts";
import { optional } from "./options.js";
import { ACCEPTED, REJECTED, verdictOf } from "./rejection.ts";

/** The errors that say that an endpoint refuses tokens that are good. */
export const refusedByEndpoint = new WeakSet();

/** Sends a request, as TokenManager.fetch does; `manager` has what it needs of one. */
export async function fetchWith(manager, input, given) {
  const { retryOnRejection: _, waitUntil, ...init } = given ?? {};
  const retries = optional(given ?? {}, "retryOnRejection", "a boolean") ?? manager.retryOnRejection ?? true;
  const url = urlOf(input, manager);
  const endpoint = () => nameOf(url.pathname);
  const whole = isRequest(input) ? await partsOf(input, init) : init;
  const { signal } = whole;
  const call = signal || waitUntil ? { ...(signal && { signal }), waitUntil } : undefined;

  const send = async ({ accessToken }) => {
    const headers = authorized(whole.headers, accessToken);
    const fetch = manager.fetch ?? globalThis.fetch;
    // Never followed: the token must not leave for another origin.
    const args = [url.href, { ...whole, headers, redirect: "manual" }];
    const response = await Reflect.apply(fetch, undefined, args);
    const verdict = await verdictOf(response, manager.judge);
    if (verdict === ACCEPTED) manager.accepted(accessToken, endpoint);
    return { response, isRejected: verdict === REJECTED };
  };

  const token = await manager.getToken(call);
  const { response, isRejected } = await send(token);
  if (!isRejected) return response;
  const replacing = manager.report(token.accessToken, endpoint(), call);
  // Nobody may come to wait for it: a signal that has aborted by now ends the wait below before it begins.
  replacing.catch(() => {});
  if (!retries || isStream(whole.body)) {
    // The answer is here; the next request should have another token.
    await withTimeout(manager.patienceMs, signal, () => replacing).catch(() => {});
    return response;
  }
  let successor;
  try {
    successor = await replacing;
  } catch (error) {
    // What the endpoint says is the answer where no other one may be had: it refuses good tokens, or is not asked again.
    if (refusedByEndpoint.has(error)) return response;
    ignoreErrors(() => response.body?.cancel());
    throw error;
  }
  ignoreErrors(() => response.body?.cancel());
  return (await send(successor)).response;
}

/**
 * The headers with the token, as the request for a token has them: a plain object. Headers would load Node's fetch, which
 * takes 50 ms, where the caller has another one.
 */
function authorized(given, accessToken) {
  const pairs = given?.[Symbol.iterator] ? Array.from(given) : Object.entries(given ?? {});
  if (pairs.some((pair) => !Array.isArray(pair) || pair.length !== 2)) {
    throw new TypeError("headers: expected an object, Headers, or pairs of a name and a value");
  }
  const others = pairs.filter(([name]) => String(name).toLowerCase() !== "authorization");
  return Object.fromEntries([...others, ["Authorization", `Bearer ${accessToken}`]]);
}

/** By what it does, not by its class: other realms and packages have classes of their own. */
function isRequest(input) {
  return typeof input?.url === "string" && typeof input.arrayBuffer === "function";
}

/** What a Request would send, with what the init has instead. Its body is read whole, to be sent twice and by any fetch. */
async function partsOf(request, init) {
  const { method, headers, signal } = request;
  const instead = Object.fromEntries(Object.entries(init).filter(([, value]) => value !== undefined));
  const bytes = instead.body === undefined && request.body !== null ? await request.arrayBuffer() : undefined;
  return { method, headers, signal, ...(bytes?.byteLength > 0 && { body: bytes }), ...instead };
}

/** Whether a body is gone once it was sent. */
function isStream(body) {
  return ["getReader", "pipe", Symbol.asyncIterator].some((name) => typeof body?.[name] === "function");
}

/** The URL: below the environment's, or of its origin. */
function urlOf(input, { root, home }) {
  let url;
  try {
    const text = isRequest(input) ? input.url : (input.href ?? input);
    if (typeof text !== "string") throw new TypeError();
    url = new URL(/^\/(?![/\\])/.test(text) ? root + text : text, `${root}/`);
  } catch {
    throw invalidOption(
      "url: expected a path, a URL or a Request, found none",
      "Such as /mpesa/stkpush/v1/processrequest.",
    );
  }
  // The origin of a blob: is that of who made it.
  if (url.origin === home.origin && url.protocol === home.protocol) return url;
  const hint = "The token goes to the environment's host, or to baseUrl, only. Use fetch itself for others.";
  throw invalidOption("url: expected one of the environment's origin, found another origin", hint);
}
