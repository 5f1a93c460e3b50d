// The scenarios of the table: what happens to a fleet in each, and what it promises, which `sentence` puts into a sentence.
// Promises are counts, never times.
import { TOKEN_PATH } from "./counting-daraja.mjs";
import { PAST_THE_LEASE_MS } from "./fleet.mjs";

/**
 * A promise says how often: `failures` by their code, `generates`, `lost` (tokens that were granted and never got into the
 * record), `rejections` (calls whose first token was refused); as a number, or as the least and the most of them.
 */
const ALWAYS = { failures: {}, lost: 0, rejections: 0 };

/**
 * Who has waited for a renewal for 3 seconds gets the old token, which the renewal then kills: on a machine that is too
 * busy for its processes, or with a slow store, that would be a rejection. Here callers wait until it is done.
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
    // No token but those that were published: each renewal was one request, and nobody was caught out by it.
    promise: { ...ALWAYS, generates: [4, Number.POSITIVE_INFINITY] },
  },
  {
    name: "kill -9 of the holder, its first token granted",
    sentence: "a holder that is killed in the middle of its request costs one lease and one token, and no call",
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
    sentence: "a token that killed the old one and died with its holder costs each caller one retry",
    lifetimeSeconds: 10,
    async run(fleet) {
      await fleet.load();
      await fleet.used(1);
      // The old token is dead as soon as the new one is granted, which nobody ever hears of.
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
    sentence: "a holder that was frozen past its lease loses its token, and takes over the fleet's",
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
    sentence: "a store that is restarted costs no call, and the next renewal is one request",
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
    sentence: "a store that is cut off costs no call while the token lives",
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
    sentence: "without a store and a token each call says so, nothing is generated, and the fleet recovers",
    breaks: (network) => network.cut(),
  }),
  withoutStore({
    name: "the store is silent, and there is no token",
    sentence: "with a store that never answers and no token each call says so, and the fleet recovers",
    breaks: (network) => network.silence(),
  }),
  {
    name: "each answer of the store takes 300 ms",
    sentence: "a slow store costs time and nothing else",
    needs: "network",
    lifetimeSeconds: 10,
    policy: PATIENT,
    async run(fleet) {
      fleet.engine.network.slow(300);
      await fleet.load();
      await fleet.used(3);
    },
    // A renewal that takes longer than what is left of the token catches calls out.
    promise: ({ callers }) => ({
      ...ALWAYS,
      generates: [3, Number.POSITIVE_INFINITY],
      rejections: [0, 2 * callers],
    }),
  },
  {
    name: "the store loses the record",
    sentence: "a record that the store lost is put back by whoever knows the living token",
    async run(fleet) {
      await fleet.load();
      await fleet.used(1);
      await fleet.engine.flush();
      await fleet.refilled();
    },
    promise: { ...ALWAYS, generates: 1 },
  },
  {
    name: "somebody else generates a token, three times",
    sentence: "a token that somebody else killed is replaced once for all, and costs each caller one retry",
    async run(fleet) {
      await fleet.load();
      await fleet.used(1);
      for (let times = 0; times < 3; times++) {
        await fleet.settled();
        await fleet.daraja.generateElsewhere();
        await fleet.used(fleet.daraja.latest + 1);
      }
    },
    // Each caller meets each dead token once at the most.
    promise: ({ callers }) => ({ ...ALWAYS, generates: 4, rejections: [3, 3 * callers] }),
  },
  {
    name: "two halves with one key and no store in common",
    sentence: "who shares the key and not the store cannot be helped, and is told so",
    least: 2,
    async run(fleet) {
      await fleet.part();
      await fleet.load();
      await fleet.contention();
    },
    // Calls fail here, and that is what must be seen.
    promise: { contention: [1, Number.POSITIVE_INFINITY] },
  },
  {
    name: "one answer takes longer than the lease",
    sentence: "an answer that takes longer than the lease costs a token, and no call",
    async run(fleet) {
      fleet.daraja.simulator.inject({ kind: "latency", ms: PAST_THE_LEASE_MS, path: TOKEN_PATH });
      await fleet.herd();
    },
    promise: { ...ALWAYS, generates: 2, lost: 1 },
  },
  {
    name: "a request for a token arrives after its time limit",
    sentence: "a request that arrives late and kills its successor's token costs each caller one retry",
    async run(fleet) {
      fleet.daraja.delayRequest(PAST_THE_LEASE_MS);
      await fleet.load();
      await fleet.used(3);
    },
    promise: ({ callers }) => ({ ...ALWAYS, generates: 3, lost: 1, rejections: [1, callers] }),
  },
  {
    name: "all answers take longer than the lease, then none",
    sentence: "where no answer comes in time each call says so by its deadline, and the fleet recovers",
    async run(fleet) {
      fleet.daraja.simulator.inject({ kind: "latency", ms: PAST_THE_LEASE_MS, path: TOKEN_PATH, rate: 1 });
      await fleet.herd();
      // Who joins an attempt that has begun shares its end.
      fleet.daraja.simulator.clearFaults();
      await fleet.record();
      await fleet.herd();
    },
    promise: ({ callers }) => ({
      failures: { ERR_DARAJA_TIMEOUT: callers },
      // Both attempts of each holder.
      lost: [2, Number.POSITIVE_INFINITY],
      rejections: 0,
    }),
  },
];

/** What people do who have no store: each process keeps a token of its own. It promises nothing. */
export const baseline = { ...scenarios[0], name: "the same herd, a token for each process", promise: {} };

function withoutStore({ breaks, ...scenario }) {
  return {
    ...scenario,
    needs: "network",
    async run(fleet) {
      breaks(fleet.engine.network);
      // A caller's own deadline would be another code.
      await fleet.herd();
      await fleet.engine.network.restore();
      await fleet.reach();
      await fleet.herd();
    },
    promise: ({ callers }) => ({ ...ALWAYS, failures: { ERR_DARAJA_STORE_UNAVAILABLE: callers }, generates: 1 }),
  };
}
