// One process of a fleet, with a TokenManager of the packed package. It gets orders over the IPC channel, and answers
// an order when it has carried it out.
import { setTimeout as pause } from "node:timers/promises";
import { generateToken, TokenManager } from "daraja-auth";
import { openStore } from "./open-store.mjs";

const PATH = "/mpesa/b2b/v1/remittax";

let opened;
let tokens;
let counts;
/** The loops of a running load. */
let loops = [];
let isLoaded = false;
const underWay = new Set();

const orders = {
  /** Opens a store and makes a new manager on it. */
  async begin({ way, name, ...options }) {
    counts = { calls: 0, operations: 0, accepted: 0, failures: {}, events: {}, longestMs: 0 };
    opened = await openStore(way);
    const { store } = opened;
    const counted =
      (name) =>
      (...args) => {
        counts.operations += 1;
        return store[name](...args);
      };
    tokens = new TokenManager({
      ...options,
      store: { ...store, load: counted("load"), compareAndSwap: counted("compareAndSwap") },
      // The header tells the simulator which process asks.
      fetch: (url, init) => {
        const headers = new Headers(init.headers);
        headers.set("X-Process", name);
        return fetch(url, { ...init, headers });
      },
      onEvent: ({ type }) => add(counts.events, type),
    });
  },

  /** Waits until the store answers. */
  async reach() {
    for (;;) {
      try {
        await opened.store.load("reach");
        return;
      } catch {
        await pause(20);
      }
    }
  },

  /** Starts `callers` callers at once. Each caller makes `calls` calls, one after the other. */
  async herd({ callers, calls }) {
    const caller = async () => {
      for (let i = 0; i < calls; i++) await call();
    };
    await Promise.all(Array.from({ length: callers }, caller));
  },

  /** Makes that many calls of getToken at once. Gives how long the last call waited. */
  token: ({ callers }) => timed(() => Promise.all(Array.from({ length: callers }, () => tokens.getToken()))),

  /** Asks for one token, without a manager. Gives how long it took. */
  generate: (options) => timed(() => generateToken(options)),

  /** Starts that many callers, each of which pauses between its calls, until the load is ended. */
  load({ callers, pauseMs }) {
    isLoaded = true;
    const caller = async () => {
      // The callers start at different moments.
      await pause(Math.random() * pauseMs);
      while (isLoaded) {
        await call();
        await pause(pauseMs);
      }
    };
    loops = Array.from({ length: callers }, caller);
  },

  counts: () => counts,

  /** Waits until the calls that run now have ended. */
  async settle() {
    await Promise.all(underWay);
  },

  /** Ends the load, and gives the counts. */
  async stop() {
    isLoaded = false;
    await Promise.all(loops.splice(0));
    return counts;
  },

  async end() {
    tokens.close();
    await opened.close();
  },
};

/** A business call. It ends after the second attempt of tokens.fetch, if there is one. */
function call() {
  const ended = pay().then(() => {
    underWay.delete(ended);
  });
  underWay.add(ended);
  return ended;
}

async function pay() {
  counts.calls += 1;
  const body = JSON.stringify({ call: `${process.pid}-${counts.calls}` });
  const began = performance.now();
  try {
    const response = await tokens.fetch(PATH, { method: "POST", body });
    await response.text();
    if (response.ok) counts.accepted += 1;
    else add(counts.failures, `HTTP ${response.status}`);
  } catch (error) {
    add(counts.failures, error.code ?? error.cause?.code ?? error.name);
  }
  counts.longestMs = Math.max(counts.longestMs, performance.now() - began);
}

async function timed(run) {
  const began = performance.now();
  await run();
  return performance.now() - began;
}

function add(tally, name) {
  tally[name] = (tally[name] ?? 0) + 1;
}

process.on("message", async ({ id, order, about }) => {
  try {
    process.send({ id, value: await orders[order](about) });
  } catch (error) {
    process.send({ id, error: error.stack });
  }
});
// Node loads fetch at its first use, and the package starts its module at the first call. Both happen here, so that no
// scenario counts that time as waiting.
await fetch("data:,");
const answer = async () => Response.json({ access_token: "t".repeat(28), expires_in: "3599" });
await new TokenManager({ consumerKey: "warm", consumerSecret: "up", fetch: answer }).getToken();

// The channel closes when the process that gives the orders has ended.
process.once("disconnect", () => process.exit());
process.send({ ready: true });
