// renewInBackground: the manager renews a token in time without a call, and stops when it is closed.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";
import { settled } from "../../support/installed.mjs";
import { strays, withManagers } from "../../support/managers.mjs";

const { managed } = await withManagers("manager-background");
const noStrays = strays();
const policy = { drainMs: 0 };

const { now } = performance;
let passed = 0;

/** Moves time forward for timers, for Daraja's clock, and for the clock that a back-off uses. */
async function pass(simulator, ms) {
  simulator.advance(ms);
  passed += ms;
  mock.timers.tick(ms);
  await settled();
}

describe("a manager that renews in the background", () => {
  beforeEach(() => {
    mock.timers.enable({ apis: ["setTimeout"] });
    mock.method(performance, "now", () => now.call(performance) + passed);
  });
  afterEach(() => {
    mock.timers.reset();
    mock.restoreAll();
  });

  test("gets each new token over four minutes before the old one ends, without a call", async () => {
    const { tokens, simulator, generated, events } = managed({ renewInBackground: true, policy });
    const first = await tokens.getToken();
    for (let renewal = 2; renewal <= 5; renewal++) {
      await pass(simulator, 3_330_000);
      assert.equal(generated(), renewal);
    }
    assert.notEqual(tokens.peek().accessToken, first.accessToken);
    assert.equal(events.filter(({ type, reason }) => type === "renewed" && reason === "renewal").length, 4);
    tokens.close();
    await noStrays();
  });

  test("tries again after a failed renewal, and callers get the old token in between", async () => {
    const { tokens, simulator, generated } = managed({ renewInBackground: true, policy, retries: 0 });
    const token = await tokens.getToken();
    simulator.inject({ kind: "unavailable", path: "/oauth/" });
    await pass(simulator, 3_330_000);
    assert.equal((await tokens.getToken()).accessToken, token.accessToken);
    for (let tries = 0; tries < 6 && generated() < 2; tries++) await pass(simulator, 10_000);
    assert.equal(generated(), 2);
    tokens.close();
    await noStrays();
  });

  test("does nothing after it is closed", async () => {
    const { tokens, simulator } = managed({ renewInBackground: true, policy });
    await tokens.getToken();
    tokens.close();
    await pass(simulator, 3_330_000);
    assert.equal(simulator.requests.length, 1);
  });

  test("renews in the background only if the option says so", async () => {
    const { tokens, simulator } = managed({ policy });
    await tokens.getToken();
    await pass(simulator, 3_330_000);
    assert.equal(simulator.requests.length, 1);
    await tokens.getToken();
    assert.equal(simulator.requests.length, 2);
  });
});
