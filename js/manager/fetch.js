// A business request with a token that is live, and once more where the token was refused.
import { quietly } from "../../src/wasm/host.js";
import { nameOf } from "./endpoint.js";
import { isRejected } from "./rejection.js";
import { invalid } from "./store.js";

/** The errors that say that an endpoint refuses tokens that are good. */
export const refusedByEndpoint = new WeakSet();

/** Sends a request, as TokenManager.fetch does; `manager` has what it needs of one. */
export async function fetchWith(manager, input, init = {}) {
  const { retryOnRejection = manager.retryOnRejection, ...rest } = init ?? {};
  const isRequest = typeof input?.url === "string";
  const url = urlOf(isRequest ? input.url : input, manager.base);
  const endpoint = nameOf(url.pathname);
  const signal = rest.signal ?? (isRequest ? input.signal : undefined);
  const { body } = rest;
  const isOnce = typeof body?.getReader === "function" || typeof body?.[Symbol.asyncIterator] === "function";
  const again = isRequest && retryOnRejection && !isOnce ? input.clone() : input;

  const carry = (request, { accessToken }) => {
    const headers = new Headers(rest.headers ?? (isRequest ? request.headers : undefined));
    headers.set("Authorization", `Bearer ${accessToken}`);
    // Never followed: the token must not leave for another origin.
    const init = { ...rest, headers, redirect: "manual" };
    const fetch = manager.fetch ?? globalThis.fetch;
    return Reflect.apply(fetch, undefined, isRequest ? [new Request(request, init)] : [url.href, init]);
  };

  const token = await manager.getToken(signal);
  const response = await carry(input, token);
  if (response.ok) manager.accepted(token.accessToken, endpoint);
  if (!retryOnRejection || !(await isRejected(response, manager.judge))) return response;
  const successor = await manager.report(token.accessToken, endpoint, signal).catch((error) => {
    // The endpoint refuses good tokens: what it says is the answer.
    if (error?.code === "ERR_DARAJA_TOKEN_REJECTED" && refusedByEndpoint.has(error)) return undefined;
    throw error;
  });
  if (!successor || isOnce) return response;
  quietly(() => response.body?.cancel?.()?.catch?.(() => {}));
  return carry(again, successor);
}

/** The URL, which must be of the environment's origin. */
function urlOf(input, base) {
  let url;
  try {
    url = new URL(String(input), base);
  } catch {
    throw invalid("url: expected a path or a URL, found neither", "Such as /mpesa/stkpush/v1/processrequest.");
  }
  if (url.origin === new URL(base).origin) return url;
  const hint = "The token goes to the environment's host, or to baseUrl, only. Use fetch itself for others.";
  throw invalid("url: expected one of the environment's origin, found another origin", hint);
}
