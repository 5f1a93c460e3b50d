// One request: its time limit, its signal, and the part of its answer that is read.
//
// `fetch` and its Response are the caller's. They may lie, throw or never settle.
import { isolated } from "#wasm";
import { ignoreErrors } from "./ignore-errors.ts";
import { isBrowser } from "./is-browser.ts";
import { type JsonObject, parseObject } from "./json.ts";
import { MAX_TEXT_LENGTH } from "./options.ts";
import { ABORTED, TIMEOUT, withTimeout } from "./with-timeout.ts";

/** A `fetch` of the caller's, for proxies, agents and tests. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** The request for a token, and the secrets that it contains. */
export interface TokenRequest {
  readonly url: string;
  readonly authorization: string;
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly userAgent: string;
  readonly timeoutMs: number;
}

/** How an attempt without a response failed. Most texts are the end of a sentence. */
export type AttemptFailure =
  | "timeout"
  | "it could not be asked"
  | "fetch failed"
  | "fetch gave no Response"
  | "its body broke off";

/** The kind of a body, in words. */
export type BodyKind =
  | "JSON"
  | "an empty body"
  | "an HTML page"
  | "a body over 64 KiB"
  | "JSON that breaks off or is not well-formed"
  | "a body that is no JSON object";

/** How an attempt ended. src/http.rs reads it. All members are set, so that none is read from Object.prototype. */
export interface AttemptEnd {
  /** How it failed, if there was no response. */
  readonly failure: AttemptFailure | undefined;
  /** What `fetch`, or reading its response, threw. */
  readonly cause: unknown;
  readonly response: HttpResponse | undefined;
}

/** A response: the parts that are read. */
export interface HttpResponse {
  readonly status: number;
  readonly redirected: boolean;
  readonly retryAfterMs: number | undefined;
  /** Whether a header or a cookie comes from Imperva, the firewall in front of Daraja. */
  readonly fromImperva: boolean;
  readonly kind: BodyKind;
  readonly text: string;
  readonly json: JsonObject | undefined;
  readonly sentAt: number;
  readonly receivedAt: number;
}

/**
 * Sends a request once, with the caller's `fetch` or the global one, and reads its answer.
 *
 * Rejects only when the signal aborts. Once it has settled, no timer runs, no listener is left on the signal, and no
 * part of the request is in flight, unless `fetch` ignores its signal.
 */
export async function send(
  { url, authorization, userAgent, timeoutMs }: TokenRequest,
  fetch: Fetch | undefined,
  signal?: AbortSignal,
): Promise<AttemptEnd> {
  let controller: AbortController | undefined;
  let body: Body | undefined;
  let isWhole = false;
  let failure: AttemptFailure = "it could not be asked";
  try {
    return await withTimeout(timeoutMs, signal, async (): Promise<AttemptEnd> => {
      failure = "fetch failed";
      controller = new AbortController();
      const headers: Record<string, string> = { Accept: "application/json", Authorization: authorization };
      // Browsers set their own User-Agent. In a browser this header would only make the preflight fail.
      if (isolated || !isBrowser()) headers["User-Agent"] = userAgent;
      // Not redirect: "error", because Workers throw on it.
      const init: RequestInit = Object.create(null);
      Object.assign(init, { method: "GET", headers, redirect: "manual", signal: controller.signal });
      if (knowsCache()) init.cache = "no-store";
      const sentAt = Date.now();
      const response: Response = await Reflect.apply(fetch ?? globalThis.fetch, undefined, [url, init]);

      failure = "fetch gave no Response";
      const { status } = response;
      const redirected = response.redirected === true;
      if (typeof status !== "number" || !(status >= 0 && status < 1000)) throw undefined;
      const [contentType, retryAfter, date, ...others] = headersOf(
        response,
        ...["content-type", "retry-after", "date", "x-iinfo", "x-cdn", "set-cookie"],
      );
      // The time is up, or the caller has aborted, and this fetch has ignored the signal. The result is not used.
      if (controller.signal.aborted) {
        await response.body?.cancel?.();
        throw undefined;
      }
      body = bodyOf(response);
      failure = "its body broke off";
      const text = await body.read(MAX_TEXT_LENGTH + 1);
      isWhole = body.isWhole;
      const receivedAt = Date.now();
      const retryAfterMs = waitAskedFor(retryAfter, date, receivedAt);
      const json = isWhole ? parseObject(text) : undefined;
      const fromImperva = others[0] !== "" || /imperva|incap/i.test(others.join());
      const kind = json ? "JSON" : kindOfBody(text, contentType, isWhole);
      const answer = { status, redirected, retryAfterMs, fromImperva, kind, text, json, sentAt, receivedAt };
      return { failure: undefined, cause: undefined, response: answer };
    });
  } catch (cause) {
    if (cause === ABORTED) throw cause;
    const isLate = cause === TIMEOUT;
    return { failure: isLate ? "timeout" : failure, cause: isLate ? undefined : cause, response: undefined };
  } finally {
    if (!isWhole) {
      controller?.abort();
      ignoreErrors(() => body?.cancel());
    }
  }
}

/**
 * Whether fetch accepts the option `cache`. Workers with a compatibility date before 2024-11-11 throw an error for it.
 *
 * Only Workers look at `Request`. In Node this would load Node's fetch, which takes 50 ms, even if the caller uses
 * another fetch.
 */
function knowsCache(): boolean {
  return !("WebSocketPair" in globalThis) || "cache" in Request.prototype;
}

function headersOf({ headers }: Response, ...names: string[]): string[] {
  return names.map((name) => {
    const value: unknown = headers?.get?.(name);
    return typeof value === "string" && value.length <= MAX_TEXT_LENGTH ? value : "";
  });
}

/** A response's body as text. A caller says how much of it is read. */
export interface Body {
  /** Whether the last read reached the end of the body. */
  isWhole: boolean;
  /** Reads at most `room` bytes as text, or as many characters if the response has only `text`. Sets `isWhole`. */
  read(room: number): Promise<string>;
  cancel(): Promise<void> | undefined;
}

/** Gives a response's body. Throws if the value is not a response. */
export function bodyOf(response: Response): Body {
  const decoder = new TextDecoder();
  const decode = (bytes: Uint8Array) => decoder.decode(bytes, { stream: true });
  const chunks = typeof response.body?.getReader === "function" ? response.body.getReader() : undefined;
  // A response without a stream has no body, or comes from an older library or from a test.
  const whole: Promise<ArrayBuffer | string> | undefined =
    chunks === undefined ? (response.arrayBuffer ? response.arrayBuffer() : response.text()) : undefined;
  return {
    isWhole: false,
    async read(room) {
      if (chunks === undefined) {
        const value = (await whole) as ArrayBuffer | string;
        const length = (value as ArrayBuffer).byteLength ?? (value as string).length;
        this.isWhole = length < room;
        return typeof value === "string" ? value.slice(0, room) : decode(new Uint8Array(value).subarray(0, room));
      }
      let text = "";
      for (let left = room; left > 0; ) {
        const { done, value } = await chunks.read();
        if (done) {
          this.isWhole = true;
          break;
        }
        const bytes = value.subarray(0, left);
        text += decode(bytes);
        // An empty chunk counts as a byte, so that a stream of empty chunks ends too.
        left -= bytes.length || 1;
      }
      return text;
    },
    cancel: () => chunks?.cancel(),
  };
}

/**
 * Gives the wait in milliseconds that Retry-After asks for. The header has seconds, or a date by the server's clock
 * (RFC 9110). Gives undefined if it has neither.
 */
function waitAskedFor(retryAfter = "", date = "", received: number): number | undefined {
  if (/^\s*\d{1,9}\s*$/.test(retryAfter)) return Number(retryAfter) * 1000;
  const instant = (text: string) => (text.endsWith("GMT") ? Date.parse(text) : Number.NaN);
  const wait = instant(retryAfter) - (instant(date) || received);
  return Number.isNaN(wait) ? undefined : Math.max(wait, 0);
}

/** Describes a body that is not a JSON object. */
function kindOfBody(text: string, contentType = "", isWhole: boolean): BodyKind {
  if (isWhole && /^\s*$/.test(text)) return "an empty body";
  if (/html/i.test(contentType) || /^\s*</.test(text)) return "an HTML page";
  if (!isWhole) return "a body over 64 KiB";
  return /^\s*\{/.test(text) ? "JSON that breaks off or is not well-formed" : "a body that is no JSON object";
}
