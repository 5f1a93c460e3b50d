import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { inspect } from "node:util";
import { PGlite } from "@electric-sql/pglite";
import pg from "pg";
import postgres from "postgres";
import { isWhole } from "../support/matrix.mjs";
import { createTableSql, keepsTheContract, NO_NETWORK, NO_WATCH, next, postgresStore, rejection } from "./contract.mjs";
import { startPgbouncer, startPostgres } from "./engines/postgres.mjs";
import { needs } from "./engines/program.mjs";
import { startProxy } from "./engines/proxy.mjs";

const ttl = { ttlMs: 60_000 };

const pool = (url, options) => {
  const client = new pg.Pool({ connectionString: url, max: 20, ...options });
  client.on("error", () => {});
  return { client, close: () => client.end() };
};

/**
 * The client needs no option `prepare: false`, not even behind PgBouncer, because the store prepares no statements.
 */
const postgresJs = (url, options) => {
  const client = postgres(url, { max: 20, onnotice() {}, ...options });
  return { client, close: () => client.end({ timeout: 0 }) };
};

describe("postgresStore on Postgres", needs("initdb", "postgres", ...(isWhole ? ["pgbouncer"] : [])), () => {
  let engine;
  let bouncer;
  let plain;
  before(async () => {
    engine = await startPostgres();
    if (isWhole) bouncer = await startPgbouncer(engine);
    plain = pool(engine.url);
    await postgresStore(plain.client).createTable();
  });
  after(async () => {
    await plain.close();
    await bouncer?.stop();
    await engine.stop();
  });

  /** A store with a client of its own, and the network between it and the engine. */
  async function connected(connect, port, options) {
    const proxy = await startProxy(port);
    const { client, close } = connect(engine.urlAt(proxy.port), options);
    const end = async () => {
      await proxy.stop();
      await close();
    };
    // postgres.js first asks for the types of the parameters.
    const loseReply = () => proxy.loseReply(connect === postgresJs ? 1 : 0);
    return { store: postgresStore(client), client, proxy, loseReply, cut: proxy.cut, close: end };
  }

  const clients = { "pg's Pool": pool, "postgres.js": postgresJs };
  const others = isWhole ? describe : () => {};
  describe("pg's Pool", () => keepsTheContract(() => connected(pool, engine.port), [NO_WATCH]));
  others("postgres.js", () => keepsTheContract(() => connected(postgresJs, engine.port), [NO_WATCH]));

  for (const [name, connect] of Object.entries(clients)) {
    others(`${name}, behind PgBouncer`, () => {
      keepsTheContract(() => connected(connect, bouncer.port), [NO_WATCH]);
    });
  }

  others("pg's Pool, where transactions are serializable", () => {
    const options = { options: "-c default_transaction_isolation=serializable" };
    keepsTheContract(() => connected(pool, engine.port, options), [NO_WATCH]);
  });

  describe("pg's Client as the session that listens", () => {
    keepsTheContract(async () => {
      const session = new pg.Client({ connectionString: engine.url });
      await session.connect();
      const store = postgresStore(plain.client, { listen: session });
      return { store, close: () => session.end() };
    }, NO_NETWORK);
  });

  others("postgres.js, which listens by itself", () => {
    keepsTheContract(() => {
      const { client, close } = postgresJs(engine.url);
      return { store: postgresStore(client, { listen: client }), close };
    }, NO_NETWORK);
  });

  describe("PGlite", () => {
    let client;
    before(async () => {
      client = await PGlite.create();
      await postgresStore(client).createTable();
    });
    after(() => client.close());
    keepsTheContract(() => postgresStore(client, { listen: client }), NO_NETWORK);

    test("an error has the server's message, and nothing of the record", () => hidesTheRecord(client));
  });

  test("a swap has no result while the engine does not answer", async (t) => {
    const { store, proxy, close } = await connected(pool, engine.port);
    t.after(close);
    const first = next("first");
    await store.compareAndSwap("silent", null, first, ttl);
    proxy.silence();
    const swap = store.compareAndSwap("silent", first.version, next("second"), ttl).catch((error) => error);
    const pause = new Promise((resolve) => setTimeout(resolve, 100, "still waiting"));
    assert.equal(await Promise.race([swap, pause]), "still waiting");
    await proxy.restore();
    assert.ok((await swap) instanceof Error);
    assert.deepEqual((await store.load("silent")).record, first);
  });

  test("an engine that was restarted is used again, and has every acknowledged record", async (t) => {
    const own = await startPostgres();
    t.after(own.stop);
    const { client, close } = pool(own.url);
    t.after(close);
    const store = postgresStore(client);
    await store.createTable();
    const [first, second] = [next("first"), next("second")];
    await store.compareAndSwap("key", null, first, ttl);
    // After SIGQUIT, Postgres ends as after a crash.
    await own.restart("SIGQUIT");
    // The pool may find now that its connection is broken, or may have found it before.
    await store.load("key").catch(() => {});
    assert.deepEqual((await store.load("key")).record, first);
    assert.equal((await store.compareAndSwap("key", first.version, second, ttl)).swapped, true);
  });

  test("`now` is the server's clock", async () => {
    const store = postgresStore(plain.client);
    const time = async () =>
      Number((await plain.client.query("SELECT extract(epoch FROM clock_timestamp()) * 1000 AS t")).rows[0].t);
    const earlier = Math.floor(await time());
    const { now } = await store.load("clock");
    const { now: later } = await store.compareAndSwap("clock", "none", next(""), ttl);
    assert.ok(earlier <= now && now <= later && later <= (await time()), `${earlier}, ${now}, ${later}`);
  });

  test("if a swap is sent twice, both answers say that it swapped", async () => {
    const store = postgresStore(plain.client);
    const [first, second] = [next("first"), next("second")];
    for (const [expected, record] of [
      [null, first],
      [null, first],
      [first.version, second],
      [first.version, second],
    ]) {
      assert.equal((await store.compareAndSwap("twice", expected, record, ttl)).swapped, true);
    }
  });

  test("a table is made once, also by several callers, and under a name with special characters", async () => {
    await plain.client.query("CREATE SCHEMA app");
    const table = `app.it's a "table"; DROP TABLE x`.replaceAll('"', "");
    const stores = Array.from({ length: 20 }, () => postgresStore(plain.client, { table }));
    await Promise.all(stores.map((store) => store.createTable()));
    await stores[0].createTable();
    const first = next("first");
    await stores[0].compareAndSwap("key", null, first, ttl);
    assert.deepEqual((await stores[1].load("key")).record, first);
    const { rows } = await plain.client.query(
      "SELECT table_name FROM information_schema.tables WHERE table_schema = 'app'",
    );
    assert.deepEqual(rows, [{ table_name: "it's a table; DROP TABLE x" }]);
    assert.match(createTableSql(table), /^CREATE TABLE IF NOT EXISTS "app"\."it's a table; DROP TABLE x" \(\n/);
  });

  test("docs/stores.md has the SQL that createTableSql gives", () => {
    const [, sql] = /```sql\n(.*?)\n```/s.exec(readFileSync(new URL("../../docs/stores.md", import.meta.url), "utf8"));
    assert.equal(sql, createTableSql());
  });

  test("a missing table is an error that says how to make it", async () => {
    const { message, code } = await rejection(postgresStore(plain.client, { table: "missing" }).load("key"));
    assert.equal(code, "42P01");
    assert.equal(
      message,
      'relation "missing" does not exist. Create it by store.createTable(), or with createTableSql()',
    );
  });

  test("a table that cannot be made is an error", async () => {
    const { code } = await rejection(postgresStore(plain.client, { table: "nowhere.tokens" }).createTable());
    assert.equal(code, "3F000");
  });

  /** Checks that the error of a failed swap has the server's message, and nothing of the record. */
  async function hidesTheRecord(client) {
    const swap = postgresStore(client, { table: "missing" }).compareAndSwap("key", null, next("c4n4ry"), ttl);
    const error = await rejection(swap);
    assert.match(error.message, /^relation "missing" does not exist/);
    assert.doesNotMatch(inspect(error, { showHidden: true, depth: 9 }), /c4n4ry/);
  }

  for (const [name, connect] of Object.entries(clients)) {
    test(`${name}: an error has the server's message, and nothing of the record`, async (t) => {
      const { client, close } = connect(engine.url);
      t.after(close);
      await hidesTheRecord(client);
    });
  }

  test("a standby refuses even a load, because its record may be old", async (t) => {
    const standby = await startPostgres([], { follow: engine });
    t.after(standby.stop);
    const { client, close } = pool(standby.url);
    t.after(close);
    const store = postgresStore(client);
    assert.equal(
      (await rejection(store.load("key"))).message,
      "this server is a standby, so its records may be old: connect to the primary",
    );
    assert.match((await rejection(store.compareAndSwap("key", null, next(""), ttl))).message, /read-only transaction/);
  });

  test("a wrong client, a wrong table's name and a wrong session are refused", () => {
    const refused = (make, message) =>
      assert.throws(make, { name: "DarajaError", code: "ERR_DARAJA_INVALID_OPTION", message });
    const expected = "expected pg's Pool, postgres.js, or anything with query(text, values), found";
    refused(() => postgresStore(undefined), `client: ${expected} undefined`);
    refused(() => postgresStore("postgres://"), `client: ${expected} a string`);
    for (const table of ['a"b', "a.b.c", "", "a.", "x".repeat(64), "a\0b"]) {
      const found = JSON.stringify(table);
      const message = `table: expected a table's name, or schema.name, found ${found}`;
      refused(() => postgresStore(plain.client, { table }), message);
      refused(() => createTableSql(table), message);
    }
    refused(
      () => postgresStore(plain.client, { listen: plain.client }),
      "listen: expected a session (pg's Client, postgres.js, PGlite), found a pool",
    );
    refused(
      () => postgresStore(plain.client, { listen: true }),
      "listen: expected a session (pg's Client, postgres.js, PGlite), found a boolean",
    );
  });
});
