// The conformance tests. The name of each test is the sentence that it proves.
//
// A test checks two stores over the same data, `ours` and `theirs`, as two instances of a program would have them,
// under a key that is new. If the store lacks the feature that a test checks, the test gives the reason, and counts as
// skipped.
import type { StoredRecord } from "daraja-auth";
import {
  assertDoesNotSwap,
  assertOneWinner,
  assertSame,
  assertSwaps,
  type Instance,
  load,
  MINUTE_MS,
  mismatch,
  newRecord,
  outcome,
  unique,
} from "./assert.ts";

/** The arguments of a test. */
export interface Setting {
  readonly key: string;
  readonly ours: Instance;
  readonly theirs: Instance;
  /** Waits until a condition is true, such as that a record has expired. */
  eventually(what: string, isSo: () => boolean | Promise<boolean>): Promise<void>;
}

/** A test. It gives a text if it is to be skipped: the reason. */
type Test = (setting: Setting) => Promise<unknown>;

const SHORT_MS = 300;
/** A record that lives this long does not expire between two swaps, even on a busy machine. */
const LONGEST_MS = 10_000;

/** Values that a store may change by mistake. */
const STRANGE = [
  "",
  " \t\r\n ",
  `'"\\\`$1 %s {"a":"b"}`,
  "null",
  "12345678901234567890",
  "ZüRiCh \u00e9 e\u0301 \u4e2d\u6587 \u0627\u0644 \ufeff\u2028\ufffd",
  "\u{1f600}\u{1f468}\u200d\u{1f469}",
];
/** Values that some engines cannot store. */
const IMPOSSIBLE_FOR_SOME = ["a\0b", "half \ud83d pair"];
/** Similar keys. They collide if a store builds names or patterns from them carelessly. */
const KEYS = ["", ":", "/", ":a/b", "/a:b", ":a:b", "%3Aa%2Fb", "/../a", ":A/b", " a", "*", `:${"a".repeat(200)}`];

export const TESTS: Readonly<Record<string, Test>> = {
  async "a key that was never written has no record"({ key, ours: { store } }) {
    assertSame(await load(store, key), null, "the record");
  },

  async "another instance loads a record, and can replace it"({ key, ours, theirs }) {
    const first = newRecord("first");
    const second = newRecord("second");
    await assertSwaps(ours.store, key, null, first);
    assertSame(await load(theirs.store, key), first, "the record");
    await assertSwaps(theirs.store, key, first.version, second);
    assertSame(await load(ours.store, key), second, "the record");
  },

  async "200 concurrent creates have one winner"({ key, ours, theirs }) {
    await assertOneWinner(key, null, ours, theirs);
  },

  async "200 concurrent swaps from the same version have one winner"({ key, ours, theirs }) {
    const first = newRecord("first");
    await assertSwaps(ours.store, key, null, first);
    await assertOneWinner(key, first.version, ours, theirs);
  },

  async "a swap that expects no record fails if there is one"({ key, ours: { store } }) {
    const first = newRecord("first");
    await assertSwaps(store, key, null, first);
    await assertDoesNotSwap(store, key, null, newRecord("second"));
    assertSame(await load(store, key), first, "the record");
  },

  async "a swap that expects a version fails if there is no record"({ key, ours: { store } }) {
    await assertDoesNotSwap(store, key, unique(), newRecord("first"));
    assertSame(await load(store, key), null, "the record");
  },

  async "a swap that expects an old version fails"({ key, ours, theirs }) {
    const [first, second] = [newRecord("first"), newRecord("second")];
    await assertSwaps(ours.store, key, null, first);
    await assertSwaps(theirs.store, key, first.version, second);
    await assertDoesNotSwap(ours.store, key, first.version, newRecord("third"));
    assertSame(await load(theirs.store, key), second, "the record");
  },

  async "a version is the caller's, and never counts again after the next swap"({ key, ours: { store } }) {
    const past: string[] = [];
    let expected: string | null = null;
    for (const value of ["a", "b", "a", "b"]) {
      const now = newRecord(value);
      await assertSwaps(store, key, expected, now);
      assertSame(await load(store, key), now, "the record");
      for (const version of past) await assertDoesNotSwap(store, key, version, newRecord("from the past"));
      past.push(now.version);
      expected = now.version;
    }
  },

  async "an expired record counts as none"({ key, ours, theirs, eventually }) {
    const first = newRecord("first");
    await assertSwaps(ours.store, key, null, first, SHORT_MS);
    await eventually("the record expires", async () => (await load(theirs.store, key)) === null);
    await assertDoesNotSwap(ours.store, key, first.version, newRecord("second"));
    const third = newRecord("third");
    await assertSwaps(theirs.store, key, null, third);
    await assertDoesNotSwap(ours.store, key, first.version, newRecord("fourth"));
    assertSame(await load(ours.store, key), third, "the record");
  },

  async "each swap sets the time to live again"({ key, ours: { store }, eventually }) {
    const [first, second] = [newRecord("first"), newRecord("second")];
    let ttlMs = 10 * SHORT_MS;
    let renewed: string;
    for (;;) {
      renewed = `${key}:${ttlMs}`;
      await assertSwaps(store, renewed, null, first, ttlMs);
      const { error } = await outcome(() => assertSwaps(store, renewed, first.version, second));
      if (!error) break;
      // On a busy machine the first record may expire before the second swap. Then the next one gets more time.
      if (ttlMs > LONGEST_MS) throw error;
      ttlMs *= 2;
    }
    await assertSwaps(store, key, null, newRecord("other"), ttlMs);
    await eventually("the other record expires", async () => (await load(store, key)) === null);
    assertSame(await load(store, renewed), second, "the record");
    await assertSwaps(store, renewed, second.version, newRecord("third"), SHORT_MS);
    await eventually("the record expires", async () => (await load(store, renewed)) === null);
  },

  async "a large value comes back unchanged"({ key, ours, theirs }) {
    const large = newRecord(`{"token":"${"aé€".repeat(10_922)}"}`);
    await assertSwaps(ours.store, key, null, large);
    assertSame(await load(theirs.store, key), large, "the record");
  },

  async "a strange value comes back unchanged"({ key, ours, theirs }) {
    let expected: string | null = null;
    for (const value of STRANGE) {
      const strange = newRecord(value);
      await assertSwaps(ours.store, key, expected, strange);
      assertSame(await load(theirs.store, key), strange, "the record");
      expected = strange.version;
    }
  },

  async "a value that the engine cannot store is an error, and is not changed"({ key, ours, theirs }) {
    for (const [i, value] of IMPOSSIBLE_FOR_SOME.entries()) {
      const strange = newRecord(value);
      const attempt = await outcome(() =>
        ours.store.compareAndSwap(`${key}:${i}`, null, strange, { ttlMs: MINUTE_MS }),
      );
      assertSame(await load(theirs.store, `${key}:${i}`), attempt.error ? null : strange, "the record");
    }
  },

  async "keys with colons and slashes do not collide"({ key, ours, theirs }) {
    const records = KEYS.map((end): [string, StoredRecord] => [`${key}${end}`, newRecord(`the value of "${end}"`)]);
    for (const [name, record] of records) await assertSwaps(ours.store, name, null, record);
    for (const [name, record] of records) assertSame(await load(theirs.store, name), record, `the record of ${name}`);
  },

  async "a load never sees half a swap"({ key, ours, theirs }) {
    let current = newRecord("");
    await assertSwaps(ours.store, key, null, current);
    const loads: Promise<StoredRecord | null>[] = [];
    for (let swap = 0; swap < 30; swap++) {
      const version = unique();
      loads.push(...[ours, theirs, theirs].map(({ store }) => load(store, key)));
      const following = { version, value: version.repeat(100) };
      await assertSwaps(ours.store, key, current.version, following);
      current = following;
    }
    for (const record of await Promise.all(loads)) {
      if (record?.value === "") continue;
      assertSame(record?.value, record?.version.repeat(100), "the value of this version");
    }
  },

  async "each answer has the store's clock, which never goes backwards"({ key, ours: { store } }) {
    const first = newRecord("first");
    const answers = [
      await store.load(key),
      await store.compareAndSwap(key, unique(), newRecord("lost"), { ttlMs: MINUTE_MS }),
      await store.compareAndSwap(key, null, first, { ttlMs: MINUTE_MS }),
      await store.load(key),
      await store.compareAndSwap(key, null, newRecord("lost"), { ttlMs: MINUTE_MS }),
      await store.compareAndSwap(key, first.version, newRecord("second"), { ttlMs: MINUTE_MS }),
    ];
    const clock = answers.map(({ now }) => now);
    if (clock.every((now) => now === undefined)) return "the store has no clock";
    if (!clock.every((now) => Number.isFinite(now))) throw mismatch("now", "a number in each answer", clock);
    const goesBack = clock.some((now, i) => i > 0 && Number(now) < Number(clock[i - 1]));
    if (goesBack) throw mismatch("now", "never less than before", clock);
  },

  async "a watch wakes at the swap of another instance, until it is ended"({ key, ours, theirs, eventually }) {
    if (typeof ours.store.watch !== "function") return "the store has no watch";
    let expected: string | null = null;
    const swap = async () => {
      const following = newRecord("swapped");
      await assertSwaps(theirs.store, key, expected, following);
      expected = following.version;
    };
    await swap();
    let wakes = 0;
    const end = ours.store.watch(key, () => wakes++);
    const woken = (count: () => number) => async () => {
      if (count() === 0) await swap();
      return count() > 0;
    };
    await eventually(
      "the watch wakes",
      woken(() => wakes),
    );
    end();
    const before = wakes;
    let others = 0;
    const endOther = ours.store.watch(key, () => others++);
    await eventually(
      "the next watch wakes",
      woken(() => others),
    );
    endOther();
    endOther();
    assertSame(wakes, before, "the wakes of a watch that was ended");
  },

  async "after a lost reply, a swap gives the true result or an error"({ key, ours, theirs }) {
    if (!ours.loseReply) return "makeStore gives no loseReply";
    const [first, second] = [newRecord("first"), newRecord("second")];
    await assertSwaps(ours.store, key, null, first);
    await ours.loseReply();
    const { error, value } = await outcome(() =>
      ours.store.compareAndSwap(key, first.version, second, { ttlMs: MINUTE_MS }),
    );
    // The caller does not know whether the request was carried out. The record shows it.
    const record = await load(theirs.store, key);
    if (!error) assertSame(value?.swapped, record?.version === second.version, "swapped");
    if (![first, second].some(({ version }) => version === record?.version)) {
      throw mismatch("the record", `${JSON.stringify(first)} or ${JSON.stringify(second)}`, record);
    }
  },

  async "on a dead connection, a load and a swap give an error"({ key, ours }) {
    if (!ours.cut) return "makeStore gives no cut";
    const first = newRecord("first");
    await assertSwaps(ours.store, key, null, first);
    await ours.cut();
    const load = await outcome(() => ours.store.load(key));
    if (!load.error) throw mismatch("load, cut off", "an error", load.value);
    const swap = await outcome(() =>
      ours.store.compareAndSwap(key, first.version, newRecord("second"), { ttlMs: MINUTE_MS }),
    );
    if (!swap.error) throw mismatch("compareAndSwap, cut off", "an error", swap.value);
  },
};
