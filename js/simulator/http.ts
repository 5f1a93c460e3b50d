// Reads fetch's arguments for the simulator, and makes the Response.
import type { Answer } from "#glue/simulator";
import { propertyOf } from "../options.ts";

/** A request, read from fetch's arguments. */
export interface ReceivedRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string;
  readonly signal: AbortSignal | undefined;
}

/** The members of a Request that are used. The Request may come from any library. */
interface RequestLike {
  readonly url: string;
  readonly method?: string;
  readonly headers?: HeadersInit;
  readonly signal?: AbortSignal | null;
  readonly body?: unknown;
  text?(): Promise<string>;
}

/** Reads fetch's arguments. */
export async function readRequest(input: string | URL | Request, init?: RequestInit): Promise<ReceivedRequest> {
  // A Request is recognised by its members, because another realm has another class.
  const isRequest = Object(input) === input && typeof propertyOf(input, "url") === "string";
  const from = isRequest ? (input as RequestLike) : Object.create(null);
  const member = (name: keyof RequestInit) => propertyOf(init ?? {}, name) ?? propertyOf(from, name) ?? undefined;
  const url = new URL(isRequest ? from.url : (input as string | URL));
  const method = ((member("method") as string | undefined) ?? "GET").toUpperCase();
  const headers = new Headers(member("headers") as HeadersInit | undefined);
  const signal = member("signal") as AbortSignal | undefined;
  const given = (propertyOf(init ?? {}, "body") ?? (propertyOf(from, "body") ? from : undefined)) as
    | BodyInit
    | undefined;
  if (given !== undefined && ["GET", "HEAD"].includes(method)) throw new TypeError(`a ${method} request has no body`);
  const body = given === undefined ? "" : await orAborted(textOf(given), signal);
  return { url, method, headers, body, signal };
}

async function textOf(given: BodyInit | Partial<RequestLike>): Promise<string> {
  if (typeof given === "string") return given;
  const text = propertyOf(given, "text") as RequestLike["text"];
  return typeof text === "function" ? text.call(given) : new Response(given as BodyInit, Object.create(null)).text();
}

/** Settles as the promise does. If the signal aborts first, it rejects with the signal's reason. */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  let abort: () => void = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal?.reason);
    if (signal?.aborted) abort();
    else signal?.addEventListener("abort", abort);
  });
  try {
    return await Promise.race([aborted, promise]);
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}

/** Headers that carry credentials. */
const SECRET_HEADER = /authorization|cookie|api-?key|secret|token|password/;

/**
 * Gives the headers without credentials. Only the name of a known scheme stays, because any other text may be a key.
 */
export function redacted(headers: Headers): Record<string, string> {
  const shown = ([name, value]: [string, string]) => [
    name,
    SECRET_HEADER.test(name) ? value.replace(/^((?:basic|bearer) )?.*$/is, "$1[redacted]") : value,
  ];
  return Object.fromEntries([...headers].map(shown));
}

/** Makes the Response. If the answer is cut, reading its body fails after the last byte. */
export function responseOf({ status, headers, body, ending }: Answer, date: number): Response {
  const all: [string, string][] = [...headers, ["date", new Date(date).toUTCString()]];
  const init: ResponseInit = Object.assign(Object.create(null), { status, headers: all });
  const bytes = new TextEncoder().encode(body);
  if (ending === "cut") return new Response(cutOff(bytes), init);
  return new Response(bytes.length === 0 ? null : whole(bytes), init);
}

/**
 * A stream that has the whole body and its end when it is made.
 *
 * Node's stream of a string ends in a microtask, which it queues with `queueMicrotask`. Sinon's fake timers replace
 * that function, so the body would never end.
 */
function whole(bytes: Uint8Array): ReadableStream {
  // The source inherits nothing, because Object.prototype may have a `type`.
  const source: UnderlyingDefaultSource = Object.create(null);
  source.start = (controller) => {
    controller.enqueue(bytes);
    controller.close();
  };
  return new ReadableStream(source);
}

/** A stream that has the bytes and then fails. */
function cutOff(bytes: Uint8Array): ReadableStream {
  let isSent = false;
  return new ReadableStream({
    pull(controller) {
      if (isSent || bytes.length === 0) return controller.error(new TypeError("the simulator cut the connection"));
      isSent = true;
      controller.enqueue(bytes);
    },
  });
}
