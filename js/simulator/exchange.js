// What of fetch's arguments the simulator looks at, and the Response that it gives back.

/** Reads fetch's arguments: the URL, the parts of the request, its signal. The Request may be of any library. */
export async function read(input, init) {
  const isRequest = typeof input === "object" && !(input instanceof URL);
  const from = isRequest ? input : {};
  const url = new URL(isRequest ? input.url : input);
  const headers = new Headers(init?.headers ?? from.headers);
  const given = init?.body ?? (from.body ? from : undefined);
  return {
    url,
    method: (init?.method ?? from.method ?? "GET").toUpperCase(),
    headers,
    body: given === undefined || given === null ? "" : await textOf(given),
    signal: init?.signal ?? from.signal ?? undefined,
  };
}

function textOf(given) {
  if (typeof given === "string") return given;
  return typeof given.text === "function" ? given.text() : new Response(given).text();
}

/** Of the header Authorization only the scheme. */
export function masked(headers) {
  const shown = Object.fromEntries(headers);
  if ("authorization" in shown) shown.authorization = shown.authorization.replace(/^(\S+ )?.*$/s, "$1[redacted]");
  return shown;
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
