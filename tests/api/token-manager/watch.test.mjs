// A store's watch: how it wakes a manager, and how a hostile watch behaves.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { strays, withManagers } from "../../support/managers.mjs";

const { managed, spiedStore, Simulator, TokenManager, memoryStore } = await withManagers("manager-watch");
const noStrays = strays();

describe("a store's watch", () => {
  test("that throws, rejects or gives a wrong value is ignored", async () => {
    for (const watch of [
      () => assert.fail("a store's error"),
      async () => assert.fail("a store's error"),
      () => 5,
      () => () => assert.fail("a store's error"),
      () => async () => assert.fail("a store's error"),
    ]) {
      const { tokens } = managed({ store: { ...memoryStore(), watch } });
      assert.equal((await tokens.getToken()).expiresIn, 3599);
      tokens.close();
    }
    await noStrays();
  });

  test("that reports a change during an acquisition takes effect after it", async () => {
    const changed = {};
    const store = spiedStore(changed);
    let wake;
    store.watch = (_, woken) => {
      wake = woken;
      return () => {};
    };
    let loads = 0;
    changed.load = (key) => {
      loads += 1;
      return store.inner.load(key);
    };
    changed.compareAndSwap = (...args) => {
      wake();
      return store.inner.compareAndSwap(...args);
    };
    const { tokens, generated } = managed({ store });
    await tokens.getToken();
    const before = loads;
    await tokens.getToken();
    assert.equal(loads, before + 1);
    await tokens.getToken();
    assert.equal(loads, before + 1);
    assert.equal(generated(), 1);
  });

  test("is for one record, changes with the app, and ends with the manager", async () => {
    const simulator = new Simulator();
    const [first, second] = simulator.apps;
    let app = first;
    const watched = [];
    const store = {
      ...memoryStore(),
      watch(key) {
        watched.push(key);
        return () => watched.splice(watched.indexOf(key), 1);
      },
    };
    const { tokens } = managed(
      { store, credentials: () => ({ consumerKey: app.consumerKey, consumerSecret: app.consumerSecret }) },
      { simulator },
    );
    await tokens.getToken();
    const [before] = watched;
    app = second;
    simulator.advance(3_599_000);
    await tokens.getToken();
    assert.equal(watched.length, 1);
    assert.notEqual(watched[0], before);
    tokens.close();
    tokens.close();
    assert.deepEqual(watched, []);
  });

  test("that reports a change makes the manager load the record at once", async () => {
    const store = memoryStore();
    const wakes = [];
    let unwatched = 0;
    store.watch = (_, woken) => {
      wakes.push(woken);
      return () => {
        unwatched += 1;
      };
    };
    const { simulator, tokens, credentials } = managed({ store });
    const first = await tokens.getToken();
    const peer = new TokenManager({ ...credentials, store, fetch: simulator.fetch, now: () => simulator.now() });
    await peer.getToken();
    const second = await peer.report(first.accessToken);
    assert.equal(await tokens.getToken(), first);
    for (const wake of wakes) wake();
    assert.equal((await tokens.getToken()).accessToken, second.accessToken);
    tokens.close();
    peer.close();
    assert.equal(unwatched, 2);
  });
});
