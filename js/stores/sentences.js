// The sentences that every store must make true. Each is a check of two stores over the same data, `ours` and `theirs`, as
// two instances of a program would have them, under a key that nobody has used before. It gives a reason where the store
// has not what it is about.
import { herd, loses, MINUTE_MS, next, outcome, recordOf, same, unique, unlike, wins } from "./trial.js";

const SHORT_MS = 300;

const STRANGE = [
  "",
  " \t\r\n ",
  `'"\\\`$1 %s {"a":"b"}`,
  "null",
  "12345678901234567890",
  "ZüRiCh \u00e9 e\u0301 \u4e2d\u6587 \u0627\u0644 \ufeff\u2028\ufffd",
  "\u{1f600}\u{1f468}\u200d\u{1f469}",
];
const IMPOSSIBLE_FOR_SOME = ["a\0b", "half \ud83d pair"];
/** Alike enough to collide where a store builds names or patterns from them. */
const KEYS = ["", ":", "/", ":a/b", "/a:b", ":a:b", "%3Aa%2Fb", "/../a", ":A/b", " a", "*", `:${"a".repeat(200)}`];

export const SENTENCES = {
  async "a key that was never written has no record"({ key, ours: { store } }) {
    same(await recordOf(store, key), null, "the record");
  },

  async "what one instance swaps in, another loads, and then replaces"({ key, ours, theirs }) {
    const first = next("first");
    const second = next("second");
    await wins(ours.store, key, null, first);
    same(await recordOf(theirs.store, key), first, "the record");
    await wins(theirs.store, key, first.version, second);
    same(await recordOf(ours.store, key), second, "the record");
  },

  async "200 concurrent creates have one winner"({ key, ours, theirs }) {
    await herd(key, null, ours, theirs);
  },

  async "200 concurrent swaps from the same version have one winner"({ key, ours, theirs }) {
    const first = next("first");
    await wins(ours.store, key, null, first);
    await herd(key, first.version, ours, theirs);
  },

  async "a null expectation is refused where there is a record"({ key, ours: { store } }) {
    const first = next("first");
    await wins(store, key, null, first);
    await loses(store, key, null, next("second"));
    same(await recordOf(store, key), first, "the record");
  },

  async "an expected version is refused where there is no record"({ key, ours: { store } }) {
    await loses(store, key, unique(), next("first"));
    same(await recordOf(store, key), null, "the record");
  },

  async "a stale version is refused"({ key, ours, theirs }) {
    const [first, second] = [next("first"), next("second")];
    await wins(ours.store, key, null, first);
    await wins(theirs.store, key, first.version, second);
    await loses(ours.store, key, first.version, next("third"));
    same(await recordOf(theirs.store, key), second, "the record");
  },

  async "versions are the caller's and are never reused"({ key, ours: { store } }) {
    const past = [];
    let expected = null;
    for (const value of ["a", "b", "a", "b"]) {
      const now = next(value);
      await wins(store, key, expected, now);
      same(await recordOf(store, key), now, "the record");
      for (const version of past) await loses(store, key, version, next("from the past"));
      past.push(now.version);
      expected = now.version;
    }
  },

  async "an expired record is no record"({ key, ours, theirs, comes }) {
    const first = next("first");
    await wins(ours.store, key, null, first, SHORT_MS);
    await comes("the record expires", async () => (await recordOf(theirs.store, key)) === null);
    await loses(ours.store, key, first.version, next("second"));
    const third = next("third");
    await wins(theirs.store, key, null, third);
    await loses(ours.store, key, first.version, next("fourth"));
    same(await recordOf(ours.store, key), third, "the record");
  },

  async "a swap sets the time to live anew"({ key, ours: { store }, comes }) {
    const [first, second] = [next("first"), next("second")];
    await wins(store, key, null, first, 10 * SHORT_MS);
    await wins(store, key, first.version, second);
    await wins(store, `${key}:other`, null, next("other"), 10 * SHORT_MS);
    await comes("the record beside it expires", async () => (await recordOf(store, `${key}:other`)) === null);
    same(await recordOf(store, key), second, "the record");
    await wins(store, key, second.version, next("third"), SHORT_MS);
    await comes("the record expires", async () => (await recordOf(store, key)) === null);
  },

  async "a large value comes back as it was"({ key, ours, theirs }) {
    const large = next(`{"token":"${"aé€".repeat(10_922)}"}`);
    await wins(ours.store, key, null, large);
    same(await recordOf(theirs.store, key), large, "the record");
  },

  async "a strange value comes back as it was"({ key, ours, theirs }) {
    let expected = null;
    for (const value of STRANGE) {
      const strange = next(value);
      await wins(ours.store, key, expected, strange);
      same(await recordOf(theirs.store, key), strange, "the record");
      expected = strange.version;
    }
  },

  async "a value that the engine cannot hold is refused by an error, not changed"({ key, ours, theirs }) {
    for (const [i, value] of IMPOSSIBLE_FOR_SOME.entries()) {
      const strange = next(value);
      const attempt = await outcome(() =>
        ours.store.compareAndSwap(`${key}:${i}`, null, strange, { ttlMs: MINUTE_MS }),
      );
      same(await recordOf(theirs.store, `${key}:${i}`), attempt.error ? null : strange, "the record");
    }
  },

  async "keys with colons and slashes do not collide"({ key, ours, theirs }) {
    const records = KEYS.map((end) => [`${key}${end}`, next(`the value of "${end}"`)]);
    for (const [name, record] of records) await wins(ours.store, name, null, record);
    for (const [name, record] of records) same(await recordOf(theirs.store, name), record, `the record of ${name}`);
  },

  async "a load never sees half a swap"({ key, ours, theirs }) {
    let current = next("");
    await wins(ours.store, key, null, current);
    const loads = [];
    for (let swap = 0; swap < 30; swap++) {
      const version = unique();
      loads.push(...[ours, theirs, theirs].map(({ store }) => recordOf(store, key)));
      const following = { version, value: version.repeat(100) };
      await wins(ours.store, key, current.version, following);
      current = following;
    }
    for (const record of await Promise.all(loads)) {
      if (record?.value === "") continue;
      same(record?.value, record?.version.repeat(100), "the value beside its version");
    }
  },

  async "the store's clock is there with and without a record, and never goes backwards"({ key, ours: { store } }) {
    const first = next("first");
    const answers = [
      await store.load(key),
      await store.compareAndSwap(key, unique(), next("lost"), { ttlMs: MINUTE_MS }),
      await store.compareAndSwap(key, null, first, { ttlMs: MINUTE_MS }),
      await store.load(key),
      await store.compareAndSwap(key, null, next("lost"), { ttlMs: MINUTE_MS }),
      await store.compareAndSwap(key, first.version, next("second"), { ttlMs: MINUTE_MS }),
    ];
    const clock = answers.map(({ now }) => now);
    if (clock.every((now) => now === undefined)) return "the store has no clock";
    if (!clock.every(Number.isFinite)) throw unlike("now", "a number in each answer", clock);
    if (clock.some((now, i) => now < clock[i - 1])) throw unlike("now", "never less than before", clock);
  },

  async "watch wakes at another's swap, until it is ended"({ key, ours, theirs, comes }) {
    if (typeof ours.store.watch !== "function") return "the store has no watch";
    let expected = null;
    const swap = async () => {
      const following = next("swapped");
      await wins(theirs.store, key, expected, following);
      expected = following.version;
    };
    await swap();
    let wakes = 0;
    const end = ours.store.watch(key, () => wakes++);
    const woken = (count) => async () => {
      if (count() === 0) await swap();
      return count() > 0;
    };
    await comes(
      "the watch wakes",
      woken(() => wakes),
    );
    end();
    const before = wakes;
    let others = 0;
    const endOther = ours.store.watch(key, () => others++);
    await comes(
      "the next watch wakes",
      woken(() => others),
    );
    endOther();
    endOther();
    same(wakes, before, "the wakes of a watch that was ended");
  },

  async "a lost reply is no claim: what a swap says is what is there"({ key, ours, theirs }) {
    if (!ours.loseReply) return "makeStore gives no loseReply";
    const [first, second] = [next("first"), next("second")];
    await wins(ours.store, key, null, first);
    await ours.loseReply();
    const { error, value } = await outcome(() =>
      ours.store.compareAndSwap(key, first.version, second, { ttlMs: MINUTE_MS }),
    );
    // Nobody knows whether the request was carried out, but the record does.
    const record = await recordOf(theirs.store, key);
    if (!error) same(value?.swapped, record?.version === second.version, "swapped");
    if (![first, second].some(({ version }) => version === record?.version)) {
      throw unlike("the record", `${JSON.stringify(first)} or ${JSON.stringify(second)}`, record);
    }
  },

  async "a dead connection becomes an error, for a load and for a swap"({ key, ours }) {
    if (!ours.cut) return "makeStore gives no cut";
    const first = next("first");
    await wins(ours.store, key, null, first);
    await ours.cut();
    const load = await outcome(() => ours.store.load(key));
    if (!load.error) throw unlike("load, cut off", "an error", load.value);
    const swap = await outcome(() =>
      ours.store.compareAndSwap(key, first.version, next("second"), { ttlMs: MINUTE_MS }),
    );
    if (!swap.error) throw unlike("compareAndSwap, cut off", "an error", swap.value);
  },
};
