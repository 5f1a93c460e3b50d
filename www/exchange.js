// One exchange, as it can be shown: the request that was sent and the response that came.
// The server of the page uses this file too, so it uses nothing of a browser.

export const MASK = "••••••••";

/** Gives a fetch that remembers its last exchange. `last()` gives `{ request, response? }`, as far as they came. */
export function witness(fetch) {
  let request;
  let response;
  return {
    async fetch(url, init = {}) {
      const { pathname, search, host } = new URL(url);
      const { method = "GET", headers = {}, body } = init;
      request = { method, host, path: pathname + search, headers: Object.entries(headers), body };
      response = undefined;
      const came = await fetch(url, init);
      response = { status: came.status, headers: [...came.headers], body: "", isWhole: came.body === null };
      return came.body ? overheard(came, response) : came;
    },
    last: () => ({ request, response }),
  };
}

/** Gives the same response, and notes what is read of its body until it breaks off. A clone would lose that part. */
function overheard(response, notes) {
  const decoder = new TextDecoder();
  const chunks = response.body.getReader();
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

/** The request without its secret or token. */
export function masked(request) {
  const hide = ([name, value]) => [name, isSecret(name) ? value.replace(/ .*/s, ` ${MASK}`) : value];
  return { ...request, headers: request.headers.map(hide) };
}

/** Whether a header carries a secret or a token. */
export function isSecret(name) {
  return name.toLowerCase() === "authorization";
}
