// The core of the protocol, with names for the numbers that cross its boundary; src/manager.rs has the other side.
import { propertyOf } from "../options.ts";

/** What `call` is asked. The first ten are the events of a run. */
export const WOKE = 0;
export const LOADED = 1;
export const LOADED_NOTHING = 2;
export const SWAPPED = 3;
export const NOT_SWAPPED = 4;
export const STORE_FAILED = 5;
export const UNREADABLE = 6;
export const GRANTED = 7;
export const FAILED = 8;
export const BEGUN = 9;
export const GET = 10;
export const REPORT = 11;
export const LOOK = 12;
export const ACCEPT = 13;
export const JOIN = 14;
export const LATE = 15;
export const CLOSED = 16;
export const LIVE = 20;
export const IS_NEWS = 21;
export const NOTICE = 22;
export const FORGET_FAILURE = 23;
export const CLOSE = 24;
export const SETTING = 25;
export const URL = 26;

/** What a run asks for, if it is no wait, no write and no token. */
export const LOAD = -1;
export const GENERATE = -2;
export const THROW = -3;

/** The schema of the record that this version reads and writes. */
const SCHEMA = 1;
const REASONS = ["missing", "rejected", "renewal"];

/** The numbers of a record, in their order in the row; crates/core/src/manager/row.rs has the same. */
const OF_RECORD = ["history", "epoch", "obtainedAt", "expiresAt", "rotateAt", "dead", "notBefore", "failures"];
const OF_BUDGET = ["left", "refilledAt"];
const OF_LEASE = ["nonce", "reason", "durationMs", "until"];
const OF_REFUSAL = ["endpoint", "epoch", "nextForcedAt", "gapMs"];
export const RECORD = 8;
const BUDGET = 16;
const LEASE = 18;
const REFUSALS = 22;
const END = 54;

/** One row of numbers, for whatever comes and goes. Nobody waits between filling and reading it. */
export const numbers = /* @__PURE__ */ new Float64Array(END);

/** Names are hexadecimal in the record, since they are no quantities. */
const hex = (number) => number.toString(16);
const unhex = (text) => Number.parseInt(text, 16);

/** What is to be put into the row for a record that was loaded; throws for what is no record of this schema. */
export function rowOf(record) {
  const { schema, history, budget, lease, refusals, ...rest } = record;
  if (schema !== SCHEMA) throw new TypeError();
  const row = new Float64Array(END);
  // What is no number counts as 0.
  const put = (place, names, object) =>
    row.set(
      names.map((name) => object && propertyOf(object, name)),
      place,
    );
  put(RECORD, OF_RECORD, { ...rest, history: unhex(history) });
  put(BUDGET, OF_BUDGET, budget);
  if (lease)
    put(LEASE, OF_LEASE, { until: Number.MAX_SAFE_INTEGER, ...lease, nonce: unhex(propertyOf(lease, "nonce")) });
  // The latest stand last; the places before them are free.
  let place = END;
  const next = ([, refusal]) => propertyOf(refusal, "nextForcedAt");
  const all = Object.entries(refusals ?? {}).sort((a, b) => next(b) - next(a));
  for (const [endpoint, refusal] of all.slice(0, 8)) {
    place -= 4;
    put(place, OF_REFUSAL, { ...refusal, endpoint: unhex(endpoint) });
  }
  return row.subarray(RECORD);
}

/** The record that a run wants written, less its token: its numbers are where the step left them. */
export function wanted() {
  const take = (place, names) => Object.fromEntries(names.map((name, i) => [name, numbers[place + i]]));
  const record = take(RECORD, OF_RECORD);
  const lease = take(LEASE, OF_LEASE);
  const refusals = {};
  for (let place = REFUSALS; place < END; place += 4) {
    const { endpoint, ...refusal } = take(place, OF_REFUSAL);
    if (endpoint) refusals[hex(endpoint)] = refusal;
  }
  return {
    schema: SCHEMA,
    ...record,
    history: hex(record.history),
    dead: record.dead === 1,
    lease: lease.nonce ? { ...lease, nonce: hex(lease.nonce), reason: REASONS[lease.reason] } : null,
    budget: take(BUDGET, OF_BUDGET),
    refusals,
  };
}

/**
 * Random 32-bit numbers.
 *
 * In a store that is shared they tell instances apart, and come from the cryptographic source. A manager that has its
 * own memory needs no such strength. There the first use of `crypto` would take 3 ms in Node 22 and 24, and 11 in Node 26.
 */
function random(count, isShared) {
  if (isShared) return crypto.getRandomValues(new Uint32Array(count));
  return Uint32Array.from({ length: count }, () => Math.random() * 0x100000000);
}

/** 53 random bits, as a number that is not 0. */
export function randomNumber(isShared) {
  const [high, low] = random(2, isShared);
  return (high % 0x200000) * 0x100000000 + low || 1;
}

/** 128 random bits, in hexadecimal. */
export function randomText(isShared) {
  return toHex(new Uint8Array(random(4, isShared).buffer));
}

export function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
