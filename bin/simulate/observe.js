// Observes what a Simulator is asked and what it answers.
import { AsyncLocalStorage } from "node:async_hooks";
import { isLoopback } from "../listen.js";

/** How many characters of an answer are kept: more than the record shows. */
const MAX_BODY_LENGTH = 65_536;

/** @typedef {import("../../pkg/simulator.js").SimulatedRequest} Entry */
/** @typedef {{ authorization: string, isForeign: boolean, body: string, isWhole: boolean }} Begun */
/** @typedef {Begun & { entry: Entry }} Seen */

/**
 * Makes a Simulator by `make`, which gets its `onRequest`. Gives the Simulator, and a `fetch` for `listen` that lets it
 * answer.
 *
 * `answered` is called as soon as the answer to a request is known, with the simulator's record of it as `entry`, the
 * header `authorization` in full, and `isForeign` if a page of another site sent it. `ended` is called when the answer has
 * been sent, with the same and with the answer's `body`, as far as it was sent; `isWhole` says whether it was all.
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
 * Whether a page of another site sent a request. Browsers say so by these two headers, which no page can change.
 *
 * @param {Request} request
 */
function isForeign({ url, headers }) {
  const origin = headers.get("origin");
  if (["cross-site", "same-site"].includes(headers.get("sec-fetch-site") ?? "")) return true;
  if (origin === null) return false;
  // A page of a site whose name leads to this machine has the site's name here.
  const { origin: own, hostname } = new URL(url);
  return origin !== own || !isLoopback(hostname);
}
