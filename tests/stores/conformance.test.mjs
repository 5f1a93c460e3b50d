// The conformance suite finds faults: each store that is broken on purpose fails the tests that are about its fault.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { memoryStore, storeConformance } from "./contract.mjs";

const HERDS = ["200 concurrent creates have one winner", "200 concurrent swaps from the same version have one winner"];
const NULL_REFUSED = "a swap that expects no record fails if there is one";
const EXPECTED_REFUSED = "a swap that expects a version fails if there is no record";
const STALE_REFUSED = "a swap that expects an old version fails";
const VERSIONS = "a version is the caller's, and never counts again after the next swap";
const EXPIRED = "an expired record counts as none";
const LIFE = "each swap sets the time to live again";
const CLOCK = "each answer has the store's clock, which never goes backwards";
const SHARED = "another instance loads a record, and can replace it";
const WATCH = "a watch wakes at the swap of another instance, until it is ended";
const TORN = "a load never sees half a swap";
const LOST = "after a lost reply, a swap gives the true result or an error";
const DEAD = "on a dead connection, a load and a swap give an error";
const KEYS = "keys with colons and slashes do not collide";
const NEVER = "a key that was never written has no record";

/** The tests that a store fails, with their messages. Each operation has `patienceMs` to answer. */
async function failures(makeStore, patienceMs = 5000) {
  const failed = new Map();
  const tests = storeConformance(makeStore, { patienceMs });
  await Promise.all(tests.map(({ name, run }) => run().catch(({ message }) => failed.set(name, message))));
  return failed;
}

/** A store with some operations replaced. Each replacement gets the correct store as its first argument. */
function brokenStore({ load, compareAndSwap, watch } = {}) {
  const sound = memoryStore();
  const store = {
    load: (key) => (load ? load(sound, key) : sound.load(key)),
    compareAndSwap: (...args) => (compareAndSwap ? compareAndSwap(sound, ...args) : sound.compareAndSwap(...args)),
    watch: (...args) => (watch ? watch(sound, ...args) : sound.watch(...args)),
  };
  return () => store;
}

/** Swaps without a look at the expected version. */
async function force(sound, key, next, options) {
  for (;;) {
    const { record } = await sound.load(key);
    const answer = await sound.compareAndSwap(key, record?.version ?? null, next, options);
    if (answer.swapped) return answer;
  }
}

/** Reads first and writes later, as a store without an atomic write must. */
async function getAndSet(sound, key, expected, next, options) {
  const { record } = await sound.load(key);
  if ((record?.version ?? null) !== expected) return { swapped: false };
  await new Promise(setImmediate);
  return force(sound, key, next, options);
}

/** Ignores the caller's versions. It counts from one, and starts again for each new record. */
async function count(sound, key, expected, { value }, options) {
  const held = Number((await sound.load(key)).record?.version ?? 0);
  return sound.compareAndSwap(key, expected, { version: String(held + 1), value }, options);
}

/** Treats two versions as equal if their values are equal, as a store that compares checksums does. */
function checksums() {
  const values = new Map();
  return brokenStore({
    async compareAndSwap(sound, key, expected, next, options) {
      values.set(next.version, next.value);
      const { record } = await sound.load(key);
      const isSame = record !== null && values.get(expected) === record.value;
      return sound.compareAndSwap(key, isSame ? record.version : expected, next, options);
    },
  });
}

/** A store behind a network that the suite can break. `onFault` says what an operation does with a failure. */
function distant(onFault) {
  const sound = memoryStore();
  return () => {
    let isCut = false;
    let isLosing = false;
    const send = async (operation) => {
      if (isCut) throw new Error("cut off");
      const answer = await operation();
      if (isLosing) {
        isLosing = false;
        throw new Error("the reply was lost");
      }
      return answer;
    };
    return {
      store: {
        load: (key) => send(() => sound.load(key)).catch((error) => onFault.load(error)),
        compareAndSwap: (...args) =>
          send(() => sound.compareAndSwap(...args)).catch((error) => onFault.compareAndSwap(error)),
      },
      loseReply: () => {
        isLosing = true;
      },
      cut: () => {
        isCut = true;
      },
    };
  };
}

const rethrow = (error) => {
  throw error;
};
const honest = { load: rethrow, compareAndSwap: rethrow };

describe("storeConformance", { concurrency: true }, () => {
  test("a correct store passes every test, also over a network that breaks", async () => {
    assert.deepEqual([...(await failures(brokenStore()))], []);
    assert.deepEqual([...(await failures(distant(honest)))], []);
  });

  for (const [what, makeStore, sentences] of [
    [
      "answers yes to every swap, but makes only the right ones",
      () =>
        brokenStore({
          compareAndSwap: async (sound, ...args) => ({ ...(await sound.compareAndSwap(...args)), swapped: true }),
        }),
      [...HERDS, NULL_REFUSED, EXPECTED_REFUSED, STALE_REFUSED, VERSIONS, EXPIRED],
    ],
    [
      "ignores the expected version",
      () => brokenStore({ compareAndSwap: (sound, key, _expected, next, options) => force(sound, key, next, options) }),
      [...HERDS, NULL_REFUSED, EXPECTED_REFUSED, STALE_REFUSED, VERSIONS, EXPIRED],
    ],
    ["reads first and writes later", () => brokenStore({ compareAndSwap: getAndSet }), HERDS],
    [
      "ignores the expected version if it is null",
      () =>
        brokenStore({
          compareAndSwap: (sound, key, expected, next, options) =>
            expected === null ? force(sound, key, next, options) : sound.compareAndSwap(key, expected, next, options),
        }),
      [HERDS[0], NULL_REFUSED],
    ],
    [
      "makes a new record although the caller expected an old one",
      () =>
        brokenStore({
          async compareAndSwap(sound, key, expected, next, options) {
            const { record } = await sound.load(key);
            return sound.compareAndSwap(key, record ? expected : null, next, options);
          },
        }),
      [EXPECTED_REFUSED, EXPIRED],
    ],
    ["compares values instead of versions", checksums, [VERSIONS]],
    [
      "never lets a record expire",
      () =>
        brokenStore({
          compareAndSwap: (sound, key, expected, next) => sound.compareAndSwap(key, expected, next, { ttlMs: 1e9 }),
        }),
      [EXPIRED, LIFE],
    ],
    [
      "hides a failure and answers that there is no record",
      () => distant({ load: () => ({ record: null }), compareAndSwap: () => ({ swapped: false }) }),
      [LOST, DEAD],
    ],
    ["hides the failure of a load only", () => distant({ ...honest, load: () => ({ record: null }) }), [DEAD]],
    [
      "claims that it swapped, although it never saw the reply",
      () => distant({ ...honest, compareAndSwap: () => ({ swapped: true }) }),
      [DEAD],
    ],
    [
      "gives the time only if there is a record",
      () =>
        brokenStore({
          async load(sound, key) {
            const { record } = await sound.load(key);
            return record ? { record, now: Date.now() } : { record };
          },
        }),
      [CLOCK],
    ],
    [
      "has a clock that runs backwards",
      () => {
        let now = 1e12;
        return brokenStore({
          load: async (sound, key) => ({ ...(await sound.load(key)), now: now-- }),
          compareAndSwap: async (sound, ...args) => ({ ...(await sound.compareAndSwap(...args)), now: now-- }),
        });
      },
      [CLOCK],
    ],
    [
      "calls a watcher after the watch has ended",
      () =>
        brokenStore({
          watch(sound, key, wake) {
            sound.watch(key, wake);
            return () => {};
          },
        }),
      [WATCH],
    ],
    [
      "folds keys to lower case",
      () =>
        brokenStore({
          load: (sound, key) => sound.load(key.toLowerCase()),
          compareAndSwap: (sound, key, ...args) => sound.compareAndSwap(key.toLowerCase(), ...args),
        }),
      [KEYS],
    ],
    [
      "replaces half a surrogate pair",
      () =>
        brokenStore({
          compareAndSwap: (sound, key, expected, { version, value }, options) =>
            sound.compareAndSwap(key, expected, { version, value: Buffer.from(value).toString() }, options),
        }),
      ["a value that the engine cannot store is an error, and is not changed"],
    ],
    [
      "trims values",
      () =>
        brokenStore({
          compareAndSwap: (sound, key, expected, { version, value }, options) =>
            sound.compareAndSwap(key, expected, { version, value: value.trim() }, options),
        }),
      ["a strange value comes back unchanged"],
    ],
    [
      "cuts values at 20,000 characters",
      () =>
        brokenStore({
          compareAndSwap: (sound, key, expected, { version, value }, options) =>
            sound.compareAndSwap(key, expected, { version, value: value.slice(0, 20_000) }, options),
        }),
      ["a large value comes back unchanged"],
    ],
  ]) {
    test(`a store that ${what} fails the tests about that`, async () => {
      const failed = await failures(makeStore());
      assert.deepEqual([...failed.keys()].sort(), [...new Set(sentences)].sort());
    });
  }

  // These stores also fail other tests, so only the listed ones are checked.
  for (const [what, makeStore, sentences] of [
    ["counts versions by itself", brokenStore({ compareAndSwap: count }), [SHARED, ...HERDS, VERSIONS]],
    ["gives each instance a memory of its own", () => memoryStore(), [SHARED, ...HERDS, WATCH]],
  ]) {
    test(`a store that ${what} fails the tests about that`, async () => {
      const failed = await failures(makeStore);
      assert.deepEqual(
        sentences.filter((sentence) => !failed.has(sentence)),
        [],
      );
    });
  }

  test("a store that never answers fails with a message that says so, and names the operation", async () => {
    const pending = () => new Promise(() => {});
    const hanging = () => ({ store: brokenStore({ load: pending, compareAndSwap: pending })(), cut() {} });
    const failed = await failures(hanging, 50);
    assert.equal(failed.get(NEVER), "load did not settle within 50 ms");
    assert.equal(failed.get(DEAD), "compareAndSwap did not settle within 50 ms");
  });

  test("a failure says what was expected and what was found", async () => {
    const failed = await failures(brokenStore({ load: async () => ({}) }));
    assert.equal(failed.get(NEVER), "load: expected { record, now? }, found {}");
    const refused = await failures(brokenStore({ compareAndSwap: async () => ({ swapped: false }) }));
    assert.equal(refused.get(HERDS[0]), "the number of winners: expected 1, found 0");
    assert.match(refused.get(TORN), /^swapped, from version null: expected true, found false$/);
  });

  test("an argument that is not a function is refused", () => {
    assert.throws(() => storeConformance(memoryStore()), {
      code: "ERR_DARAJA_INVALID_OPTION",
      message: "makeStore: expected a function that makes a store, found an object",
    });
  });

  test("every store that was made is closed, also after a test that failed", async () => {
    let open = 0;
    const makeStore = () => {
      open++;
      return { store: { ...memoryStore(), load: rethrow }, close: () => open-- };
    };
    await failures(makeStore, 50);
    assert.equal(open, 0);
  });
});
