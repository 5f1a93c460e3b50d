// A TokenManager of the packed package with a Simulator, for the tests of the class.
import assert from "node:assert/strict";
import { installed } from "./installed.mjs";

/** Imports the package for a test file. Gives its exports, and functions that make managers and stores. */
export async function withManagers(name) {
  const daraja = await installed(name);
  const { Simulator, TokenManager, memoryStore } = daraja;

  /** A simulator and a manager of its first app, on the simulator's clock. */
  function managed(options = {}, { simulator = new Simulator() } = {}) {
    const [{ consumerKey, consumerSecret }] = simulator.apps;
    const credentials = { consumerKey, consumerSecret };
    const events = [];
    const tokens = new TokenManager({
      ...(options.credentials ? {} : credentials),
      fetch: simulator.fetch,
      now: () => simulator.now(),
      onEvent: (event) => events.push(event),
      ...options,
    });
    const outcomes = (outcome) => simulator.requests.filter((request) => request.outcome === outcome).length;
    return { simulator, tokens, events, credentials, outcomes, generated: () => outcomes("token") };
  }

  /** A memory store whose operations a test may change, and the records that were written. */
  function spiedStore(changed = {}) {
    const inner = memoryStore();
    const written = [];
    return {
      written,
      inner,
      load: (...args) => (changed.load ?? inner.load)(...args),
      async compareAndSwap(key, expected, next, options) {
        const answer = await (changed.compareAndSwap ?? inner.compareAndSwap)(key, expected, next, options);
        if (answer?.swapped === true) written.push({ key, next, options, value: JSON.parse(next.value) });
        return answer;
      },
    };
  }

  return { ...daraja, managed, spiedStore };
}

/** A policy with short limits and pauses, so that tests of failures end soon. */
export const BRIEF = { storeTimeoutMs: 20, storePatienceMs: 5, firstPauseMs: 1, longestPauseMs: 2, drainMs: 0 };

/** Gives a function that fails if an unhandled error has occurred since its last call. */
export function strays() {
  const seen = [];
  for (const event of ["unhandledRejection", "uncaughtException"]) {
    process.on(event, (error) => seen.push(`${event}: ${error?.stack ?? error}`));
  }
  return async () => {
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
    assert.deepEqual(seen.splice(0), []);
  };
}

/** A promise and the function that settles it. */
export function gate() {
  let open;
  const opened = new Promise((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** The key of the record that a manager with that store writes. */
export async function keyOf(store, tokens) {
  let key;
  const { load } = store;
  store.load = (asked) => {
    key = asked;
    return load(asked);
  };
  await tokens.getToken();
  store.load = load;
  return key;
}
