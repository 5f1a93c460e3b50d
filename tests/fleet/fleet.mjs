// The fleet of a running scenario: processes, one engine and one Daraja. Its methods let a scenario disturb them.
import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";

/** The number of callers in each process. */
export const CALLERS = 4;

/** A load has at most this many calls in a second. The number is low, because a load does not measure speed. */
const CALLS_A_SECOND = 250;

/** Smaller numbers than the defaults, so that a scenario takes seconds. */
const SETTINGS = {
  renewBeforeMs: 4_000,
  policy: {
    blockingWindowMs: 1_000,
    minRemainingMs: 500,
    revalidateAfterMs: 1_000,
    timeoutMs: 3_000,
    leaseMarginMs: 2_000,
    storeTimeoutMs: 1_000,
    deadlineMs: 13_000,
  },
};

/** Longer than a lease, which lasts for the time limit of an attempt and the margin. */
export const PAST_THE_LEASE_MS = SETTINGS.policy.timeoutMs + SETTINGS.policy.leaseMarginMs + 1_000;

export class Fleet {
  members;
  daraja;
  engine;
  #processes;
  /** The store, over a connection that does not break. */
  #store;
  #settings;

  constructor({ processes, members, daraja, engine, store, policy }) {
    this.#processes = processes;
    this.#store = store;
    this.#settings = { ...SETTINGS, policy: { ...SETTINGS.policy, ...policy } };
    this.members = members;
    this.daraja = daraja;
    this.engine = engine;
  }

  /** Each process opens the store and makes a manager. */
  async begin(members = this.members, apart = false) {
    const way = { ...this.engine.way, apart };
    const { url: baseUrl, app } = this.daraja;
    const options = { baseUrl, ...app, ...this.#settings };
    await all(members, (member) => member.ask("begin", { way, name: member.name, ...options }));
    await all(members, (member) => member.ask("reach"));
  }

  /** All callers of all processes begin at the same moment. Resolves when the last call has ended. */
  herd(calls = 1, members = this.members) {
    return all(members, (member) => member.ask("herd", { callers: CALLERS, calls }));
  }

  /** From now on all callers make calls, with pauses in between. */
  load(members = this.members) {
    const pauseMs = (1_000 * CALLERS * this.members.length) / CALLS_A_SECOND;
    return all(members, (member) => member.ask("load", { callers: CALLERS, pauseMs }));
  }

  /** Waits until each process has had a call accepted with the token of that number, or a later one. */
  used(token, members = this.members) {
    return this.daraja.used(() => members.filter((member) => !member.isKilled).map(({ name }) => name), token);
  }

  /** Waits until a process has sent a request for a token, and gives that process. The request has no answer yet. */
  async holder() {
    const name = await this.daraja.asked();
    return this.members.find((member) => member.name === name);
  }

  /** Kills a process, as kill -9 does, and puts another in its place. */
  async kill(member) {
    await member.kill();
    const other = await this.#processes.replace(member);
    this.members = this.members.map((each) => (each === member ? other : each));
    await this.begin([other]);
    return other;
  }

  /** Waits until an operation of the store has failed in each process. */
  storeErrors() {
    return this.#told((events) => events.every((each) => each["store-error"] > 0));
  }

  /** Waits until a process emits `contention`: another program generates tokens. */
  contention() {
    return this.#told((events) => events.some(({ contention }) => contention > 0));
  }

  /** Gives half of the processes another store, so that they share nothing with the others. */
  async part() {
    const others = this.members.slice(0, this.members.length / 2);
    await all(others, (member) => member.ask("end"));
    await this.begin(others, true);
  }

  /** Waits until each process reaches the store. */
  reach() {
    return all(this.members, (member) => member.ask("reach"));
  }

  /** Waits until all running calls have ended, and the record has no lease and no endpoint that rejected a token. */
  async settled() {
    await all(this.members, (member) => member.ask("settle"));
    await this.record(({ lease, refusals }) => !lease && Object.keys(refusals).length === 0);
  }

  /**
   * Waits until the condition holds for the record, and gives the record. By default the condition is that there is no
   * lease. Without a record it gives null at once.
   */
  async record(isSo = ({ lease }) => !lease) {
    for (;;) {
      const { record } = await this.#store.load(this.#key());
      const value = record && JSON.parse(record.value);
      if (!value || isSo(value)) return value;
      await pause(20);
    }
  }

  /** Waits until there is a record again. */
  async refilled() {
    while (!(await this.#store.load(this.#key())).record) await pause(20);
  }

  /** Ends the load, waits for the running calls, and gives the counts of all processes. */
  async stop() {
    const each = await all(this.members, (member) => member.ask("stop"));
    const counts = { calls: 0, accepted: 0, failures: {}, contention: 0, longestMs: 0 };
    for (const { calls, accepted, failures, events, longestMs } of each) {
      counts.calls += calls;
      counts.accepted += accepted;
      counts.contention += events.contention ?? 0;
      counts.longestMs = Math.max(counts.longestMs, longestMs);
      for (const [code, times] of Object.entries(failures))
        counts.failures[code] = (counts.failures[code] ?? 0) + times;
    }
    return counts;
  }

  /** Closes managers and stores. */
  end() {
    return all(this.members, (member) => member.ask("end"));
  }

  /** Waits until the condition holds for the events that the processes have counted. */
  async #told(isSo) {
    const events = async () => (await all(this.members, (member) => member.ask("counts"))).map((each) => each.events);
    while (!isSo(await events())) await pause(50);
  }

  #key() {
    const { url, app } = this.daraja;
    return `daraja-auth:v1:${url}:${createHash("sha256").update(app.consumerKey).digest("hex").slice(0, 16)}`;
  }
}

const all = (members, what) => Promise.all(members.map(what));
