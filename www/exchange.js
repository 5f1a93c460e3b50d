// One exchange in a form that can be shown: the request that was sent, and the response.
// The server of the page imports this file too, so the file uses nothing of a browser.

export const MASK = "••••••••";

/**
 * Returns a fetch that remembers its last exchange. `last()` returns `{ request, response? }`, as far as these came.
 *
 * @param {Page.Fetch} fetch
 * @returns {{ fetch: Page.Fetch, last: () => Page.Exchange }}
 */
export function witness(fetch) {
  /** @type {Page.Request | undefined} */
  let request;
  /** @type {Page.Response | undefined} */
  let response;
  return {
    async fetch(url, init = {}) {
      const { pathname, search, host } = new URL(url);
      const { method = "GET", headers = {}, body } = init;
      request = { method, host, path: pathname + search, headers: pairsOf(headers), body: textOf(body) };
      response = undefined;
      const came = await fetch(url, init);
      response = { status: came.status, headers: [...came.headers], body: "", isWhole: came.body === null };
      return came.body ? overheard(came, came.body, response) : came;
    },
    last: () => ({ request, response }),
  };
}

/**
 * Returns the same response, and records the part of its body that is read. The text of a clone would not have that
 * part if the body breaks off.
 *
 * @param {Response} response
 * @param {ReadableStream<Uint8Array>} stream
 * @param {Page.Response} notes
 */
function overheard(response, stream, notes) {
  const decoder = new TextDecoder();
  const chunks = stream.getReader();
  const body = new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.read();
      notes.body += decoder.decode(value, { stream: !done });
      notes.isWhole = done;
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => chunks.cancel(reason),
  });
  return new Response(body, response);
}

/**
 * The headers as pairs. The headers of the package are a plain object, so their names keep upper and lower case.
 *
 * @param {HeadersInit} headers
 * @returns {[string, string][]}
 */
function pairsOf(headers) {
  return headers instanceof Headers || Array.isArray(headers) ? [...new Headers(headers)] : Object.entries(headers);
}

/** @param {unknown} body */
function textOf(body) {
  return body === undefined || body === null ? undefined : String(body);
}

/**
 * The request without its secret or token.
 *
 * @param {Page.Request} request
 * @returns {Page.Request}
 */
export function masked(request) {
  /** @type {(header: [string, string]) => [string, string]} */
  const hide = ([name, value]) => [name, isSecret(name) ? value.replace(/ .*/s, ` ${MASK}`) : value];
  return { ...request, headers: request.headers.map(hide) };
}

/**
 * Whether a header carries a secret or a token.
 *
 * @param {string} name
 */
export function isSecret(name) {
  return name.toLowerCase() === "authorization";
}
