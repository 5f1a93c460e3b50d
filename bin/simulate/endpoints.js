// The endpoints for the demo page: the simulator's apps, clock, log and faults, and an exchange with it.
import { AsyncLocalStorage } from "node:async_hooks";
import { KINDS } from "./fault.js";

/** The most entries that the log keeps. A person reads no more. */
const MAX_ENTRIES = 500;
const MAX_SKIP_MS = 86_400_000;

/**
 * The endpoints of one simulator. `fetch` is the simulator's, or one that observes it. Call `note` with each entry of
 * its `onRequest`, so that the log also has the requests of other programs.
 *
 * @param {import("../../pkg/simulator.js").Simulator} simulator
 * @param {(request: Request) => Promise<{ status: number, headers: Headers, body: any }>} fetch
 */
export function endpointsOf(simulator, fetch, { lifetimeSeconds = 3599 } = {}) {
  /** @type {AsyncLocalStorage<{ page: unknown, entry?: any }>} */
  const asked = new AsyncLocalStorage();
  /** @type {{ number: number }[]} */
  const entries = [];
  let count = 0;
  /** @param {object} answer */
  const withTime = (answer) => ({ ...answer, now: simulator.now() });

  return {
    /** @param {import("../../pkg/simulator.js").SimulatedRequest} entry */
    note({ at, method, path, status, outcome, app, token, replaces }) {
      const ofPage = asked.getStore();
      const entry = {
        number: ++count,
        at,
        method,
        path,
        status,
        outcome,
        app,
        token,
        replaces,
        page: ofPage?.page,
      };
      if (ofPage) ofPage.entry = entry;
      entries.push(entry);
      if (entries.length > MAX_ENTRIES) entries.shift();
    },

    endpoints: {
      /** With the number of requests before the page was opened. Its log begins after them. */
      apps: () => withTime({ apps: simulator.apps, kinds: KINDS, lifetimeSeconds, count }),

      /** @param {{ ms: number }} question */
      clock({ ms }) {
        if (!(ms >= 0 && ms <= MAX_SKIP_MS)) return withTime({ error: "ms: expected up to a day" });
        simulator.advance(ms);
        return withTime({});
      },

      /**
       * @param {{ page: string, method: string, path: string, headers: HeadersInit, body?: string }} question
       * @param {string} origin
       */
      async exchange({ page, method, path, headers, body }, origin) {
        /** @type {{ page: unknown, entry?: any }} */
        const seen = { page };
        const request = new Request(new URL(path, origin), { method, headers, body });
        const response = await asked.run(seen, () => fetch(request));
        const { status } = response;
        const answer = { status, headers: [...response.headers], body: await textOf(response.body) };
        return withTime({ response: answer, token: seen.entry?.token });
      },

      /**
       * The entries after the one with the number `after`.
       *
       * @param {{ after?: number }} question
       */
      log: ({ after = 0 }) => withTime({ entries: entries.filter(({ number }) => number > after) }),

      /** @param {{ kind: any, isLasting?: boolean }} question */
      fault({ kind, isLasting }) {
        try {
          simulator.inject(isLasting ? { kind, rate: 1 } : { kind });
        } catch (error) {
          const { message } = /** @type {Error} */ (error);
          return withTime({ error: message });
        }
        return withTime({});
      },

      clear() {
        simulator.clearFaults();
        return withTime({});
      },
    },
  };
}

/** @param {AsyncIterable<Uint8Array> | undefined} body */
async function textOf(body) {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of body ?? []) text += decoder.decode(chunk, { stream: true });
  return text;
}
