// The token that a TokenManager gives, and its errors.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import { rejection, rejects } from "../../support/installed.mjs";
import { withManagers } from "../../support/managers.mjs";

const { managed, memoryStore, DarajaError, Simulator } = await withManagers("manager-token");

describe("the token", () => {
  test("is the same object until it is renewed, about five minutes before its end", async () => {
    const { simulator, tokens, events } = managed({ policy: { drainMs: 0 } });
    const token = await tokens.getToken();
    assert.deepEqual(Object.keys(token), ["accessToken", "expiresIn", "expiresAt"]);
    // It is renewed 299.9 seconds before its end, or later by up to a tenth of that.
    simulator.advance(3_298_000);
    assert.equal(await tokens.getToken(), token);
    simulator.advance(31_000);
    const successor = await tokens.getToken();
    assert.notEqual(successor.accessToken, token.accessToken);
    assert.deepEqual(
      events.map(({ type, reason, epoch }) => [type, reason, epoch]),
      [
        ["lease-taken", "missing", 0],
        ["generated", "missing", 1],
        ["lease-taken", "renewal", 1],
        ["renewed", "renewal", 2],
      ],
    );
    assert.ok(events.every((event) => Object.isFrozen(event) && event.durationMs >= 0));
  });

  test("is null for peek() before the first token, after the token's end, and after close", async () => {
    const { simulator, tokens } = managed();
    assert.equal(tokens.peek(), null);
    const token = await tokens.getToken();
    assert.equal(tokens.peek(), token);
    simulator.advance(3_599_000);
    assert.equal(tokens.peek(), null);
    await tokens.getToken();
    tokens.close();
    assert.equal(tokens.peek(), null);
  });

  test("is the same for all instances that share a store", async () => {
    const store = memoryStore();
    const simulator = new Simulator();
    const fleet = Array.from({ length: 20 }, () => managed({ store }, { simulator }));
    const all = await Promise.all(fleet.map(({ tokens }) => tokens.getToken()));
    assert.equal(new Set(all.map(({ accessToken }) => accessToken)).size, 1);
    assert.equal(fleet[0].generated(), 1);
  });
});

describe("a failure", () => {
  test("reaches every waiting call with the number of attempts, and is forgotten after its back-off", async () => {
    const { simulator, tokens } = managed({ retries: 0, policy: { failureBackoffMs: 1 } });
    simulator.inject({ kind: "quota", path: "/oauth/" });
    const errors = await Promise.all(Array.from({ length: 20 }, () => rejection(tokens.getToken())));
    for (const error of errors) {
      assert.ok(error instanceof DarajaError);
      assert.deepEqual([error.code, error.attempts], ["ERR_DARAJA_RATE_LIMITED", 1]);
    }
    assert.equal(simulator.requests.length, 1);
    assert.equal((await tokens.getToken()).expiresIn, 3599);
  });

  test("of the credentials is remembered for a while, without more requests", async (t) => {
    const { simulator, tokens, credentials } = managed({ consumerSecret: "wrong" });
    const message = "Daraja did not accept the consumer key and secret (HTTP 400)";
    for (let i = 0; i < 10; i++) await rejects(tokens.getToken(), "ERR_DARAJA_INVALID_CREDENTIALS", message);
    assert.equal(simulator.requests.length, 1);
    const error = await rejection(tokens.getToken());
    assert.ok(error.retryAfterMs > 0 && error.retryAfterMs <= 5_000);
    // The back-off uses the clock that never jumps.
    const { now } = performance;
    t.mock.method(performance, "now", () => now.call(performance) + 5_000);
    await rejects(tokens.getToken(), "ERR_DARAJA_INVALID_CREDENTIALS", message);
    assert.equal(simulator.requests.length, 2);
    assert.ok(!inspect(error, { depth: 9 }).includes(credentials.consumerSecret));
  });

  test("of the network is tried again once, and has the original error as its cause", async () => {
    const thrown = new Error("a cable's error");
    let calls = 0;
    const { tokens } = managed({
      policy: { failureBackoffMs: 1 },
      fetch: async () => {
        calls += 1;
        throw thrown;
      },
    });
    const error = await rejects(tokens.getToken(), "ERR_DARAJA_NETWORK", "No answer from Daraja: fetch failed");
    assert.deepEqual([error.cause, error.attempts, calls], [thrown, 2, 2]);
  });
});
