// Assertions of the conformance tests, and what the assertions need.
import type { StoredRecord, TokenStore } from "daraja-auth";

export const MINUTE_MS = 60_000;
const CONCURRENT_SWAPS = 200;

/** An operation did not settle in time. It has a class of its own, since it is not an error of the store. */
export class TimeoutError extends Error {}

/** The store of one of two instances, and how a test may disturb its connection. */
export interface Instance {
  readonly store: TokenStore;
  readonly loseReply?: (() => unknown) | undefined;
  readonly cut?: (() => unknown) | undefined;
}

/** 128 random bits in hex, as a TokenManager makes its versions. */
export function unique(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Makes a record with a version of its own. */
export const newRecord = (value: string): StoredRecord => ({ version: unique(), value });

/** Loads a record, and checks the form of the answer. */
export async function load(store: TokenStore, key: string): Promise<StoredRecord | null> {
  const answer = await store.load(key);
  if (answer === null || typeof answer !== "object" || answer.record === undefined) {
    throw mismatch("load", "{ record, now? }", answer);
  }
  const { record } = answer;
  return record === null ? null : { version: record.version, value: record.value };
}

async function swap(store: TokenStore, key: string, expected: string | null, record: StoredRecord, ttlMs = MINUTE_MS) {
  const answer = await store.compareAndSwap(key, expected, record, { ttlMs });
  if (typeof answer?.swapped !== "boolean") throw mismatch("compareAndSwap", "{ swapped, now? }", answer);
  return answer.swapped;
}

/** Swaps. The swap must succeed. */
export async function assertSwaps(
  store: TokenStore,
  key: string,
  expected: string | null,
  record: StoredRecord,
  ttlMs?: number,
): Promise<void> {
  const what = `swapped, from version ${expected}`;
  assertSame(await swap(store, key, expected, record, ttlMs), true, what);
}

/** Swaps. The swap must fail. */
export async function assertDoesNotSwap(
  store: TokenStore,
  key: string,
  expected: string | null,
  record: StoredRecord,
): Promise<void> {
  assertSame(await swap(store, key, expected, record), false, `swapped, from version ${expected}`);
}

/** Swaps 200 times at once, through both instances. Exactly one swap must succeed. */
export async function assertOneWinner(key: string, expected: string | null, ours: Instance, theirs: Instance) {
  const records = Array.from({ length: CONCURRENT_SWAPS }, (_, i) => newRecord(`value ${i}`));
  const swapped = await Promise.all(
    records.map((record, i) => swap((i % 2 === 0 ? ours : theirs).store, key, expected, record)),
  );
  const winners = records.filter((_, i) => swapped[i]);
  assertSame(winners.length, 1, "the number of winners");
  for (const { store } of [ours, theirs]) assertSame(await load(store, key), winners[0], "the record");
}

/** Gives the result or the error of an operation. Throws if it did not settle in time. */
export async function outcome<T>(run: () => Promise<T>): Promise<{ value?: T; error?: unknown }> {
  try {
    return { value: await run() };
  } catch (error) {
    if (error instanceof TimeoutError) throw error;
    return { error: error ?? new Error("rejected with nothing") };
  }
}

export function assertSame(found: unknown, expected: unknown, what: string): void {
  if (JSON.stringify(found) !== JSON.stringify(expected)) throw mismatch(what, JSON.stringify(expected), found);
}

/** Makes the error that says what was expected and what was found. */
export function mismatch(what: string, expected: string | undefined, found: unknown): Error {
  const cut = (text: string | undefined) =>
    text !== undefined && text.length > 300 ? `${text.slice(0, 300)}… (${text.length} characters)` : text;
  return new Error(`${what}: expected ${cut(expected)}, found ${cut(JSON.stringify(found))}`);
}
