// The core of the protocol, with names for the numbers that cross its boundary; src/wasm/manager.rs has the other side.

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
export const RECORD = 8;
const REFUSALS = RECORD + 14;
const REASONS = ["missing", "rejected", "renewal"];

/** One row of numbers, for whatever comes and goes. Nobody waits between filling and reading it. */
export const numbers = new Float64Array(REFUSALS + 4 * 8);

/** Names are hexadecimal in the record, since they are no quantities. */
const hex = (number) => number.toString(16);
const unhex = (text) => Number.parseInt(text, 16);

/** The row of a record that was loaded; throws for what is no record of this schema. What is no number counts as 0. */
export function rowOf(record) {
  if (record.schema !== SCHEMA) throw new TypeError();
  const { history, epoch, obtainedAt, expiresAt, rotateAt, dead, notBefore, failures, budget, lease } = record;
  const { nonce, durationMs, until = Number.MAX_SAFE_INTEGER } = lease ?? { until: 0 };
  const row = new Float64Array(numbers.length - RECORD);
  row.set([unhex(history), epoch, obtainedAt, expiresAt, rotateAt, dead, notBefore, failures]);
  row.set([budget?.left, budget?.refilledAt, unhex(nonce), 0, durationMs, until], 8);
  // The latest stand last; the places before them are free.
  const refusals = Object.entries(record.refusals ?? {}).sort(([, a], [, b]) => b.nextForcedAt - a.nextForcedAt);
  let place = row.length;
  for (const [endpoint, { epoch, nextForcedAt, gapMs }] of refusals.slice(0, 8)) {
    place -= 4;
    row.set([unhex(endpoint), epoch, nextForcedAt, gapMs], place);
  }
  return row;
}

/** The record that a run wants written, less its token: its numbers are where the step left them. */
export function wanted() {
  const [history, epoch, obtainedAt, expiresAt, rotateAt, dead, notBefore, failures] = numbers.subarray(RECORD);
  const [left, refilledAt, nonce, reason, durationMs, until] = numbers.subarray(RECORD + 8);
  const refusals = {};
  for (let place = REFUSALS; place < numbers.length; place += 4) {
    const [endpoint, epoch, nextForcedAt, gapMs] = numbers.subarray(place);
    if (endpoint) refusals[hex(endpoint)] = { epoch, nextForcedAt, gapMs };
  }
  return {
    schema: SCHEMA,
    history: hex(history),
    epoch,
    obtainedAt,
    expiresAt,
    rotateAt,
    dead: dead === 1,
    lease: nonce ? { nonce: hex(nonce), reason: REASONS[reason], durationMs, until } : null,
    notBefore,
    failures,
    budget: { left, refilledAt },
    refusals,
  };
}

/** 53 random bits, as a number that is not 0. */
export function randomNumber() {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2));
  return (high % 0x200000) * 0x100000000 + low || 1;
}

/** 128 random bits, in hexadecimal. */
export function randomText() {
  return toHex(crypto.getRandomValues(new Uint8Array(16)));
}

export function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
