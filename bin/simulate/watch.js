// Looks on while a Simulator answers.

/** Marks a request, so that it is found among those that the simulator has recorded since. */
const MARK = "x-daraja-auth-request";

/**
 * A function of the shape of fetch that lets the simulator answer, and tells what happened, once the answer is through:
 * `{ entry, authorization, body, isWhole }`, which are the simulator's record, the header in full, and the answer's body,
 * as far as it came.
 *
 * `settled()` resolves once all that is under way has been told of.
 */
export function watch(simulator, tell) {
  const underWay = new Set();
  let count = 0;

  async function fetch(request) {
    const mark = String(++count);
    const seen = { authorization: request.headers.get("authorization") ?? "", body: "", isWhole: false };
    let settle;
    const settled = new Promise((resolve) => {
      settle = resolve;
    });
    underWay.add(settled);
    const end = () => {
      underWay.delete(settled);
      const entry = simulator.requests.findLast(({ headers }) => headers[MARK] === mark);
      // Without an entry the client hung up before all of its request was there.
      if (entry) {
        const { [MARK]: _, ...headers } = entry.headers;
        tell({ ...seen, entry: { ...entry, headers } });
      }
      settle();
    };

    request.headers.set(MARK, mark);
    try {
      const response = await simulator.fetch(request);
      const { status, headers, body } = response;
      if (body) return new Response(overheard(body, seen, end), { status, headers });
      seen.isWhole = true;
      end();
      return response;
    } catch (error) {
      end();
      throw error;
    }
  }

  return { fetch, settled: () => Promise.all(underWay) };
}

/** The same stream; what passes is noted in `seen`, and `end` called at its end, whichever that is. */
function overheard(stream, seen, end) {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  const source = {
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (!done) {
          seen.body += decoder.decode(value, { stream: true });
          return controller.enqueue(value);
        }
        seen.isWhole = true;
        end();
        controller.close();
      } catch (error) {
        end();
        controller.error(error);
      }
    },
    cancel(reason) {
      end();
      return reader.cancel(reason);
    },
  };
  // Nothing ahead of its reader: an error would take away what waits to be read.
  return new ReadableStream(source, { highWaterMark: 0 });
}
