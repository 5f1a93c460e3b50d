// One scenario of the table while it is played: some processes, one engine, one Daraja, and what may happen to them.
import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";

/** The callers in each process. */
export const CALLERS = 4;

/** So many calls a second, by all processes together: the machine is not what is tested. */
const CALLS_A_SECOND = 250;

/** The numbers of production, but smaller, so that a scenario takes seconds. The constructor refuses those that cannot work. */
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

/** Longer than a lease: whoever takes so long to answer, or to wake up, has lost it. */
export const PAST_THE_LEASE_MS = SETTINGS.policy.timeoutMs + SETTINGS.policy.leaseMarginMs + 1_000;

export class Fleet {
  members;
  daraja;
  engine;
  #processes;
  /** The store, by a way that does not break. */
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

  /** All callers of all processes call at the same moment, and then in turn; resolves when the last has ended. */
  herd(calls = 1, members = this.members) {
    return all(members, (member) => member.ask("herd", { callers: CALLERS, calls }));
  }

  /** From now on all callers call now and then. */
  load(members = this.members) {
    const pauseMs = (1_000 * CALLERS * this.members.length) / CALLS_A_SECOND;
    return all(members, (member) => member.ask("load", { callers: CALLERS, pauseMs }));
  }

  /** Waits until each process has had a call accepted with that token, by its number, or with a later one. */
  used(token, members = this.members) {
    return this.daraja.used(() => members.filter((member) => !member.isKilled).map(({ name }) => name), token);
  }

  /** Waits until a process has sent a request for a token, which has no answer yet, and gives that process. */
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

  /** Waits until a process says that somebody else generates tokens. */
  contention() {
    return this.#told((events) => events.some(({ contention }) => contention > 0));
  }

  /** Half of the processes share a store of their own, and nothing with the others. */
  async part() {
    const others = this.members.slice(0, this.members.length / 2);
    await all(others, (member) => member.ask("end"));
    await this.begin(others, true);
  }

  /** Waits until each process reaches the store. */
  reach() {
    return all(this.members, (member) => member.ask("reach"));
  }

  /** Waits until the calls that are under way have ended and all is well again: no endpoint's refusal is remembered. */
  async settled() {
    await all(this.members, (member) => member.ask("settle"));
    await this.record(({ lease, refusals }) => !lease && Object.keys(refusals).length === 0);
  }

  /** Waits until the record is so, or until nobody is at work on it; gives it, or nothing where there is none. */
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

  /** Ends the load, waits for the calls under way, and gives what all processes have counted. */
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

  /** Waits until the events that the processes have counted are so. */
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
