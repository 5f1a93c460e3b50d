// daraja-auth/pool: the managers of many apps.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, test } from "node:test";
import { isWhole } from "../../support/matrix.mjs";
import { project } from "../../support/packed.mjs";

const require = createRequire(join(project("token-pool"), "index.js"));
const { DarajaError, TokenManager } = require("daraja-auth");
const { TokenPool } = require("daraja-auth/pool");
const { Simulator } = require("daraja-auth/simulator");

/** A Daraja with that many apps, and the options of each app by its name. */
function daraja(count) {
  const apps = Array.from({ length: count }, (_, i) => ({
    name: `app ${i}`,
    consumerKey: `KeyOfApp${String(i).padStart(6, "0")}`,
    consumerSecret: `SecretOfApp${String(i).padStart(6, "0")}`,
    environment: "sandbox",
  }));
  const simulator = new Simulator({ apps });
  // Managers with the same fetch share the memory of the process, so each test has a fetch of its own.
  const fetch = (url, init) => simulator.fetch(url, init);
  const options = new Map(apps.map(({ name, ...credentials }) => [name, { ...credentials, fetch }]));
  const generated = () => simulator.requests.filter(({ outcome }) => outcome === "token").length;
  return { names: [...options.keys()], app: (id) => options.get(id), generated };
}

const APPS = isWhole ? 1000 : 200;

test(`${APPS} apps with 20 callers each get ${APPS} tokens, and each caller gets its app's token`, async () => {
  const { names, app, generated } = daraja(APPS);
  const pool = new TokenPool({ app, maxIdle: 50 });
  const all = await Promise.all(
    names.map((id) => Promise.all(Array.from({ length: 20 }, async () => (await pool.getToken(id)).accessToken))),
  );
  assert.equal(generated(), APPS);
  assert.ok(all.every((tokens) => new Set(tokens).size === 1));
  assert.equal(new Set(all.map(([token]) => token)).size, APPS);
  // All but 50 of the managers were closed. Their tokens are in the store.
  const again = [];
  for (const id of names) again.push((await pool.getToken(id)).accessToken);
  assert.deepEqual(
    again,
    all.map(([token]) => token),
  );
  assert.equal(generated(), APPS);
  pool.close();
});

describe("a pool", () => {
  test("makes one manager for an app, although several callers wait for the app's options", async () => {
    const { app, generated } = daraja(1);
    const pool = new TokenPool({ app: async (id) => app(id) });
    const managers = await Promise.all(Array.from({ length: 20 }, () => pool.use("app 0", (tokens) => tokens)));
    assert.equal(new Set(managers).size, 1);
    assert.ok(managers[0] instanceof TokenManager);
    assert.equal(generated(), 0);
    pool.close();
  });

  test("closes the idle manager that was used least recently, and never one in use", async () => {
    const { app } = daraja(3);
    const made = [];
    const pool = new TokenPool({
      maxIdle: 1,
      app(id) {
        made.push(id);
        return app(id);
      },
    });
    let finish;
    const finished = new Promise((resolve) => {
      finish = resolve;
    });
    const used = pool.use("app 0", async (tokens) => {
      await finished;
      return tokens.getToken();
    });
    await pool.getToken("app 1");
    await pool.getToken("app 2");
    finish();
    await used;
    // Only app 0 is open now: it was used last.
    await pool.getToken("app 0");
    assert.deepEqual(made, ["app 0", "app 1", "app 2"]);
    await pool.getToken("app 1");
    await pool.getToken("app 0");
    assert.deepEqual(made, ["app 0", "app 1", "app 2", "app 1", "app 0"]);
    pool.close();
  });

  test("sends a request with the token of its app", async () => {
    const { app } = daraja(2);
    const pool = new TokenPool({ app });
    const response = await pool.fetch("app 1", "/mpesa/b2b/v1/remittax", { json: {} });
    assert.equal(response.status, 200);
    pool.close();
  });

  test("asks again for a forgotten app's options, and closes its old manager after its calls", async () => {
    const { app, generated } = daraja(2);
    let current = "app 0";
    const pool = new TokenPool({ app: () => app(current) });
    const first = (await pool.getToken("shop")).accessToken;
    let old;
    await pool.use("shop", async (tokens) => {
      old = tokens;
      current = "app 1";
      pool.forget("shop");
      assert.equal((await tokens.getToken()).accessToken, first);
    });
    await assert.rejects(old.getToken(), { code: "ERR_DARAJA_CLOSED" });
    assert.notEqual((await pool.getToken("shop")).accessToken, first);
    assert.equal(generated(), 2);
    pool.close();
  });

  test("does not use options that it asked for before the app was forgotten", async () => {
    const { app } = daraja(2);
    const answers = [app("app 0"), app("app 1")];
    let forget = () => {};
    const pool = new TokenPool({
      async app() {
        const answer = answers.shift();
        forget();
        return answer;
      },
    });
    forget = () => {
      forget = () => {};
      pool.forget("shop");
    };
    await pool.getToken("shop");
    assert.equal(answers.length, 0);
    pool.close();
  });

  test("passes on an error of the function app, and calls it again at the next call", async () => {
    const { app } = daraja(1);
    let isBroken = true;
    const pool = new TokenPool({
      async app(id) {
        if (isBroken) throw new RangeError("no such shop");
        return app(id);
      },
    });
    await assert.rejects(pool.getToken("app 0"), { name: "RangeError", message: "no such shop" });
    isBroken = false;
    assert.equal((await pool.getToken("app 0")).accessToken.length, 28);
    pool.close();
  });

  test("rejects calls after close, and calls in flight", async () => {
    const { app } = daraja(1);
    const never = () => new Promise(() => {});
    const pool = new TokenPool({ app: (id) => ({ ...app(id), fetch: never }) });
    const waiting = pool.getToken("app 0");
    await new Promise((resolve) => setImmediate(resolve));
    pool.close();
    await assert.rejects(waiting, { code: "ERR_DARAJA_CLOSED" });
    const closed = await pool.getToken("app 0").catch((error) => error);
    assert.ok(closed instanceof DarajaError);
    assert.deepEqual([closed.code, closed.message], ["ERR_DARAJA_CLOSED", "the pool was closed"]);
  });

  test("rejects a call in flight after close, also if its app was forgotten meanwhile", async () => {
    const { app } = daraja(1);
    const answers = [];
    const late = () => new Promise((_, reject) => answers.push(reject));
    const pool = new TokenPool({ app: (id) => ({ ...app(id), retries: 0, fetch: late }) });
    const waiting = pool.getToken("app 0");
    while (answers.length === 0) await new Promise((resolve) => setImmediate(resolve));
    pool.forget("app 0");
    pool.close();
    for (const reject of answers) reject(new Error("too late"));
    await assert.rejects(waiting, { code: "ERR_DARAJA_CLOSED" });
  });

  test("waits for the calls in flight when it is disposed, and rejects new calls", async () => {
    const { app } = daraja(1);
    const pool = new TokenPool({ app });
    const held = pool.use("app 0", async (tokens) => {
      await new Promise((resolve) => setImmediate(resolve));
      return tokens.getToken();
    });
    await new Promise((resolve) => process.nextTick(resolve));
    const dispose = pool[Symbol.asyncDispose ?? Object.getOwnPropertySymbols(TokenPool.prototype)[0]]();
    await assert.rejects(pool.getToken("app 0"), { code: "ERR_DARAJA_CLOSED" });
    assert.equal((await held).accessToken.length, 28);
    await dispose;
  });

  test("refuses wrong options and wrong names", async () => {
    const refusal = (options) => {
      try {
        new TokenPool(options);
      } catch (error) {
        return [error.code, error.message];
      }
      return undefined;
    };
    const code = "ERR_DARAJA_INVALID_OPTION";
    assert.deepEqual(refusal(), [code, "app: expected a function, found undefined"]);
    assert.deepEqual(refusal({ app: {} }), [code, "app: expected a function, found an object"]);
    const app = () => ({});
    assert.deepEqual(refusal({ app, maxIdle: -1 }), [
      code,
      "maxIdle: expected a whole number, 0 or more, found another number",
    ]);
    assert.deepEqual(refusal({ app, maxIdle: "2" }), [
      code,
      "maxIdle: expected a whole number, 0 or more, found a string",
    ]);
    const pool = new TokenPool({ app });
    await assert.rejects(pool.getToken(""), {
      code,
      message: "id: expected a text that names an app, found an empty one",
    });
    await assert.rejects(pool.getToken(7), { code, message: "id: expected a text that names an app, found a number" });
    await assert.rejects(pool.getToken("x"), { code });
  });
});

test("a value on Object.prototype is not an option", (t) => {
  for (const name of ["app", "maxIdle"]) {
    t.after(() => delete Object.prototype[name]);
    Object.prototype[name] = -1;
  }
  new TokenPool({ app: () => {} });
  assert.throws(() => new TokenPool({}), { message: "app: expected a function, found undefined" });
});
