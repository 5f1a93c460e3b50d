// Observes the requests and answers of a Simulator.
import { AsyncLocalStorage } from "node:async_hooks";
import { isLoopback } from "../listen.js";

/** About how many characters of an answer are kept. The record shows fewer. */
const MAX_BODY_LENGTH = 65_536;

/** @typedef {import("../../pkg/simulator.js").SimulatedRequest} Entry */
/** @typedef {{ authorization: string, isForeign: boolean, body: string, isWhole: boolean }} Begun */
/** @typedef {Begun & { entry: Entry }} Seen */

/**
 * Makes a Simulator by `make`, which gets its `onRequest`. Returns the Simulator, and its `fetch` for `listen`.
 *
 * `answered` is called as soon as the answer to a request is known. It gets the simulator's record of the request
 * (`entry`), the whole header `authorization`, and `isForeign`, which tells whether a page of another site sent the
 * request. `ended` is called after the answer was sent. It also gets the `body` that was sent, and `isWhole`, which is
 * false if the answer broke off.
 *
 * @param {(onRequest: (entry: Entry) => void) => import("../../pkg/simulator.js").Simulator} make
 * @param {{ answered: (seen: Seen) => void, ended: (seen: Seen) => void }} listeners
 */
export function observe(make, { answered, ended }) {
  /** @type {AsyncLocalStorage<Begun>} */
  const current = new AsyncLocalStorage();
  const simulator = make((entry) => {
    const begun = current.getStore();
    if (begun) answered(Object.assign(begun, { entry }));
  });

  /** @param {Request} request */
  async function fetch(request) {
    const { headers: sent } = request;
    /** @type {Begun} */
    const seen = {
      authorization: sent.get("authorization") ?? "",
      isForeign: isForeign(request),
      body: "",
      isWhole: false,
    };
    try {
      const { status, headers, body } = await current.run(seen, () => simulator.fetch(request));
      return { status, headers, body: observed(body ?? [], seen) };
    } catch (error) {
      // The client has hung up.
      if (isSeen(seen)) ended(seen);
      throw error;
    }
  }

  /**
   * @param {AsyncIterable<Uint8Array> | Iterable<Uint8Array>} body
   * @param {Begun} seen
   */
  async function* observed(body, seen) {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of body) {
        if (seen.body.length < MAX_BODY_LENGTH) seen.body += decoder.decode(chunk, { stream: true });
        yield chunk;
      }
      seen.isWhole = true;
    } finally {
      if (isSeen(seen)) ended(seen);
    }
  }

  return { simulator, fetch };
}

/** @type {(begun: Begun) => begun is Seen} */
const isSeen = (begun) => "entry" in begun;

/**
 * Whether a page of another site sent a request. Browsers show this by two headers, which no page can change.
 *
 * @param {Request} request
 */
function isForeign({ url, headers }) {
  const origin = headers.get("origin");
  if (["cross-site", "same-site"].includes(headers.get("sec-fetch-site") ?? "")) return true;
  if (origin === null) return false;
  // If the name of another site points to this machine (DNS rebinding), its page has that name as the host here.
  const { origin: own, hostname } = new URL(url);
  return origin !== own || !isLoopback(hostname);
}
