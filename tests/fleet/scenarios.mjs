// The scenarios: what happens to a fleet, and what is promised. `sentence` says the promise in words, for the test's
// name. Promises are counts, never times.
import { TOKEN_PATH } from "./counting-daraja.mjs";
import { PAST_THE_LEASE_MS } from "./fleet.mjs";

/**
 * A promise may have `failures` by their code, `generates`, `lost` (tokens that were granted and never got into the
 * record), `rejections` (calls whose first token was rejected) and `contention` (events of that type). Instead of a
 * number, a pair has the least and the most.
 */
const ALWAYS = { failures: {}, lost: 0, rejections: 0 };

/**
 * A caller that has waited 3 seconds for a renewal gets the old token, which the renewal then ends. On a busy machine,
 * or with a slow store, that would count as a rejection. With this policy callers wait 9 seconds, which is enough for
 * the renewal.
 */
const PATIENT = { renewalWaitMs: 9_000 };

export const scenarios = [
  {
    name: "a herd on a cold record, 10 calls each",
    sentence: "a herd on a cold record costs one request for a token",
    run: (fleet) => fleet.herd(10),
    promise: { ...ALWAYS, generates: 1 },
  },
  {
    name: "steady load over three renewals",
    sentence: "each renewal under load is one request, and no call meets a dead token",
    lifetimeSeconds: 10,
    policy: PATIENT,
    async run(fleet) {
      await fleet.load();
      await fleet.used(4);
    },
    // `lost: 0` means that each renewal was one request, and `rejections: 0` that no call met a dead token.
    promise: { ...ALWAYS, generates: [4, Number.POSITIVE_INFINITY] },
  },
  {
    name: "kill -9 of the holder after its first token",
    sentence: "if an instance is killed while it asks for a token, that token is lost, another asks, and no call fails",
    async run(fleet) {
      fleet.daraja.simulator.inject({ kind: "latency", ms: 600_000, path: TOKEN_PATH });
      const asked = fleet.holder();
      const herd = fleet.herd();
      const other = await fleet.kill(await asked);
      await Promise.all([herd, fleet.herd(1, [other])]);
    },
    promise: { ...ALWAYS, generates: 2, lost: 1 },
  },
  {
    name: "kill -9 of the holder at a renewal",
    sentence: "if an instance is killed during a renewal, no call fails, and each caller retries at most once",
    lifetimeSeconds: 10,
    async run(fleet) {
      await fleet.load();
      await fleet.used(1);
      // The old token is dead as soon as Daraja grants the new one, and the new one is lost with the killed process.
      fleet.daraja.simulator.inject({ kind: "latency", ms: 600_000, path: TOKEN_PATH });
      const other = await fleet.kill(await fleet.holder());
      await fleet.load([other]);
      await fleet.used(3);
    },
    promise: ({ callers }) => ({
      ...ALWAYS,
      generates: [3, Number.POSITIVE_INFINITY],
      lost: 1,
      rejections: [0, callers],
    }),
  },
  {
    name: "SIGSTOP of the holder past its lease, SIGCONT",
    sentence: "an instance that was frozen past its lease loses its token, and uses the fleet's",
    least: 2,
    async run(fleet) {
      fleet.daraja.simulator.inject({ kind: "latency", ms: 500, path: TOKEN_PATH });
      const asked = fleet.holder();
      const herd = fleet.herd();
      const holder = await asked;
      holder.freeze();
      await fleet.used(
        2,
        fleet.members.filter((member) => member !== holder),
      );
      holder.thaw();
      await herd;
    },
    promise: { ...ALWAYS, generates: 2, lost: 1 },
  },
  {
    name: "the store is killed and restarted",
    sentence: "if the store is restarted, no call fails, and the next renewal is one request",
    needs: "restart",
    lifetimeSeconds: 10,
    policy: PATIENT,
    async run(fleet) {
      await fleet.load();
      await fleet.used(1);
      await fleet.engine.restart();
      await fleet.used(2);
    },
    promise: { ...ALWAYS, generates: [2, Number.POSITIVE_INFINITY] },
  },
  {
    name: "the store is cut off while a token lives",
    sentence: "if the store is cut off while the token is live, no call fails",
    needs: "network",
    lifetimeSeconds: 10,
    policy: PATIENT,
    async run(fleet) {
      await fleet.load();
      await fleet.used(1);
      fleet.engine.network.cut();
      await fleet.storeErrors();
      await fleet.engine.network.restore();
      await fleet.used(2);
    },
    promise: { ...ALWAYS, generates: [2, Number.POSITIVE_INFINITY] },
  },
  withoutStore({
    name: "the store is cut off, and there is no token",
    sentence:
      "without store and token, each call fails with STORE_UNAVAILABLE, and the fleet then recovers with one token",
    breaks: (network) => network.cut(),
  }),
  withoutStore({
    name: "the store is silent, and there is no token",
    sentence:
      "if no store answers and there is no token, each call fails with STORE_UNAVAILABLE, and the fleet recovers",
    breaks: (network) => network.silence(),
  }),
  {
    name: "each answer of the store takes 300 ms",
    sentence: "with a slow store no call fails, and no token is lost",
    needs: "network",
    lifetimeSeconds: 10,
    policy: PATIENT,
    async run(fleet) {
      fleet.engine.network.slow(300);
      await fleet.load();
      await fleet.used(3);
    },
    // If a renewal takes longer than the token lives, calls meet a dead token.
    promise: ({ callers }) => ({
      ...ALWAYS,
      generates: [3, Number.POSITIVE_INFINITY],
      rejections: [0, 2 * callers],
    }),
  },
  {
    name: "the store loses the record",
    sentence: "a record that the store lost is put back by an instance that knows the live token",
    async run(fleet) {
      await fleet.load();
      await fleet.used(1);
      await fleet.engine.flush();
      await fleet.refilled();
    },
    promise: { ...ALWAYS, generates: 1 },
  },
  {
    name: "another program generates a token, three times",
    sentence: "a token that another program ended is replaced once for the whole fleet, and no call fails",
    async run(fleet) {
      await fleet.load();
      await fleet.used(1);
      for (let times = 0; times < 3; times++) {
        await fleet.settled();
        await fleet.daraja.generateElsewhere();
        await fleet.used(fleet.daraja.latest + 1);
      }
    },
    // Each caller meets each dead token at most once.
    promise: ({ callers }) => ({ ...ALWAYS, generates: 4, rejections: [3, 3 * callers] }),
  },
  {
    name: "two halves with one key and two stores",
    sentence: "programs with one key and two stores end each other's tokens, and an event says so",
    least: 2,
    async run(fleet) {
      await fleet.part();
      await fleet.load();
      await fleet.contention();
    },
    // Calls fail in this scenario. The promise is that the event `contention` reports it.
    promise: { contention: [1, Number.POSITIVE_INFINITY] },
  },
  {
    name: "one answer takes longer than the lease",
    sentence: "if an answer takes longer than the lease, a token is lost, and no call fails",
    async run(fleet) {
      fleet.daraja.simulator.inject({ kind: "latency", ms: PAST_THE_LEASE_MS, path: TOKEN_PATH });
      await fleet.herd();
    },
    promise: { ...ALWAYS, generates: 2, lost: 1 },
  },
  {
    name: "a request for a token arrives after its time limit",
    sentence: "if a late request for a token ends a newer token, no call fails, and each caller retries at most once",
    async run(fleet) {
      fleet.daraja.delayRequest(PAST_THE_LEASE_MS);
      await fleet.load();
      await fleet.used(3);
    },
    promise: ({ callers }) => ({ ...ALWAYS, generates: 3, lost: 1, rejections: [1, callers] }),
  },
  {
    name: "all answers take longer than the lease, then none do",
    sentence: "if no answer comes in time, each call fails by its deadline, and the fleet recovers",
    async run(fleet) {
      fleet.daraja.simulator.inject({ kind: "latency", ms: PAST_THE_LEASE_MS, path: TOKEN_PATH, rate: 1 });
      await fleet.herd();
      fleet.daraja.simulator.clearFaults();
      // The next herd waits until there is no lease, because a caller that joins a running attempt gets its outcome.
      await fleet.record();
      await fleet.herd();
    },
    promise: ({ callers }) => ({
      failures: { ERR_DARAJA_TIMEOUT: callers },
      // Each holder makes two attempts.
      lost: [2, Number.POSITIVE_INFINITY],
      rejections: 0,
    }),
  },
];

/** The first scenario without a shared store: each process has a token of its own. Nothing is promised. */
export const baseline = { ...scenarios[0], name: "the same herd, a token for each process", promise: {} };

function withoutStore({ breaks, ...scenario }) {
  return {
    ...scenario,
    needs: "network",
    async run(fleet) {
      breaks(fleet.engine.network);
      // The policy's deadline is so long that no call reaches it. Such a call would fail with another code.
      await fleet.herd();
      await fleet.engine.network.restore();
      await fleet.reach();
      await fleet.herd();
    },
    promise: ({ callers }) => ({ ...ALWAYS, failures: { ERR_DARAJA_STORE_UNAVAILABLE: callers }, generates: 1 }),
  };
}
