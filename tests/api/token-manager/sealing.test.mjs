// The options seal and open, with which a store holds encrypted tokens.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { rejects } from "../../support/installed.mjs";
import { BRIEF, strays, withManagers } from "../../support/managers.mjs";

const { managed, spiedStore, TokenManager, memoryStore } = await withManagers("manager-sealing");
const noStrays = strays();
const code = "ERR_DARAJA_STORE_UNAVAILABLE";
const failed = "The store failed, and no usable token is known";

describe("sealing", () => {
  /** AES-GCM on Web Crypto. */
  async function cipher() {
    const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    const calls = { seal: 0, open: 0 };
    return {
      calls,
      async seal(text) {
        calls.seal += 1;
        const iv = crypto.getRandomValues(new Uint8Array(12));
        const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, Buffer.from(text));
        return Buffer.concat([iv, new Uint8Array(sealed)]).toString("base64");
      },
      async open(text) {
        calls.open += 1;
        const bytes = Buffer.from(text, "base64");
        const [iv, sealed] = [bytes.subarray(0, 12), bytes.subarray(12)];
        return Buffer.from(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, sealed)).toString();
      },
    };
  }

  test("happens once for each token, and the store never gets a plain token", async (t) => {
    // Mock timers switch off the store's time limit, because Web Crypto may be slow on a busy machine.
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const { seal, open, calls } = await cipher();
    const store = spiedStore();
    const { tokens, simulator, credentials } = managed({ store, seal, open, policy: { drainMs: 0 } });
    const first = await tokens.getToken();
    simulator.advance(3_400_000);
    const second = await tokens.getToken();
    assert.equal(calls.seal, 2);
    for (const { next } of store.written) {
      for (const { accessToken } of [first, second]) assert.ok(!next.value.includes(accessToken));
    }
    const shared = { ...credentials, store, seal, open, fetch: simulator.fetch, now: () => simulator.now() };
    assert.equal((await new TokenManager(shared).getToken()).accessToken, second.accessToken);
  });

  test("that fails, hangs or gives no text counts as a failure of the store, with its cause", async () => {
    const thrown = new Error("a vault's error");
    for (const [seal, cause] of [
      [() => Promise.reject(thrown), "a vault's error"],
      [() => new Promise(() => {}), "no answer within 20 ms"],
      [() => undefined, "expected a string"],
    ]) {
      // The manager uses its own token, although it cannot share it.
      const store = spiedStore();
      const { tokens } = managed({ store, seal, open: (text) => text, policy: BRIEF });
      assert.equal((await tokens.getToken()).expiresIn, 3599);
      assert.ok(store.written.every(({ value }) => value.token === ""));

      const shared = memoryStore();
      const writer = managed({ store: shared, seal: (text) => text, open: (text) => text });
      await writer.tokens.getToken();
      const { tokens: reader, simulator } = managed({ store: shared, open: seal, policy: BRIEF });
      assert.equal((await rejects(reader.getToken(), code, failed)).cause.message, cause);
      assert.equal(simulator.requests.length, 0);
    }
    await noStrays();
  });

  test("can be rolled out in two steps: first open everywhere, then seal", async () => {
    const store = memoryStore();
    const { seal, open, calls } = await cipher();
    const { simulator, tokens, generated } = managed({ store });
    const { accessToken } = await tokens.getToken();
    const ready = managed({ store, open }, { simulator });
    const sealing = managed({ store, seal, open }, { simulator });
    for (const { tokens } of [ready, sealing]) assert.equal((await tokens.getToken()).accessToken, accessToken);
    assert.deepEqual([calls.open, generated()], [0, 1]);
    simulator.advance(3_599_000);
    const { accessToken: next } = await sealing.tokens.getToken();
    assert.equal((await ready.tokens.getToken()).accessToken, next);
    assert.deepEqual([calls.seal, generated()], [1, 2]);
    // A manager without `open` does not use the sealed text as a token.
    const { tokens: old } = managed({ store, policy: BRIEF }, { simulator });
    const error = await rejects(old.getToken(), code, failed);
    assert.equal(error.cause.message, "the token in the store is sealed, and the option open is not given");
    assert.equal(generated(), 2);
  });

  test("with another key counts as no token if open gives null", async () => {
    const store = memoryStore();
    const theirs = await cipher();
    await managed({ store, seal: theirs.seal, open: theirs.open }).tokens.getToken();
    const { seal, open } = await cipher();
    const openOrNull = (text) => open(text).catch(() => null);
    const { tokens, generated } = managed({ store, seal, open: openOrNull });
    assert.equal((await tokens.getToken()).expiresIn, 3599);
    assert.equal(generated(), 1);
  });
});
