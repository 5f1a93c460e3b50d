// A business request with a token that is live, and once more where the token was refused.
import { quietly } from "../../src/wasm/host.js";
import { nameOf } from "./endpoint.js";
import { invalid, optional } from "./options.js";
import { isRejected } from "./rejection.js";

/** The errors that say that an endpoint refuses tokens that are good. */
export const refusedByEndpoint = new WeakSet();

/** Sends a request, as TokenManager.fetch does; `manager` has what it needs of one. */
export async function fetchWith(manager, input, given) {
  const { retryOnRejection: _, ...init } = given ?? {};
  const retries = optional(given ?? {}, "retryOnRejection", "a boolean") ?? manager.retryOnRejection ?? true;
  const isRequest = typeof input?.url === "string";
  const url = urlOf(isRequest ? input.url : input, manager);
  const endpoint = () => nameOf(url.pathname);
  const signal = init.signal ?? (isRequest ? input.signal : undefined);
  const call = signal ? { signal } : undefined;
  const isOnce = !retries || isStream(init.body);
  const again = isRequest && !isOnce ? input.clone() : input;

  const carry = async (request, { accessToken }) => {
    const headers = new Headers(init.headers ?? (isRequest ? request.headers : undefined));
    headers.set("Authorization", `Bearer ${accessToken}`);
    // Never followed: the token must not leave for another origin.
    const carried = { ...init, headers, redirect: "manual" };
    const fetch = manager.fetch ?? globalThis.fetch;
    const args = isRequest ? [new Request(request, carried)] : [url.href, carried];
    const response = await Reflect.apply(fetch, undefined, args);
    if (response?.ok) manager.accepted(accessToken, endpoint);
    return response;
  };

  const token = await manager.getToken(call);
  const response = await carry(input, token);
  if (response?.ok || !(await isRejected(response, manager.judge))) return response;
  try {
    const successor = await manager.report(token.accessToken, endpoint(), call);
    if (isOnce) return response;
    quietly(() => response.body?.cancel());
    return carry(again, successor);
  } catch (error) {
    // What the endpoint says is the answer where no other one may be had: it refuses good tokens, or is not asked again.
    if (isOnce || refusedByEndpoint.has(error)) return response;
    quietly(() => response.body?.cancel());
    throw error;
  }
}

/** Whether a body is gone once it was sent. */
function isStream(body) {
  return ["getReader", "pipe", Symbol.asyncIterator].some((name) => typeof body?.[name] === "function");
}

/** The URL: below the environment's, or of its origin. */
function urlOf(input, { root, home }) {
  let url;
  try {
    const text = String(input);
    url = new URL(/^\/(?![/\\])/.test(text) ? root + text : text, `${root}/`);
  } catch {
    throw invalid("url: expected a path or a URL, found neither", "Such as /mpesa/stkpush/v1/processrequest.");
  }
  // The origin of a blob: is that of who made it.
  if (url.origin === home.origin && url.protocol === home.protocol) return url;
  const hint = "The token goes to the environment's host, or to baseUrl, only. Use fetch itself for others.";
  throw invalid("url: expected one of the environment's origin, found another origin", hint);
}
