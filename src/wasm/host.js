// The JavaScript half of the boundary: what can only be done with a runtime's own objects.
//
// Everything that a caller hands over is touched here and nowhere else: options, fetch, its Response, the signal. All of
// it may lie or throw. What to make of it is decided in Rust.

/** The error class of the package; src/wasm/error.rs documents its fields. */
export class DarajaError extends Error {
  static name = "DarajaError";

  constructor(message, { cause, ...fields }) {
    super(message, cause === undefined ? undefined : { cause });
    Object.assign(this, fields);
  }

  get name() {
    return "DarajaError";
  }
}

/** A longer string is no credential and no address; copying it could fill the module's memory. */
const MAX_TEXT_LENGTH = 65_536;

function kindOf(value) {
  if (value === null) return "null";
  switch (typeof value) {
    case "undefined":
      return "undefined";
    case "string":
      if (value.length > MAX_TEXT_LENGTH) return "a string of over 65536 characters";
      return value.isWellFormed?.() === false ? "a string with half a surrogate pair" : "a string";
    case "object":
      return isSignal(value) ? "an AbortSignal" : "an object";
    default:
      return `a ${typeof value}`;
  }
}

/** By what it does, not by its class: other realms and polyfills have classes of their own. */
function isSignal(value) {
  return (
    typeof value.aborted === "boolean" &&
    typeof value.addEventListener === "function" &&
    typeof value.removeEventListener === "function"
  );
}

/** What stands under a name, read once: in words, and as it is. */
export function find(options, name) {
  try {
    const value = options[name];
    const kind = kindOf(value);
    // With the parser that fetch has, so that nothing can arrive at another host than was judged.
    const isNoUrl = name === "baseUrl" && kind === "a string" && !URL.canParse(value);
    return { kind: isNoUrl ? "a string that is no URL" : kind, value };
  } catch {
    return { kind: "a property that throws when it is read", value: undefined };
  }
}

/** The first of the caller's option names that is not among the known, or its beginning; undefined where all are. */
export function strangerIn(options, known) {
  try {
    const names = known.split(" ");
    const stranger = Reflect.ownKeys(options).find((name) => typeof name === "string" && !names.includes(name));
    return stranger?.slice(0, 200);
  } catch {
    return undefined;
  }
}

/** Why a wait ended without what was waited for. */
export const ABORTED = Symbol("aborted");
export const TIMEOUT = Symbol("timeout");

/** The live module's own function, given by whoever starts it: a call needs nothing else of the module once it runs. */
export const core = { judge: undefined };

/** Sends a request and has the answer judged, until that gives a token or throws an error. */
export async function drive(fetch, signal, url, authorization, userAgent, timeoutMs, maxBytes, secret, retries) {
  // The module's as it is now: one that a trap ends must not send again for a call that it rejected.
  const { judge } = core;
  try {
    for (let attempts = 1; ; attempts++) {
      const answer = await send(fetch, signal, url, authorization, userAgent, timeoutMs, maxBytes);
      const step = judge(authorization, secret, timeoutMs, retries, attempts, ...answer);
      // A number is the pause before another attempt, in milliseconds.
      if (typeof step !== "number") return step;
      await until(step, signal, () => new Promise(() => {})).catch(unlessAborted);
    }
  } catch (error) {
    throw error === ABORTED ? reasonOf(signal) : error;
  }
}

/** As with fetch, an abort rejects with the signal's reason; older polyfills have none. */
export function reasonOf(signal) {
  const { value } = find(signal, "reason");
  return value === undefined ? AbortSignal.abort().reason : value;
}

/** A signal that fails in a pause only cuts it short: the next attempt says what is wrong. */
function unlessAborted(error) {
  if (error === ABORTED) throw error;
}

/**
 * Sends a request once and reads its answer, as far as it is ever wanted. Resolves to what `judge` takes of it.
 *
 * Rejects only when the signal aborts. At its end no timer runs, no listener is left on the signal, and nothing of the
 * request is under way.
 */
export async function send(fetch, signal, url, authorization, userAgent, timeoutMs, maxBytes) {
  let controller;
  let body;
  let isWhole = false;
  let what = "it could not be asked";
  try {
    return await until(timeoutMs, signal, async () => {
      what = "fetch failed";
      controller = new AbortController();
      const headers = { Accept: "application/json", Authorization: authorization };
      // Browsers name themselves; there the header would only cost a preflight its success.
      if (!/^Mozilla\//.test(globalThis.navigator?.userAgent)) headers["User-Agent"] = userAgent;
      // Not "error": Workers throw on it.
      const init = { method: "GET", headers, redirect: "manual", signal: controller.signal };
      // Workers with a compatibility date before 2024-11-11 throw on the option, and have no such property.
      if (globalThis.Request && "cache" in Request.prototype) init.cache = "no-store";
      const sent = Date.now();
      const response = await Reflect.apply(fetch ?? globalThis.fetch, undefined, [url, init]);

      what = "fetch gave no Response";
      const { status } = response;
      const redirected = response.redirected === true;
      if (typeof status !== "number" || !(status >= 0 && status < 1000)) throw undefined;
      const [contentType, retryAfter, date] = headersOf(response, "content-type", "retry-after", "date");
      // Nobody waits any more, and this fetch did not heed its signal.
      if (controller.signal.aborted) return response.body?.cancel?.();
      body = bodyOf(response);
      what = "its body broke off";
      const text = await body.read(maxBytes + 1);
      isWhole = body.isWhole;
      const received = Date.now();
      const wait = waitAskedFor(retryAfter, date, received);
      const json = isWhole ? objectIn(text) : undefined;
      const kind = json ? "JSON" : kindOfBody(text, contentType, isWhole);
      return ["", undefined, status, redirected, wait, kind, text, json, sent, received];
    });
  } catch (cause) {
    if (cause === ABORTED) throw cause;
    const failure = cause === TIMEOUT ? ["timeout", undefined] : [what, cause];
    return [...failure, 0, false, -1, "", "", undefined, 0, 0];
  } finally {
    if (!isWhole) {
      controller?.abort();
      quietly(() => body?.cancel());
    }
  }
}

/** What an operation gives, unless the time is up or the signal aborts first. */
export function until(ms, signal, operation) {
  let timer;
  let abort;
  return new Promise((resolve, reject) => {
    abort = () => reject(ABORTED);
    if (signal?.aborted) return abort();
    signal?.addEventListener("abort", abort);
    timer = setTimeout(() => reject(TIMEOUT), ms);
    operation().then(resolve, reject);
  }).finally(() => {
    clearTimeout(timer);
    quietly(() => signal?.removeEventListener("abort", abort));
  });
}

function headersOf({ headers }, ...names) {
  return names.map((name) => {
    const value = headers?.get?.(name);
    return typeof value === "string" && value.length <= MAX_TEXT_LENGTH ? value : "";
  });
}

/** A response's body, to be read as text up to a number of bytes; throws for what is no response. */
export function bodyOf(response) {
  const decoder = new TextDecoder();
  const decode = (bytes) => decoder.decode(bytes, { stream: true });
  const chunks = typeof response.body?.getReader === "function" ? response.body.getReader() : undefined;
  // Without a stream it is an older library's response, or a test's.
  const whole = chunks ?? (response.arrayBuffer ? response.arrayBuffer() : response.text());
  return {
    isWhole: false,
    async read(room) {
      if (!chunks) {
        const value = await whole;
        const length = value.byteLength ?? value.length;
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
        // An empty chunk counts as a byte, so that a stream of nothing else ends too.
        left -= bytes.length || 1;
      }
      return text;
    },
    cancel: () => chunks?.cancel(),
  };
}

/** The wait in milliseconds that Retry-After asks for, in seconds or as a date by the server's clock (RFC 9110); or -1. */
function waitAskedFor(retryAfter, date, received) {
  if (/^\s*\d{1,9}\s*$/.test(retryAfter)) return retryAfter * 1000;
  const instant = (text) => (text.endsWith("GMT") ? Date.parse(text) : Number.NaN);
  const wait = instant(retryAfter) - (instant(date) || received);
  return Number.isNaN(wait) ? -1 : Math.max(wait, 0);
}

/** What a body that is no object in JSON is, in words. */
function kindOfBody(text, contentType, isWhole) {
  if (isWhole && /^\s*$/.test(text)) return "an empty body";
  if (/html/i.test(contentType) || /^\s*</.test(text)) return "an HTML page";
  if (!isWhole) return "a body over 64 KiB";
  return /^\s*\{/.test(text) ? "JSON that breaks off or is not well-formed" : "a body that is no JSON object";
}

/** The object that the text is in JSON, if it is one. */
export function objectIn(text) {
  try {
    const value = JSON.parse(text);
    return value !== null && typeof value === "object" && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The first value that there is at one of the paths, such as `errorCode fault.detail.errorcode`. */
export function at(json, paths) {
  for (const path of paths.split(" ")) {
    let value = json;
    for (const name of path.split(".")) value = Object.hasOwn(Object(value), name) ? value[name] : undefined;
    if (value !== undefined) return value;
  }
}

/** Whether there is a fetch to be had. */
export function hasFetch() {
  return typeof globalThis.fetch === "function";
}

/** The frozen object that the promise resolves to. */
export function token(accessToken, expiresIn, expiresAt) {
  return Object.freeze({ accessToken, expiresIn, expiresAt });
}

/** The request for a token, as a manager keeps it. */
export function request(url, authorization, consumerKey, consumerSecret, userAgent) {
  return { url, authorization, consumerKey, consumerSecret, userAgent };
}

/** The error that the promise rejects with, without the fields that do not apply. */
export function error(
  message,
  code,
  retryable,
  hint,
  status,
  errorCode,
  requestId,
  incidentId,
  retryAfterMs,
  attempts,
  cause,
  authorization,
  secret,
) {
  const all = { code, retryable, status, errorCode, requestId, incidentId, retryAfterMs, attempts, hint };
  // Rust's way to say that there is none: no status 0, no empty identifier, no negative wait.
  const applies = ([name, value]) => (name === "retryAfterMs" ? value >= 0 : value !== "" && value !== 0);
  const fields = Object.fromEntries(Object.entries(all).filter(applies));
  if (cause !== undefined) fields.cause = shown(cause, [authorization, secret]);
  return new DarajaError(message, fields);
}

/** The cause, or what stands for one that would show a secret, or might. Those that are absent or empty are none. */
export function shown(cause, secrets) {
  const texts = secrets.filter(Boolean).map((secret) => secret.replace(/^Basic /, ""));
  return isPresentable(cause, texts) ? cause : new Error("withheld: it may show a secret");
}

/** Only these keep nothing out of sight that inspecting them would show. */
const TRANSPARENT = ["[object Error]", "[object DOMException]", "[object Object]", "[object Array]"];
/** What a log shows of a value though it is inherited; the last two, as functions, could show anything. */
const INHERITED = ["message", "stack", "name", "toJSON", Symbol.for("nodejs.util.inspect.custom")];
/** More than this cannot be looked through in reasonable time, and is not shown. */
const MAX_VALUES = 1000;

/** Whether all that a log could print of a value is visible here, and free of the secrets. */
function isPresentable(cause, secrets) {
  const waiting = new Set([cause]);
  try {
    for (const value of waiting) {
      if (typeof value === "function") return false;
      if (Object(value) !== value) {
        // Symbols, too, are shown with their text.
        if (secrets.some((secret) => String(value).includes(secret))) return false;
        continue;
      }
      const keys = [...Reflect.ownKeys(value), ...INHERITED];
      const isSmall = waiting.size + keys.length < MAX_VALUES;
      if (!isSmall || !TRANSPARENT.includes(Object.prototype.toString.call(value))) return false;
      for (const key of keys) {
        waiting.add(key);
        // What every error has, as where Next.js patches them all, says nothing of this one.
        if (value[key] !== Error.prototype[key]) waiting.add(value[key]);
      }
    }
    return true;
  } catch {
    return false;
  }
}

/** Does something of the caller's whose outcome matters to nobody, now or as a promise. */
export function quietly(action) {
  try {
    action()?.then?.(undefined, () => {});
  } catch {
    // Theirs threw while being let go of; there is nobody to tell.
  }
}
