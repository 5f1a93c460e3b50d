// A Simulator refuses options and faults that it cannot use. The error says what is wrong.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { runInNewContext } from "node:vm";
import { installed } from "../../support/installed.mjs";

let Simulator;
let DarajaError;
before(async () => {
  ({ Simulator, DarajaError } = await installed("simulator-options"));
});

/** Checks that a function throws a DarajaError for an option, with that message. */
function refuses(run, message) {
  assert.throws(run, (error) => {
    assert.ok(error instanceof DarajaError, String(error));
    assert.deepEqual([error.code, error.message], ["ERR_DARAJA_INVALID_OPTION", message]);
    assert.match(error.hint, /\.$/);
    return true;
  });
}

describe("a Simulator", () => {
  const throwing = {
    get seed() {
      throw new Error("a getter of the caller's");
    },
  };
  const app = { name: "a", consumerKey: "k", consumerSecret: "canary-s3cret" };

  test("refuses wrong options with an error that says what is wrong and shows no value", () => {
    for (const [options, message] of [
      [null, "options: expected a plain object, found null"],
      ["x", "options: expected a plain object, found a string"],
      [[], "options: expected a plain object, found an array"],
      [new Map([["seed", 5]]), "options: expected a plain object, found an instance of a class"],
      [new (class Options {})(), "options: expected a plain object, found an instance of a class"],
      [throwing, "options: expected plain data, found a property that throws when it is read"],
      [{ now: 5 }, "now: expected a function, found a number"],
      [{ now: null }, "now: expected a function, found null"],
      [{ now: {} }, "now: expected a function, found an object"],
      [{ onRequest: [] }, "onRequest: expected a function, found an array"],
      [{ graceMs: Number.NaN }, "graceMs is not valid"],
      [{ seed: Number.POSITIVE_INFINITY }, "seed is not valid"],
      [{ supersede: Number.NaN }, "supersede is not valid"],
      [{ refuseAs: "403" }, "refuseAs is not valid"],
      [{ apps: new Set() }, "apps: expected an array, found an instance of a class"],
      [{ apps: { length: 0 } }, "apps: expected an array, found an object"],
      [{ apps: [{ ...app, environment: null }] }, "apps[0].environment is not valid"],
      [{ apps: [{ ...app, name: Number.NaN }] }, "apps[0].name is not valid"],
      [{ seed: () => 1 }, "seed: expected plain data, found something else"],
      [{ seed: 2 ** 32 }, "seed is not valid"],
      [{ expiresInAs: app.consumerSecret }, "expiresInAs is not valid"],
      [{ apps: [null] }, "apps[0]: expected a plain object, found null"],
      [{ apps: [app, { ...app, consumerKey: 5 }] }, "apps[1].consumerKey is not valid"],
      [{ apps: [app, app] }, "apps[1].name: expected a name that no other app has, found that of an earlier app"],
    ]) {
      refuses(() => new Simulator(options), message);
    }
    refuses(() => new Simulator({ lifetime: 5 }), "lifetime is not valid");
  });

  test("refuses a wrong fault with an error that names the fault or its wrong member", () => {
    const simulator = new Simulator();
    for (const [fault, message] of [
      [undefined, "fault: expected a plain object, found nothing"],
      ["cut", "fault: expected a plain object, found a string"],
      [[{ kind: "cut" }], "fault: expected a plain object, found an array"],
      [{ kind: "cut", times: null }, "times is not valid"],
      [{ kind: "cut", rate: Number.NaN }, "rate: expected a number from 0 to 1, found another number"],
      [{}, "fault is not valid"],
      [{ kind: "cut", times: -1 }, "times is not valid"],
      [{ kind: "cut", rate: 2 }, "rate: expected a number from 0 to 1, found another number"],
    ]) {
      refuses(() => simulator.inject(fault), message);
    }
  });

  test("accepts an options object of another realm, or without a prototype", () => {
    const foreign = runInNewContext("({ seed: 5, apps: [] })");
    assert.deepEqual(new Simulator(foreign).apps, []);
    assert.deepEqual(new Simulator(Object.assign(Object.create(null), { apps: [] })).apps, []);
  });

  test("treats an option of undefined as missing", async () => {
    const simulator = new Simulator({ seed: undefined, now: undefined, apps: [{ ...app, products: undefined }] });
    simulator.inject({ kind: "quota", times: undefined, path: undefined });
    assert.deepEqual(simulator.apps, [app]);
  });
});
