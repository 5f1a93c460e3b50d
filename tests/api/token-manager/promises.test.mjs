// The package leaves no promise without a handler: an unhandled rejection would end the process. Each call is ended at
// each of its steps.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { strays, withManagers } from "../../support/managers.mjs";

const { managed, memoryStore, generateToken, isTokenRejected } = await withManagers("promises");
const noStrays = strays();
const REMIT = "/mpesa/b2b/v1/remittax";
const TOKENS = "https://sandbox.safaricom.co.ke/oauth/v1/generate?grant_type=client_credentials";
const post = { method: "POST", body: "{}" };
const reason = new Error("the caller's reason");

/**
 * A world that counts its steps, and calls `end` at the step `last`. Steps are: each call of a function that `asked`
 * wraps, each answer of that function, and each event. `isHeeded` says whether its fetch obeys a signal.
 */
function world(last, end, isHeeded) {
  let steps = 0;
  const step = () => {
    steps += 1;
    if (steps === last) end();
  };
  /** Wraps a function of the world, so that its calls and answers are steps. */
  const asked =
    (answer) =>
    async (...args) => {
      step();
      const value = await answer(...args);
      step();
      return value;
    };
  const inner = memoryStore();
  const store = { load: asked(inner.load), compareAndSwap: asked(inner.compareAndSwap), watch: inner.watch };
  const options = { store, seal: asked((text) => text), open: asked((text) => text), onEvent: step };
  return { asked, step, options, isHeeded, count: () => steps };
}

/** A response whose body comes in two pieces. Each piece is a step, and so is the end. */
function stepwise(status, text, step) {
  const pieces = [text.slice(0, 5), text.slice(5)].map((piece) => new TextEncoder().encode(piece));
  const pull = (controller) => {
    step();
    if (pieces.length > 0) controller.enqueue(pieces.shift());
    else controller.close();
  };
  return new Response(new ReadableStream({ pull }), { status });
}

/** A manager whose business requests get these answers, one after the other. */
function managerIn({ asked, step, options, isHeeded }, answers) {
  let business = 0;
  const fetch = asked(async (url, { signal, ...init }) => {
    const passed = { ...init, ...(isHeeded && { signal }) };
    if (String(url).includes("/oauth/")) return made.simulator.fetch(TOKENS, passed);
    if (isHeeded) signal?.throwIfAborted();
    const isRefused = answers[business++ % answers.length] === 404;
    return isRefused ? stepwise(404, '{"errorCode":"404.001.03"}', step) : stepwise(200, '{"paid":true}', step);
  });
  const made = managed({ ...options, fetch });
  const { consumerKey, consumerSecret } = made.credentials;
  return {
    ...made,
    tokens: managed({ ...options, fetch, credentials: asked(() => ({ consumerKey, consumerSecret })) }).tokens,
  };
}

const stream = () => new Blob(["{}"]).stream();
const request = (signal) => new Request(`https://sandbox.safaricom.co.ke${REMIT}`, { ...post, signal });

/** The calls to end. `answers` are the statuses with which the business API answers, again and again. */
const CALLS = {
  getToken: { call: ({ tokens }, signal) => tokens.getToken({ signal }) },
  "getToken with waitUntil": { call: ({ tokens }, signal) => tokens.getToken({ signal, waitUntil: () => {} }) },
  "two calls of getToken": {
    call: ({ tokens }, signal) => Promise.all([tokens.getToken({ signal }), tokens.getToken()]),
  },
  fetch: { call: ({ tokens }, signal) => tokens.fetch(REMIT, { ...post, signal }) },
  "fetch whose token is rejected": {
    answers: [404, 200],
    call: ({ tokens }, signal) => tokens.fetch(REMIT, { ...post, signal }),
  },
  "fetch whose token is always rejected": {
    answers: [404],
    call: ({ tokens }, signal) => tokens.fetch(REMIT, { ...post, signal }),
  },
  "fetch that sends once": {
    answers: [404],
    call: ({ tokens }, signal) => tokens.fetch(REMIT, { ...post, signal, retryOnRejection: false }),
  },
  "fetch of a stream": {
    answers: [404],
    call: ({ tokens }, signal) => tokens.fetch(REMIT, { ...post, body: stream(), duplex: "half", signal }),
  },
  "fetch of a Request": { answers: [404, 200], call: ({ tokens }, signal) => tokens.fetch(request(signal)) },
  report: {
    call: async ({ tokens }) => tokens.report((await tokens.getToken()).accessToken, { endpoint: REMIT }),
  },
  "accepted after report": {
    call: async ({ tokens }) => {
      const { accessToken } = await tokens.report((await tokens.getToken()).accessToken, { endpoint: REMIT });
      tokens.accepted(accessToken, { endpoint: REMIT });
      return tokens.getToken();
    },
  },
  isTokenRejected: {
    call: (_, __, { step }) => isTokenRejected(stepwise(404, '{"errorCode":"404.001.03"}', step)),
  },
  generateToken: {
    call: ({ simulator, credentials }, signal, { asked }) =>
      generateToken({ ...credentials, fetch: asked(simulator.fetch), signal }),
  },
};

for (const [how, ends] of Object.entries({
  "the signal aborts, and fetch obeys the signal": { isHeeded: true, abort: true },
  "the signal aborts, and fetch ignores the signal": { isHeeded: false, abort: true },
  "the manager is closed": { isHeeded: true, close: true },
  "the signal aborts and the manager is closed": { isHeeded: false, abort: true, close: true },
})) {
  describe(`if ${how},`, () => {
    for (const [what, { answers = [200], call }] of Object.entries(CALLS)) {
      test(`a call (${what}) leaves no rejection unhandled, at any step`, async () => {
        for (let last = 1; ; last++) {
          const controller = new AbortController();
          const end = () => {
            if (ends.abort) controller.abort(reason);
            if (ends.close) made.tokens.close();
          };
          const here = world(last, end, ends.isHeeded);
          const made = managerIn(here, answers);
          await call(made, controller.signal, here).catch((error) => {
            assert.ok(error === reason || error.name === "DarajaError", error);
          });
          await noStrays();
          made.tokens.close();
          assert.ok(last < 100, "each call has an end");
          if (here.count() < last) break;
        }
      });
    }
  });
}

test("a hundred calls with one signal have one listener on it, and none after they end", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const counts = [];
  let listeners = 0;
  for (const [method, change] of Object.entries({ addEventListener: 1, removeEventListener: -1 })) {
    const inner = signal[method].bind(signal);
    signal[method] = (...args) => {
      listeners += change;
      counts.push(listeners);
      return inner(...args);
    };
  }
  const { tokens } = managed();
  await Promise.all(Array.from({ length: 100 }, () => tokens.getToken({ signal })));
  assert.deepEqual([Math.max(...counts), listeners], [1, 0]);
});
