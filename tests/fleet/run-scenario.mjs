// Runs a scenario, counts what happens, and compares the counts with the scenario's promise.
import { isDeepStrictEqual } from "node:util";
import { engines } from "./breakable-engines.mjs";
import { serveDaraja } from "./counting-daraja.mjs";
import { CALLERS, Fleet } from "./fleet.mjs";
import { Processes } from "./processes.mjs";

const HOUR_S = 3_599;
/** Far longer than any scenario takes. A scenario that hangs fails after this time. */
const LIMIT_MS = 300_000;

/** Runs scenarios on the same processes, Daraja and engines, which it starts when they are first needed. */
export class Runner {
  #processes = new Processes();
  #upstream;
  #engines = new Map();

  async #engine(name) {
    if (!this.#engines.has(name)) this.#engines.set(name, await engines[name]());
    return this.#engines.get(name);
  }

  /** Whether a scenario can be run with that many processes on that engine. */
  async suits({ least = 1, needs }, size, name) {
    return size >= least && (!needs || (await this.#engine(name))[needs] !== undefined);
  }

  /** Runs a scenario. Gives its counts, its promise, and the broken parts of the promise, in words. */
  async run(scenario, size, name) {
    this.#upstream ??= await serveDaraja(this.#processes);
    const engine = await this.#engine(name);
    const { openStore } = await this.#processes.import("open-store.mjs");
    const opened = await openStore(engine.direct ?? engine.way);
    const daraja = this.#upstream.begin(scenario.lifetimeSeconds ?? HOUR_S);
    const members = await this.#processes.take(size);
    const { store } = opened;
    const fleet = new Fleet({ processes: this.#processes, members, daraja, engine, store, policy: scenario.policy });
    let limit;
    const hangs = new Promise((_, reject) => {
      limit = setTimeout(() => reject(new Error(`${scenario.name}: the scenario did not end`)), LIMIT_MS);
    });
    const ran = async () => {
      await fleet.begin();
      await scenario.run(fleet);
      const counts = await fleet.stop();
      const record = await fleet.record();
      await fleet.end();
      return { counts, epoch: record?.epoch ?? 0 };
    };
    try {
      const { counts, epoch } = await Promise.race([ran(), hangs]);
      const { generates, rejections, foreign } = daraja;
      Object.assign(counts, { generates, rejections, foreign, lost: generates - epoch });
      const promise =
        typeof scenario.promise === "function" ? scenario.promise({ callers: size * CALLERS }) : scenario.promise;
      return { counts, promise, broken: broken(promise, counts) };
    } finally {
      clearTimeout(limit);
      await engine.network?.restore();
      await opened.close();
    }
  }

  async stop() {
    await this.#processes.stop();
    await this.#upstream?.stop();
    await Promise.all([...this.#engines.values()].map((engine) => engine.stop()));
  }
}

/** The parts of the promise that the counts break, in words. */
export function broken(promise, counts) {
  return Object.entries(promise)
    .filter(([name, expected]) => !keeps(expected, counts[name]))
    .map(([name, expected]) => `${name}: expected ${said(expected)}, found ${said(counts[name])}`);
}

function keeps(expected, found) {
  if (!Array.isArray(expected)) return isDeepStrictEqual(expected, found);
  const [least, most] = expected;
  return found >= least && found <= most;
}

function said(value) {
  return Array.isArray(value) ? `${value[0]} to ${value[1]}` : JSON.stringify(value);
}
