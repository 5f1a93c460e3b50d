// Traps at a chosen call into or out of the shipped module. Every waiting call rejects, the next call works, and the
// record stays.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { anExport, anImport, isPending, trapAt } from "../../support/forced-trap.mjs";
import { rejection, settled } from "../../support/installed.mjs";
import { BRIEF, gate, strays, withManagers } from "../../support/managers.mjs";

/** Whether a call is a step of an acquisition. Only steps have random bits in their time argument. */
const aStep = (kind, args) => kind === "export" && args.some((arg) => arg?.random > 0);

const { managed, spiedStore, DarajaError, memoryStore } = await withManagers("manager-traps");
const noStrays = strays();
const message = "daraja-auth failed inside its WebAssembly module";

async function isOurFault(promise) {
  const error = await rejection(promise);
  assert.ok(error instanceof DarajaError);
  assert.deepEqual([error.code, error.message], ["ERR_DARAJA_INTERNAL", message]);
  assert.ok(error.cause instanceof WebAssembly.RuntimeError);
}

describe("a trap", () => {
  test("during a request to Daraja rejects every waiting call of every manager, and the next call works", async () => {
    const { opened, open } = gate();
    const answered = gate();
    const first = managed({
      policy: { ...BRIEF, leaseMarginMs: 50 },
      timeoutMs: 100,
      retries: 0,
      fetch: async (...args) => {
        answered.open();
        await opened;
        return first.simulator.fetch(...args);
      },
    });
    const second = managed({ fetch: () => new Promise(() => {}), retries: 0 });
    const waiting = [...Array.from({ length: 50 }, () => first.tokens.getToken()), second.tokens.getToken()];
    await answered.opened;
    trapAt(anExport);
    open();
    for (const call of waiting) await isOurFault(call);
    // The next call waits until the lease of the acquisition that the trap ended is over.
    first.simulator.advance(1_000);
    assert.equal((await first.tokens.getToken()).expiresIn, 3599);
    second.tokens.close();
    await noStrays();
  });

  test("leaves the record in the store as it is: the next call finds its token there", async () => {
    const store = memoryStore();
    const { tokens, generated } = managed({ store });
    const { accessToken } = await tokens.getToken();
    trapAt(aStep);
    await isOurFault(tokens.report("another"));
    assert.equal((await tokens.getToken()).accessToken, accessToken);
    assert.equal(generated(), 1);
    await noStrays();
  });

  test("leaves fetch, report, peek and close usable", async () => {
    for (const use of [
      (tokens) => tokens.fetch("/mpesa/b2b/v1/remittax", { method: "POST", body: "{}" }),
      (tokens) => tokens.report("x"),
      (tokens) => tokens.peek(),
      (tokens) => tokens.close(),
    ]) {
      const { tokens } = managed();
      await tokens.getToken();
      trapAt(aStep);
      await isOurFault(tokens.report("another"));
      await use(tokens);
      assert.equal(isPending(), false);
      tokens.close();
    }
    await noStrays();
  });

  test("after an API has answered does not change the answer", async () => {
    const { tokens } = managed();
    await tokens.getToken();
    const carried = await tokens.fetch("/mpesa/b2b/v1/remittax", { method: "POST", body: "{}" });
    assert.equal(carried.status, 200);
    let sent = 0;
    const fetch = async (url, init) => {
      if (String(url).includes("/oauth/")) return simulator.fetch(url, init);
      sent++;
      // After a rejection, the manager writes into the record that the endpoint accepted a token. So it enters the module.
      if (sent === 1) return Response.json({ errorCode: "404.001.03" }, { status: 404 });
      trapAt(aStep);
      return Response.json({ paid: true });
    };
    const { tokens: others, simulator } = managed({ fetch });
    const response = await others.fetch("/mpesa/b2b/v1/remittax", { method: "POST", body: "{}" });
    assert.deepEqual(await response.json(), { paid: true });
    await setImmediate();
    assert.equal(isPending(), false);
    await noStrays();
  });

  test("in the constructor is thrown, and the next manager works", () => {
    trapAt(anExport);
    assert.throws(() => managed(), { code: "ERR_DARAJA_INTERNAL", message });
    managed().tokens.close();
  });

  test("causes no error when the garbage collector frees the ended instance's managers", async () => {
    setFlagsFromString("--expose-gc");
    const gc = runInNewContext("gc");
    for (let i = 0; i < 5; i++) {
      const { tokens } = managed();
      await tokens.getToken();
      // The trap happens in a function that a method of the core calls, while Rust has borrowed the core.
      trapAt(anImport);
      assert.throws(() => tokens.peek(), { code: "ERR_DARAJA_INTERNAL", message });
      assert.equal((await tokens.getToken()).expiresIn, 3599);
      tokens.close();
    }
    for (let turn = 0; turn < 5; turn++) {
      gc();
      await settled();
    }
    await noStrays();
  });

  test("ends waiting acquisitions, so that their timers keep no process alive", async () => {
    let loads = 0;
    const store = spiedStore({
      load: () => {
        loads += 1;
        return Promise.reject(new Error("the store failed"));
      },
    });
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    await settled();
    const before = timers();
    const policy = { ...BRIEF, storePatienceMs: 30_000, firstPauseMs: 10_000, longestPauseMs: 10_000 };
    const { tokens } = managed({ store, policy });
    const waiting = rejection(tokens.getToken());
    // This waits until the acquisition pauses before its second load.
    while (loads === 0) await settled();
    await settled();
    assert.ok(timers() > before);
    const other = managed();
    trapAt(aStep);
    await isOurFault(other.tokens.getToken());
    assert.equal((await waiting).code, "ERR_DARAJA_INTERNAL");
    assert.equal(tokens.peek(), null);
    await settled();
    assert.equal(timers(), before);
  });
});
