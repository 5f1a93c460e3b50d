// Sends a business request with a live token, and once more with another token if the first one was rejected.
import type { AccessToken } from "../access-token.ts";
import type { Fetch } from "../http.ts";
import { ignoreErrors } from "../ignore-errors.ts";
import { isStream } from "../is-stream.ts";
import { copyOptions, propertyOf } from "../options.ts";
import { invalidOption } from "../stores/invalid-option.ts";
import { ABORTED, abortReason, withTimeout } from "../with-timeout.ts";
import { blamesEndpoint } from "./acquire.ts";
import { MAX_TIMER_MS } from "./clock.ts";
import { hashEndpoint } from "./endpoint-hash.ts";
import { optional } from "./options.ts";
import { ACCEPTED, type Classify, classifyResponse, REJECTED } from "./rejection.ts";
import type { GetTokenOptions } from "./token-manager.ts";

/** What a request uses of its manager. */
export interface ManagerForFetch {
  readonly fetch: Fetch | undefined;
  readonly retryOnRejection: boolean | undefined;
  /** The address to which a path is appended. */
  readonly root: string;
  readonly home: URL;
  /** How long an answer waits at most for the next token, if the request is not sent once more. */
  readonly patienceMs: number;
  getToken(call?: GetTokenOptions): Promise<AccessToken>;
  report(accessToken: string, endpoint: number, call?: GetTokenOptions): Promise<AccessToken>;
  /** Whether to report that an endpoint accepted a token. It matters if the record remembers a rejection. */
  tracksRejections(): boolean;
  accepted(accessToken: string, endpoint: number): void;
  readonly classify: Classify;
}

/** A request's init, which inherits nothing. */
type Init = Record<string, unknown> & { signal?: AbortSignal; body?: unknown; headers?: unknown };

/** Sends a request, as TokenManager.fetch does. */
export async function fetchWith(manager: ManagerForFetch, input: unknown, init: object | undefined): Promise<Response> {
  const { retryOnRejection, waitUntil } = copyOptions(init ?? {}, "retryOnRejection, waitUntil");
  const retries = optional({ retryOnRejection }, "retryOnRejection", "a boolean") ?? manager.retryOnRejection ?? true;
  const url = urlOf(input, manager);
  const endpoint = () => hashEndpoint(url.pathname);
  const whole = await initOf(input, init ?? {});
  const { signal } = whole;
  const call = signal || waitUntil ? ({ ...(signal && { signal }), waitUntil } as GetTokenOptions) : undefined;

  const send = async ({ accessToken }: AccessToken) => {
    const headers = authorized(whole.headers, accessToken);
    const fetch = manager.fetch ?? globalThis.fetch;
    // Redirects are never followed: the token must not go to another origin.
    const args = [url.href, { __proto__: null, ...whole, headers, redirect: "manual" }];
    const response: Response = await Reflect.apply(fetch, undefined, args);
    const tracks = manager.tracksRejections();
    const found = await classifyResponse(response, manager.classify, tracks);
    if (tracks && found === ACCEPTED) manager.accepted(accessToken, endpoint());
    return { response, isRejected: found === REJECTED };
  };

  const token = await manager.getToken(call);
  const { response, isRejected } = await send(token);
  if (!isRejected) return response;
  const replacing = manager.report(token.accessToken, endpoint(), call);
  // If the signal has already aborted, nothing below waits for this promise, and its error would be unhandled.
  replacing.catch(() => {});
  if (!retries || isStream(whole.body)) {
    // The request is not sent again. A short wait lets the next request have another token.
    await withTimeout(manager.patienceMs, signal, () => replacing).catch(() => {});
    return response;
  }
  let successor: AccessToken;
  try {
    successor = await replacing;
  } catch (error) {
    // If the endpoint rejects valid tokens, the caller gets its answer.
    if (blamesEndpoint.has(error as object)) return response;
    ignoreErrors(() => response.body?.cancel());
    throw error;
  }
  ignoreErrors(() => response.body?.cancel());
  return (await send(successor)).response;
}

/**
 * The headers with the token, in a plain object, as for a token request. The class Headers would load Node's fetch,
 * which takes 50 ms, even if the caller uses another fetch.
 */
function authorized(headers: unknown, accessToken: string): Record<string, string> {
  const others = pairsOf(headers).filter(([name]) => !isNamed(name, "authorization"));
  return Object.fromEntries([...others, ["Authorization", `Bearer ${accessToken}`]]);
}

const isNamed = (header: string, name: string) => String(header).toLowerCase() === name;

/** Gives headers as pairs of a name and a value. They may be in any form that fetch takes. */
function pairsOf(headers: unknown): [name: string, value: string][] {
  const isIterable = typeof (headers as Iterable<unknown> | undefined)?.[Symbol.iterator] === "function";
  const pairs: unknown[] = isIterable ? Array.from(headers as Iterable<unknown>) : Object.entries(headers ?? {});
  if (pairs.some((pair) => !Array.isArray(pair) || pair.length !== 2)) {
    throw new TypeError("headers: expected an object, Headers, or pairs of a name and a value");
  }
  return pairs as [string, string][];
}

/** Recognises a Request by its members, not by its class: other realms and packages have their own classes. */
function isRequest(input: unknown): input is Request {
  if (Object(input) !== input) return false;
  return typeof propertyOf(input, "url") === "string" && typeof propertyOf(input, "arrayBuffer") === "function";
}

/** The members of an init that fetch reads. The last two belong to undici and Cloudflare. */
const MEMBERS = (
  "method headers body mode credentials cache redirect referrer referrerPolicy integrity keepalive signal duplex " +
  "priority window dispatcher cf"
).split(" ");
/** The default values of a Request's members. They are left out: Next.js and Workers behave differently with them. */
const DEFAULTS: Readonly<Record<string, unknown>> = {
  __proto__: null,
  mode: "cors",
  credentials: "same-origin",
  cache: "default",
  referrer: "about:client",
  referrerPolicy: "",
  integrity: "",
  keepalive: false,
  duplex: "half",
};

/** The init to send. It inherits nothing. A Request's body becomes bytes, so that any fetch can send it twice. */
async function initOf(input: unknown, own: object): Promise<Init> {
  const init: Init = { __proto__: null, ...(isRequest(input) && membersOf(input)), ...membersOf(own) };
  const { json, ...others } = init;
  if (json !== undefined) return withJson(others as Init, json);
  const { body, signal } = init;
  if (!isRequest(body)) {
    // fetch would send it as text, such as "[object Object]".
    if (isData(body)) throw invalidOption("body: expected text, bytes, a form or a stream, found an object", JSON_HINT);
    return init;
  }
  const bytes = await withTimeout(MAX_TIMER_MS, signal, () => body.arrayBuffer()).catch((error) => {
    throw error === ABORTED ? abortReason(signal) : error;
  });
  delete init.body;
  return bytes.byteLength > 0 ? { __proto__: null, ...init, body: bytes } : init;
}

const JSON_HINT = "Pass it as json: tokens.fetch(path, { json: { … } }).";

/** The init with a value in JSON as its body. */
function withJson(init: Init, json: unknown): Init {
  const body = JSON.stringify(json);
  if (body === undefined || init.body !== undefined) {
    throw invalidOption("json: expected a value that JSON has, and no body beside it", JSON_HINT);
  }
  const headers = pairsOf(init.headers);
  if (!headers.some(([name]) => isNamed(name, "content-type"))) headers.push(["Content-Type", "application/json"]);
  return { __proto__: null, method: "POST", ...init, headers, body };
}

/** Whether a body is an array or a plain object. */
function isData(body: unknown): boolean {
  const prototype = Object(body) === body && !isStream(body) && Object.getPrototypeOf(body);
  return [Object.prototype, Array.prototype, null].includes(prototype);
}

/** Copies the members of an init or a Request, also those of its class. A Request becomes the `body` of its copy. */
function membersOf(source: object): Init {
  const members: Init = { __proto__: null };
  const isOfRequest = isRequest(source);
  for (const name of isOfRequest ? MEMBERS : new Set([...MEMBERS, ...Object.keys(source)])) {
    const value = propertyOf(source, name);
    if (value !== undefined && !(isOfRequest && value === DEFAULTS[name])) members[name] = value;
  }
  if (isOfRequest && members.body !== null) members.body = source;
  // For fetch, a body of null means that the init has no body. It does not remove the Request's body.
  if (members.body === null) delete members.body;
  delete members.retryOnRejection;
  delete members.waitUntil;
  return members;
}

/** The URL: a path below the base URL, or a URL of the same origin. */
function urlOf(input: unknown, { root, home }: ManagerForFetch): URL {
  let url: URL;
  try {
    const text = isRequest(input) ? input.url : typeof input === "string" ? input : propertyOf(input, "href");
    if (typeof text !== "string") throw new TypeError();
    url = new URL(/^\/(?![/\\])/.test(text) ? root + text : text, `${root}/`);
  } catch {
    throw invalidOption(
      "url: expected a path, a URL or a Request, found none",
      "Such as /mpesa/stkpush/v1/processrequest.",
    );
  }
  // The origin of a blob: URL is the origin of the page that made it.
  if (url.origin === home.origin && url.protocol === home.protocol) return url;
  const hint = "The token goes to the environment's host, or to baseUrl, only. Use fetch itself for others.";
  throw invalidOption("url: expected the environment's origin, found another origin", hint);
}
