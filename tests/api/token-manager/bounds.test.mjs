// The manager accepts values of stores and clocks only within bounds of size, unit and year.
import assert from "node:assert/strict";
import { describe, mock, test } from "node:test";
import { rejects } from "../../support/installed.mjs";
import { BRIEF, strays, withManagers } from "../../support/managers.mjs";

const { managed, memoryStore } = await withManagers("bounds");
const noStrays = strays();
const code = "ERR_DARAJA_STORE_UNAVAILABLE";

describe("a store's clock", () => {
  for (const [unit, now] of Object.entries({
    seconds: () => Date.now() / 1000,
    microseconds: () => Date.now() * 1000,
    nanoseconds: () => Date.now() * 1_000_000,
    "no unit at all": () => Number.POSITIVE_INFINITY,
  })) {
    test(`in ${unit} is an error that asks about the unit, and nothing is generated`, async () => {
      const inner = memoryStore();
      const store = {
        load: async (key) => ({ ...(await inner.load(key)), now: now() }),
        compareAndSwap: async (...args) => ({ ...(await inner.compareAndSwap(...args)), now: now() }),
      };
      const { tokens, generated } = managed({ store, policy: BRIEF });
      const { cause } = await rejects(tokens.getToken(), code, "The store failed, and no usable token is known");
      const message =
        "now: expected milliseconds since the epoch, found a number that is over a year from this machine's clock: is it in another unit?";
      assert.equal(cause.message, message);
      assert.equal(generated(), 0);
      await noStrays();
    });
  }

  test("that is a day off is accepted", async () => {
    const inner = memoryStore();
    const now = () => Date.now() + 86_400_000;
    const store = {
      load: async (key) => ({ ...(await inner.load(key)), now: now() }),
      compareAndSwap: async (...args) => ({ ...(await inner.compareAndSwap(...args)), now: now() }),
    };
    assert.equal((await managed({ store }).tokens.getToken()).expiresIn, 3599);
  });
});

describe("a record", () => {
  const holding = (value) => ({
    load: async () => ({ record: { version: "v", value } }),
    compareAndSwap: async () => ({ swapped: true }),
  });

  test("of over 65536 characters is refused, and is not parsed", async () => {
    const { tokens, generated } = managed({
      store: holding(`{"schema":1,"token":"${"x".repeat(65_536)}"}`),
      policy: BRIEF,
    });
    const parse = mock.method(JSON, "parse");
    try {
      const message = "Expected a record of schema 1 in the store, found something else";
      await rejects(tokens.getToken(), code, message);
      assert.equal(parse.mock.callCount(), 0);
    } finally {
      parse.mock.restore();
    }
    assert.equal(generated(), 0);
  });

  test("whose token is longer than 65536 characters after open is a failure", async () => {
    const store = memoryStore();
    const seal = async (token) => token;
    await managed({ store, seal, open: seal }).tokens.getToken();
    const open = async () => "x".repeat(65_537);
    const { tokens } = managed({ store, seal, open, policy: BRIEF });
    const { cause } = await rejects(tokens.getToken(), code, "The store failed, and no usable token is known");
    assert.equal(cause.message, "expected at most 65536 characters");
  });
});

describe("a machine whose clock is before 1970", () => {
  test("is the reason that the errors of getToken, fetch and report give", async () => {
    const { tokens, generated } = managed({ now: undefined });
    const clock = mock.method(Date, "now", () => -86_400_000);
    try {
      const message = "now: expected a clock after 1970, found one before";
      for (const call of [
        () => tokens.getToken(),
        () => tokens.getToken({}),
        () => tokens.fetch("/mpesa/x"),
        () => tokens.report("x"),
      ]) {
        await rejects(call(), "ERR_DARAJA_INVALID_OPTION", message);
      }
    } finally {
      clock.mock.restore();
    }
    assert.equal(generated(), 0);
    assert.equal((await tokens.getToken()).expiresIn, 3599);
  });
});
