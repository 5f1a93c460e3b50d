// Managers without a store share the token of their app, however often the package is loaded in the process.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { project } from "../support/packed.mjs";

const folders = ["one", "two"].map((name) => project(`process-memory-${name}`));
const packageOf = (folder) => join(folder, "node_modules", "daraja-auth");
const imported = (folder, query = "") =>
  import(`${pathToFileURL(join(packageOf(folder), "pkg/index.js")).href}${query}`);
const { memoryStore, TokenManager } = await imported(folders[0]);
const { Simulator } = await import(pathToFileURL(join(packageOf(folders[0]), "pkg/simulator.js")).href);
const KEY = Symbol.for("daraja-auth/memory/1");

/** Options of the simulator's first app, and the number of tokens that it has granted. */
function upstream() {
  const simulator = new Simulator();
  const [{ consumerKey, consumerSecret }] = simulator.apps;
  const granted = () => simulator.requests.filter(({ outcome }) => outcome === "token").length;
  const asked = () => simulator.requests.length;
  return { options: { consumerKey, consumerSecret, fetch: simulator.fetch }, granted, asked };
}

const tokenOf = async (tokens) => (await tokens.getToken()).accessToken;

describe("TokenManagers without a store share one token", () => {
  for (const [how, load] of [
    ["if they come from one copy of the package", () => imported(folders[0])],
    ["if they come from two copies of the package", () => imported(folders[1])],
    [
      "if one is imported and the other is required",
      () => createRequire(import.meta.url)(join(packageOf(folders[0]), "pkg/index.cjs")),
    ],
    ["if one is made before and the other after a hot reload", () => imported(folders[0], "?reload")],
  ]) {
    test(how, async () => {
      const { options, granted } = upstream();
      const [ours, theirs] = [new TokenManager(options), new (await load()).TokenManager(options)];
      const tokens = await Promise.all([ours, theirs, ours, theirs].map(tokenOf));
      assert.deepEqual([new Set(tokens).size, granted()], [1, 1]);
      const next = await ours.report(tokens[0]);
      assert.deepEqual([await tokenOf(theirs), granted()], [next.accessToken, 2]);
    });
  }

  test("if one of them has the global fetch as its option, and the other has none", async (t) => {
    const { options, granted } = upstream();
    t.mock.method(globalThis, "fetch", options.fetch);
    const { fetch: _, ...others } = options;
    const tokens = [{ ...others, fetch: globalThis.fetch }, others].map((options) => new TokenManager(options));
    assert.deepEqual([new Set(await Promise.all(tokens.map(tokenOf))).size, granted()], [1, 1]);
  });

  test("even if the first one was closed before", async () => {
    const { options, granted } = upstream();
    const first = new TokenManager(options);
    const token = await tokenOf(first);
    first.close();
    assert.deepEqual([await tokenOf(new TokenManager(options)), granted()], [token, 1]);
  });
});

// Managers share a token only if they have the same fetch.
test("the fetch of daraja-auth/node is one function in all copies of the package, and cannot be replaced", async () => {
  const functions = [];
  for (const folder of folders) {
    functions.push((await import(pathToFileURL(join(packageOf(folder), "pkg/node-fetch.js")).href)).fetch);
    functions.push(createRequire(import.meta.url)(join(packageOf(folder), "pkg/node-fetch.cjs")).fetch);
  }
  assert.equal(new Set(functions).size, 1);
  assert.throws(() => {
    globalThis[Symbol.for("daraja-auth/node-fetch/1")] = globalThis.fetch;
  }, TypeError);
});

describe("TokenManagers without a store do not share a token", () => {
  for (const [why, change] of [
    ["if their secrets differ", ({ consumerSecret }) => ({ consumerSecret: `${consumerSecret}2` })],
    ["if their consumer keys differ", ({ consumerKey }) => ({ consumerKey: `${consumerKey}2` })],
    ["if their addresses differ", () => ({ baseUrl: "https://daraja.test" })],
    ["if their environments differ", () => ({ environment: "production" })],
    ["if their fetch functions differ", ({ fetch }) => ({ fetch: (...args) => fetch(...args) })],
    ["if one of them has a clock of its own", () => ({ now: () => Date.now() })],
    ["if one of them has a store of its own", () => ({ store: memoryStore() })],
  ]) {
    test(why, async () => {
      const { options, asked } = upstream();
      await tokenOf(new TokenManager(options));
      await new TokenManager({ ...options, ...change(options) }).getToken().catch(() => {});
      assert.equal(asked(), 2);
    });
  }
});

describe("the memory of the process", () => {
  test("shows nothing of an app or its token, and is not enumerable", async () => {
    const { options } = upstream();
    const token = await tokenOf(new TokenManager(options));
    const shown = inspect(globalThis[KEY], { showHidden: true, depth: 9 });
    for (const secret of [token, options.consumerKey, options.consumerSecret]) assert.ok(!shown.includes(secret));
    assert.ok(!Object.prototype.propertyIsEnumerable.call(globalThis, KEY));
  });

  test("cannot be replaced", () => {
    assert.throws(() => {
      globalThis[KEY] = {};
    }, TypeError);
    assert.throws(() => delete globalThis[KEY], TypeError);
  });

  /** Starts a process in which `before` runs, and then two managers get a token. Gives what the process prints. */
  function inProcess(before, args = []) {
    const source = `
      const { TokenManager } = await import("daraja-auth");
      const { Simulator } = await import("daraja-auth/simulator");
      const simulator = new Simulator();
      await simulator.fetch("https://sandbox.safaricom.co.ke/").catch(() => {});
      ${before}
      const [{ consumerKey, consumerSecret }] = simulator.apps;
      const options = { consumerKey, consumerSecret, fetch: simulator.fetch };
      const tokens = [1, 2].map(() => new TokenManager(options));
      delete Object.prototype.get;
      for (const manager of tokens) await manager.getToken();
      console.log("a token each");`;
    const argv = [...args, "--input-type=module", "--eval", source];
    const { stdout, stderr } = spawnSync(process.execPath, argv, { cwd: folders[0], encoding: "utf8" });
    return { stdout: stdout.trim(), stderr };
  }

  const planted = (value) => `Object.defineProperty(globalThis, Symbol.for("daraja-auth/memory/1"), ${value});`;
  for (const [what, before] of [
    ["an object that is not a function", planted("{ value: {} }")],
    ["null", planted("{ value: null }")],
    ["a getter that throws", planted("{ get() { throw new Error('planted'); } }")],
    ["a value that can be replaced", "globalThis[Symbol.for('daraja-auth/memory/1')] = 7;"],
    ["a global object that takes no properties", "Object.preventExtensions(globalThis);"],
    [
      "a getter on Object.prototype",
      "Object.defineProperty(Object.prototype, 'get', { value() {}, configurable: true });",
    ],
  ]) {
    test(`works in spite of ${what}`, () => {
      assert.deepEqual(inProcess(before), { stdout: "a token each", stderr: "" });
    });
  }

  test("does not keep a manager in memory that the program no longer uses", () => {
    const source = `
      const { TokenManager } = await import("daraja-auth");
      const fetch = async () => Response.json({ access_token: "t".repeat(28), expires_in: "3599" });
      const made = [];
      for (let i = 0; i < 50; i++) {
        const tokens = new TokenManager({ consumerKey: "key", consumerSecret: "secret", fetch });
        await tokens.getToken();
        made.push(new WeakRef(tokens));
      }
      for (let turn = 0; turn < 20; turn++) {
        globalThis.gc();
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      console.log(made.filter((ref) => ref.deref()).length);`;
    const argv = ["--expose-gc", "--input-type=module", "--eval", source];
    const { stdout, stderr } = spawnSync(process.execPath, argv, { cwd: folders[0], encoding: "utf8" });
    assert.equal(stderr, "");
    assert.ok(Number(stdout) < 5, stdout);
  });

  test("keeps the records of the last 1000 apps", async () => {
    const store = globalThis[KEY]();
    const next = (key) => store.compareAndSwap(key, null, { version: key, value: "" }, { ttlMs: 60_000 });
    for (let app = 0; app <= 1000; app++) await next(`app ${app}`);
    assert.equal((await store.load("app 0")).record, null);
    assert.equal((await store.load("app 1")).record.version, "app 1");
  });
});
