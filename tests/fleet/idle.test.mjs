// How often an instance uses the store. The test controls the clock and counts the operations.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";
import { settled } from "../support/installed.mjs";
import { withManagers } from "../support/managers.mjs";

const { managed, memoryStore } = await withManagers("fleet-idle");

/** A store whose operations are counted. */
function counted() {
  const inner = memoryStore();
  const counts = { load: 0, compareAndSwap: 0 };
  const counting =
    (name) =>
    (...args) => {
      counts[name] += 1;
      return inner[name](...args);
    };
  // This store has no `watch`, like stores that cannot notify.
  return { store: { load: counting("load"), compareAndSwap: counting("compareAndSwap") }, counts };
}

describe("an instance with a live token", () => {
  beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
  afterEach(() => mock.timers.reset());

  /** Moves timers and the wall clock forward. */
  async function pass(simulator, ms) {
    simulator.advance(ms);
    mock.timers.tick(ms);
    await settled();
  }

  test("that is asked a thousand times in nine seconds does not use the store", async () => {
    const { store, counts } = counted();
    const { tokens, simulator } = managed({ store });
    const { accessToken } = await tokens.getToken();
    const before = { ...counts };
    for (let call = 0; call < 1_000; call++) {
      assert.equal((await tokens.getToken()).accessToken, accessToken);
      await pass(simulator, 9);
    }
    assert.deepEqual(counts, before);
  });

  test("that is asked each second for five minutes loads the record every ten seconds, and writes nothing", async () => {
    const { store, counts } = counted();
    const { tokens, simulator } = managed({ store });
    await tokens.getToken();
    const before = { ...counts };
    for (let second = 0; second < 300; second++) {
      await pass(simulator, 1_000);
      await tokens.getToken();
    }
    assert.deepEqual(counts, { load: before.load + 30, compareAndSwap: before.compareAndSwap });
  });

  for (const renewInBackground of [false, true]) {
    test(`that gets no calls uses the store ${renewInBackground ? "only when it renews" : "never"}`, async () => {
      const { store, counts } = counted();
      const { tokens, simulator, generated } = managed({ store, renewInBackground, policy: { drainMs: 0 } });
      await tokens.getToken();
      const before = { ...counts };
      // The loop ends just before the earliest renewal, which is 5 minutes before the token's end.
      for (let look = 0; look < 329; look++) await pass(simulator, 10_000);
      assert.deepEqual(counts, before);
      for (let look = 0; look < 4; look++) await pass(simulator, 10_000);
      const renewals = renewInBackground ? 1 : 0;
      assert.equal(generated(), 1 + renewals);
      // A renewal writes three times: to take the lease, to extend the lease before the attempt, to publish the token.
      assert.deepEqual(counts, {
        load: before.load + renewals,
        compareAndSwap: before.compareAndSwap + 3 * renewals,
      });
      tokens.close();
    });
  }
});
