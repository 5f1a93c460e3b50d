// One run of the protocol: does what the core asks for, one thing after the other, and tells it what came of that.
import { until } from "../../src/wasm/host.js";
import * as ask from "./core.js";

/**
 * Drives a run to its end: gives the token, or throws the error.
 *
 * `manager` has `call`, which steps the core that the run was begun in; `store`, `key`, `limits`, `seal`, `open`; and
 * `generate` and `pause`. Nothing that it awaits can hang: all of that has a limit.
 */
export async function drive(manager, id) {
  const { call, store, key, limits, seal, open } = manager;
  const within = (operation) => until(limits.storeTimeoutMs, undefined, async () => operation());
  let version = null;
  /** The record as it stands in the store, with what another version of this package put there. */
  let record = {};

  async function load() {
    const { record: found, now } = await within(() => store.load(key));
    if (found === null) {
      [version, record] = [null, {}];
      return { what: ask.LOADED_NOTHING, store: now };
    }
    if (typeof found.version !== "string") throw new TypeError();
    version = found.version;
    try {
      record = JSON.parse(found.value);
      // It throws for what is no record of ours.
      ask.put(record);
      const token = open && record.token ? await within(() => open(record.token)) : record.token;
      return { what: ask.LOADED, record, text: typeof token === "string" ? token : "", store: now };
    } catch {
      return { what: ask.UNREADABLE };
    }
  }

  async function swap(token) {
    const wanted = ask.take(token);
    const sealed = seal && token ? await within(() => seal(token)) : token;
    const next = { version: ask.randomText(), value: JSON.stringify({ ...record, ...wanted, token: sealed }) };
    const { swapped, now } = await within(() => store.compareAndSwap(key, version, next, { ttlMs: limits.ttlMs }));
    if (typeof swapped !== "boolean") throw new TypeError();
    if (swapped) [version, record] = [next.version, JSON.parse(next.value)];
    return { what: swapped ? ask.SWAPPED : ask.NOT_SWAPPED, store: now };
  }

  let event = { what: ask.BEGUN };
  for (;;) {
    const next = call(id, event);
    if (typeof next === "object") return next;
    try {
      if (typeof next === "string") event = await swap(next);
      else if (next === ask.LOAD) event = await load();
      else if (next === ask.GENERATE) event = await manager.generate();
      else {
        await manager.pause(next);
        event = { what: ask.WOKE };
      }
    } catch {
      event = { what: ask.STORE_FAILED };
    }
  }
}
