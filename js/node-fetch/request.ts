// Reads the request from the arguments of fetch.
import type { Agent } from "node:http";
import { withoutInherited } from "../plain.ts";
import { type RequestBody, readBody } from "./request-body.ts";

/** The options of the global `fetch`, and an agent. */
export interface NodeFetchInit extends RequestInit {
  /** An Agent of node:http or node:https, for your own certificate or proxy. The default one keeps connections open. */
  agent?: object | undefined;
}

/** One request, after its checks. */
export interface NodeRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: RequestBody | undefined;
  readonly signal: AbortSignal | undefined;
  readonly redirect: string;
  readonly agent: Agent | undefined;
}

/** Headers of Node's connection. With two values, servers on the way could disagree about which one counts. */
const FRAMING = ["connection", "expect", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"];
/** The default headers, similar to those of the global fetch. The caller's headers override them. */
const DEFAULTS = { Accept: "*/*", "Accept-Encoding": "gzip, deflate, br", "User-Agent": "node" };

/** Reads the arguments of fetch. Throws a TypeError for a request that cannot be sent. */
export function readRequest(input: string | URL | Request, given: NodeFetchInit): NodeRequest {
  const init = withoutInherited(given);
  const request = isRequest(input) ? input : undefined;
  const url = urlOf(request?.url ?? (input as string | URL));
  for (const name of ["dispatcher", "integrity"] as const) {
    if ((init as Record<string, unknown>)[name]) throw new TypeError(`fetch: the option ${name} is not supported here`);
  }
  const method = String(init.method ?? request?.method ?? "GET").toUpperCase();
  if (["CONNECT", "TRACE", "TRACK"].includes(method)) throw new TypeError(`fetch: the method ${method} is not allowed`);
  const body = readBody(init.body ?? request?.body ?? undefined);
  if (body && ["GET", "HEAD"].includes(method)) throw new TypeError(`fetch: a ${method} request cannot have a body`);
  const headers = headersOf(init.headers ?? request?.headers);
  if (["no-store", "reload"].includes(init.cache ?? ""))
    addMissing(headers, { Pragma: "no-cache", "Cache-Control": "no-cache" });
  addMissing(headers, DEFAULTS);
  if (body?.type) addMissing(headers, { "Content-Type": body.type });
  if (body) addMissing(headers, framingOf(body));
  return {
    url,
    method,
    headers: Object.fromEntries(headers.values()),
    body,
    signal: init.signal ?? request?.signal ?? undefined,
    redirect: init.redirect ?? request?.redirect ?? "manual",
    agent: init.agent as Agent | undefined,
  };
}

/** Whether it is a Request. It checks members, because reading the class globalThis.Request would load undici. */
function isRequest(input: unknown): input is Request {
  return typeof (input as Request)?.url === "string" && typeof (input as Request).arrayBuffer === "function";
}

function urlOf(input: string | URL): URL {
  const url = new URL(input);
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw new TypeError(`fetch: expected an http: or https: URL, found ${url.protocol}`);
  }
  if (url.username || url.password) throw new TypeError("fetch: expected a URL without a user name and a password");
  return url;
}

/** Headers by lower-case name. Each entry keeps the name as the caller wrote it. */
type Headers = Map<string, [name: string, value: string]>;

function headersOf(given: HeadersInit | undefined): Headers {
  const headers: Headers = new Map();
  const isIterable = typeof (given as Iterable<unknown>)?.[Symbol.iterator] === "function";
  for (const pair of isIterable ? (given as Iterable<unknown>) : Object.entries(given ?? {})) {
    if (!Array.isArray(pair) || pair.length !== 2)
      throw new TypeError("fetch: expected pairs of a header's name and value");
    const [name, value] = pair.map(String) as [string, string];
    const key = name.toLowerCase();
    if (FRAMING.includes(key)) throw new TypeError(`fetch: the header ${name} cannot be set here`);
    // The request gets the real length of its body.
    if (key === "content-length") continue;
    const known = headers.get(key);
    const text = value.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, "");
    headers.set(key, [name, known ? `${known[1]}, ${text}` : text]);
  }
  return headers;
}

/** The length is set for each method: without it, Node would send the body of a DELETE without a length. */
function framingOf({ length }: RequestBody): Record<string, string> {
  return length === undefined ? { "Transfer-Encoding": "chunked" } : { "Content-Length": String(length) };
}

function addMissing(headers: Headers, more: Record<string, string>): void {
  for (const [name, value] of Object.entries(more)) {
    if (!headers.has(name.toLowerCase())) headers.set(name.toLowerCase(), [name, value]);
  }
}
