// One run of the protocol: does what the core asks for, one thing after the other, and tells it what came of that.
import { safeCause } from "../cause.ts";
import { DarajaError } from "../error.ts";
import { MAX_TEXT_LENGTH, propertyOf } from "../options.ts";
import { TIMEOUT, withTimeout } from "../with-timeout.ts";
import * as ask from "./core.js";

/** A name that only a record has: a text with it may hold a record, and so a token. */
const MARK = "obtainedAt";
/** No clock of a server is wrong by more. In another unit than milliseconds it is decades away. */
const YEAR_MS = 365 * 86_400_000;

/**
 * Drives a run to its end: gives the token, or throws the error.
 *
 * `step` steps the core that the run was begun in; `generate` and `pause` do what they say and cannot hang.
 */
export async function drive({ step, generate, pause, wall, store, isShared, key, limits, seal, open, secrets }) {
  /** What stands in the store: with what another version of this package put there, and its token as it was opened. */
  let held;
  let written;
  let trouble;
  // Only what an operation gives in time counts: one that is late must change nothing.
  const within = (operation) => withTimeout(limits.storeTimeoutMs, undefined, operation);

  async function load() {
    const [found, now] = propertiesOf(await store.load(key), "record", "now");
    const event = { store: instant(now, wall) };
    if (found === null) {
      return { ...event, what: ask.LOADED_NOTHING, held: { version: null, record: undefined, text: "" } };
    }
    const [version, value] = propertiesOf(found, "version", "value");
    textOf(version);
    let record;
    try {
      if (value.length > MAX_TEXT_LENGTH) return { what: ask.UNREADABLE };
      record = { __proto__: null, ...JSON.parse(value) };
      event.row = ask.rowOf(record);
    } catch {
      return { what: ask.UNREADABLE };
    }
    const token = typeof record.token === "string" ? record.token : "";
    const text = record.sealed && token ? await unsealed(token) : token;
    return { ...event, what: ask.LOADED, text, held: { version, record, text } };
  }

  async function unsealed(token) {
    if (!open) throw new Error("the token in the store is sealed, and the option open is not given");
    const opened = await open(token);
    // Who cannot open it says null: then there is none.
    return opened === null ? "" : textOf(opened);
  }

  async function swap(text) {
    const record = { __proto__: null, ...held.record, ...ask.wanted() };
    // What is there already is not sealed again.
    if (text !== held.text || record.token === undefined) {
      const isSealed = seal !== undefined && text !== "";
      record.token = isSealed ? textOf(await seal(text)) : text;
      record.sealed = isSealed || undefined;
    }
    const next = { version: ask.randomText(isShared), value: JSON.stringify(record) };
    const answer = await store.compareAndSwap(key, held.version, next, { ttlMs: limits.keepRecordMs });
    const [swapped, now] = propertiesOf(answer, "swapped", "now");
    if (typeof swapped !== "boolean") throw new TypeError("swapped: expected a boolean");
    const event = { what: swapped ? ask.SWAPPED : ask.NOT_SWAPPED, store: instant(now, wall) };
    return swapped ? { ...event, held: { version: next.version, record, text } } : event;
  }

  let event = { what: ask.BEGUN };
  for (;;) {
    let next;
    try {
      next = step(event);
    } catch (error) {
      if (error.code !== "ERR_DARAJA_STORE_UNAVAILABLE" || trouble === undefined) throw error;
      const cause = safeCause(trouble, [MARK, held?.text, written, ...secrets()]);
      throw new DarajaError(error.message, { ...error, cause });
    }
    if (typeof next === "object") return next;
    try {
      if (typeof next === "string") {
        written = next;
        event = await within(() => swap(next));
      } else if (next === ask.LOAD) event = await within(load);
      else if (next === ask.GENERATE) event = await generate();
      else {
        await pause(next);
        event = { what: ask.WOKE };
      }
      held = propertyOf(event, "held") ?? held;
    } catch (error) {
      trouble = error === TIMEOUT ? new Error(`no answer within ${limits.storeTimeoutMs} ms`) : error;
      event = { what: ask.STORE_FAILED };
    }
  }
}

/** The store's own instant, or -1 if it has no clock. Then the wall clock counts, so a clock in another unit is refused. */
function instant(now, wall) {
  if (now === undefined || now === null) return -1;
  if (typeof now !== "number" || !(now >= 0)) throw new TypeError("now: expected milliseconds since the epoch");
  if (Math.abs(now - wall()) > YEAR_MS && Math.abs(now - Date.now()) > YEAR_MS) {
    const found = "found a number that is over a year from this machine's clock";
    throw new TypeError(`now: expected milliseconds since the epoch, ${found}: is it in another unit?`);
  }
  return now;
}

/** Properties of what a store gave. */
function propertiesOf(object, ...names) {
  return names.map((name) => propertyOf(object, name));
}

/** A version, or a token. Entering the module with hundreds of megabytes would block the process for seconds. */
function textOf(value) {
  if (typeof value !== "string") throw new TypeError("expected a string");
  if (value.length > MAX_TEXT_LENGTH) throw new TypeError(`expected at most ${MAX_TEXT_LENGTH} characters`);
  return value;
}
