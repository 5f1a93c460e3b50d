// What the sentences are made of: records, swaps that must succeed or fail, and errors that say what was found.

export const MINUTE_MS = 60_000;
const HERD = 200;

/** An operation that never settled is no error of the store's, whatever was expected of it. */
export class Hang extends Error {}

/** 128 random bits in hex, as a TokenManager makes its versions. */
export function unique() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export const next = (value) => ({ version: unique(), value });

export async function recordOf(store, key) {
  const answer = await store.load(key);
  if (answer === null || typeof answer !== "object" || answer.record === undefined) {
    throw unlike("load", "{ record, now? }", answer);
  }
  const { record } = answer;
  return record === null ? null : { version: record.version, value: record.value };
}

async function swaps(store, key, expected, record, ttlMs = MINUTE_MS) {
  const answer = await store.compareAndSwap(key, expected, record, { ttlMs });
  if (typeof answer?.swapped !== "boolean") throw unlike("compareAndSwap", "{ swapped, now? }", answer);
  return answer.swapped;
}

export async function wins(store, key, expected, record, ttlMs) {
  same(await swaps(store, key, expected, record, ttlMs), true, `swapped, with the expectation ${expected}`);
}

export async function loses(store, key, expected, record) {
  same(await swaps(store, key, expected, record), false, `swapped, with the expectation ${expected}`);
}

export async function herd(key, expected, ours, theirs) {
  const records = Array.from({ length: HERD }, (_, i) => next(`value ${i}`));
  const stores = [ours.store, theirs.store];
  const won = await Promise.all(records.map((record, i) => swaps(stores[i % 2], key, expected, record)));
  const winners = records.filter((_, i) => won[i]);
  same(winners.length, 1, "the number of winners");
  for (const store of stores) same(await recordOf(store, key), winners[0], "the record");
}

export async function outcome(run) {
  try {
    return { value: await run() };
  } catch (error) {
    if (error instanceof Hang) throw error;
    return { error: error ?? new Error("rejected with nothing") };
  }
}

export function same(found, expected, what) {
  if (JSON.stringify(found) !== JSON.stringify(expected)) throw unlike(what, JSON.stringify(expected), found);
}

export function unlike(what, expected, found) {
  const shown = (text) => (text?.length > 300 ? `${text.slice(0, 300)}… (${text.length} characters)` : text);
  return new Error(`${what}: expected ${shown(expected)}, found ${shown(JSON.stringify(found))}`);
}
