import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { keepsTheContract, memoryStore, NO_CLOCK, NO_NETWORK, next } from "./contract.mjs";

describe("memoryStore", () => {
  const store = memoryStore();
  keepsTheContract(() => store, [NO_CLOCK, ...NO_NETWORK]);

  test("two stores share nothing", async () => {
    const [ours, theirs] = [memoryStore(), memoryStore()];
    await ours.compareAndSwap("key", null, next("ours"), { ttlMs: 1000 });
    assert.deepEqual(await theirs.load("key"), { record: null });
  });

  test("no record expires because the wall clock jumps", async (t) => {
    const store = memoryStore();
    const first = next("first");
    await store.compareAndSwap("key", null, first, { ttlMs: 60_000 });
    t.mock.timers.enable({ apis: ["Date"], now: Date.now() + 86_400_000 });
    assert.deepEqual(await store.load("key"), { record: first });
  });

  test("a caller that changes its copy of a record does not change the store", async () => {
    const store = memoryStore();
    const given = next("first");
    const { version } = given;
    await store.compareAndSwap("key", null, given, { ttlMs: 60_000 });
    given.value = "changed";
    const { record } = await store.load("key");
    assert.throws(() => {
      record.value = "changed";
    }, TypeError);
    assert.deepEqual(await store.load("key"), { record: { version, value: "first" } });
  });
});
