// What of fetch's arguments the simulator looks at, and the Response that it gives back.

/** Reads fetch's arguments: the URL, the parts of the request, its signal. The Request may be of any library. */
export async function read(input, init) {
  // Not by their classes, which are others in another realm.
  const isRequest = typeof input?.url === "string";
  const from = isRequest ? input : {};
  const url = new URL(isRequest ? input.url : input);
  const method = (init?.method ?? from.method ?? "GET").toUpperCase();
  const headers = new Headers(init?.headers ?? from.headers);
  const signal = init?.signal ?? from.signal ?? undefined;
  const given = init?.body ?? (from.body ? from : undefined) ?? undefined;
  if (given !== undefined && ["GET", "HEAD"].includes(method)) throw new TypeError(`a ${method} request has no body`);
  const body = given === undefined ? "" : await orAborted(textOf(given), signal);
  return { url, method, headers, body, signal };
}

async function textOf(given) {
  if (typeof given === "string") return given;
  return typeof given.text === "function" ? given.text() : new Response(given).text();
}

/** What a promise gives; it rejects with the signal's reason as soon as that aborts. */
export async function orAborted(promise, signal) {
  let abort;
  const aborted = new Promise((_, reject) => {
    abort = () => reject(signal.reason);
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

/** The headers without credentials: of a known scheme its name, and of anything else nothing, since it may be a key. */
export function masked(headers) {
  const shown = ([name, value]) => [
    name,
    SECRET_HEADER.test(name) ? value.replace(/^((?:basic|bearer) )?.*$/is, "$1[redacted]") : value,
  ];
  return Object.fromEntries([...headers].map(shown));
}

/** The Response, whose body breaks off where it is cut. */
export function responseOf({ status, headers, body, ending }, date) {
  const init = { status, headers: [...headers, ["date", new Date(date).toUTCString()]] };
  if (ending !== "cut") return new Response(body === "" ? null : body, init);
  const bytes = new TextEncoder().encode(body);
  let isSent = false;
  const stream = new ReadableStream({
    pull(controller) {
      if (isSent || bytes.length === 0) return controller.error(new TypeError("the simulator cut the connection"));
      isSent = true;
      controller.enqueue(bytes);
    },
  });
  return new Response(stream, init);
}
