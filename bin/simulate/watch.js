// Looks on while a Simulator answers.
import { AsyncLocalStorage } from "node:async_hooks";

/**
 * Takes a function that makes a Simulator with the `onRequest` given, and gives it, and a `fetch` for `serve` that lets
 * it answer.
 *
 * Of each request `{ entry, authorization }` is told to `answered` once its answer is known: the simulator's record, and
 * the header in full. Once the answer is through, `ended` is told the same and its `body`, as far as it came, and whether
 * it `isWhole`.
 *
 * @param {(onRequest: (entry: any) => void) => any} make
 */
export function watch(make, { answered, ended }) {
  const current = new AsyncLocalStorage();
  const simulator = make((entry) => {
    const seen = current.getStore();
    seen.entry = entry;
    answered(seen);
  });

  async function fetch(request) {
    const seen = { authorization: request.headers.get("authorization") ?? "", body: "", isWhole: false };
    try {
      const { status, headers, body } = await current.run(seen, () => simulator.fetch(request));
      return { status, headers, body: overheard(body ?? [], seen) };
    } catch (error) {
      // Whoever waited has hung up.
      if (seen.entry) ended(seen);
      throw error;
    }
  }

  async function* overheard(body, seen) {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of body) {
        seen.body += decoder.decode(chunk, { stream: true });
        yield chunk;
      }
      seen.isWhole = true;
    } finally {
      ended(seen);
    }
  }

  return { simulator, fetch };
}
