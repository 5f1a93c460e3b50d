// Clients that look like those of another library, and answers in a form that a store does not expect.
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { describe, test } from "node:test";
import pg from "pg";
import { createClient, createClientPool } from "redis";
import { createClient as createClient4 } from "redis-4";
import { createClient as createClient5 } from "redis-5";
import { dynamodbStore, next, postgresStore, redisStore, rejection } from "./contract.mjs";

const ttl = { ttlMs: 60_000 };
const none = () => {};

/** The message and the hint with which a store refuses a client. */
function refusal(make) {
  try {
    make();
  } catch ({ code, message, hint }) {
    assert.equal(code, "ERR_DARAJA_INVALID_OPTION");
    return { message, hint };
  }
  return assert.fail("it was accepted");
}

describe("redisStore", () => {
  const legacy = {
    "node-redis 4 in legacy mode": createClient4({ legacyMode: true }),
    "node-redis 5's legacy client": createClient5().legacy(),
    "node-redis 6's legacy client": createClient().legacy(),
    "node-redis 3": { eval: none, evalsha: none, internal_send_command: none, multi: none },
  };
  for (const [what, client] of Object.entries(legacy)) {
    test(`refuses ${what}, and its error names it`, () => {
      assert.deepEqual(
        refusal(() => redisStore(client)),
        {
          message:
            "client: expected a client of ioredis, node-redis or @upstash/redis, found one of node-redis that takes callbacks",
          hint: "Pass client.v4 of node-redis 4, or the client whose legacy() you called. Version 3 is too old.",
        },
      );
    });
  }

  test("accepts the modern client inside a legacy client, and a pool", () => {
    redisStore(legacy["node-redis 4 in legacy mode"].v4);
    redisStore(createClientPool());
  });

  test("reports an answer of the client that has an unexpected form", async () => {
    const message =
      "the client gave something else than the script's answer, which is an array that begins with the time";
    for (const answer of [undefined, null, "OK", [], {}, ["x"], [null]]) {
      const evalSha = async () => answer;
      const store = redisStore({ eval: evalSha, evalSha });
      assert.equal((await rejection(store.load("key"))).message, message);
      assert.equal((await rejection(store.compareAndSwap("key", null, next(""), ttl))).message, message);
    }
  });
});

describe("postgresStore", () => {
  test("calls the method query of Neon's client, not unsafe", async () => {
    const asked = [];
    const neon = Object.assign(none, {
      query: async (_text, values) => {
        asked.push(values);
        return [{ now: 1 }];
      },
      unsafe: (text) => ({ text }),
    });
    assert.deepEqual(await postgresStore(neon).load("key"), { record: null, now: 1 });
    assert.deepEqual(asked, [["key"]]);
  });

  const others = {
    Sequelize: { query: none, define: none, authenticate: none },
    "a client of MySQL": { query: none, execute: none, escape: none, escapeId: none },
    "a client of SQLite": { query: none, prepare: none, run: none },
    "a model of Objection": Object.assign(() => {}, { query: none, relatedQuery: none, knex: none }),
    Knex: Object.assign(() => {}, { raw: none, batchInsert: none, select: none }),
    Prisma: { $queryRaw: none, $queryRawUnsafe: none, $connect: none },
    Kysely: { selectFrom: none, executeQuery: none },
    Drizzle: { select: none, execute: none, query: {}, $client: { query: none } },
    "a function": pg.Pool,
    "an object": Promise.resolve(new pg.Pool()),
  };
  for (const [name, client] of Object.entries(others)) {
    test(`refuses ${name}, and its error names it and the remedy`, () => {
      const found = refusal(() => postgresStore(client));
      assert.deepEqual(found, {
        message: `client: expected pg's Pool, postgres.js, or anything with query(text, values), found ${name}`,
        hint: "Give the store a pool of its own: postgresStore(new Pool({ connectionString })), of pg.",
      });
    });
  }

  test('refuses a session, and its error says "a pool" only of a pool', () => {
    const found = (listen) => refusal(() => postgresStore({ query: none }, { listen })).message.split("found ")[1];
    assert.equal(found(new pg.Pool()), "a pool");
    assert.equal(found(Object.assign(() => {}, { query: none })), "a function");
    assert.equal(found({ query: none }), "an object");
  });

  test("reports an answer of the client that has an unexpected form", async () => {
    const message = 'the client gave no row that is an object with a column "now"';
    for (const answer of [undefined, null, [], {}, { rows: [] }, [[1, false]], { rows: 7 }, [{ now: "x" }], "x"]) {
      const store = postgresStore({ query: async () => answer });
      assert.equal((await rejection(store.load("key"))).message, message);
      assert.equal((await rejection(store.compareAndSwap("key", null, next(""), ttl))).message, message);
    }
  });

  test("understands a boolean that a parser left as a text or made a number", async () => {
    const answers = (row) => postgresStore({ query: async () => [{ now: "1", ...row }] });
    for (const yes of [true, "t", "true", 1, "1", Buffer.from("t")]) {
      const { message } = await rejection(answers({ standby: yes }).load("key"));
      assert.equal(message, "this server is a standby, so its records may be old: connect to the primary");
      const swap = answers({ swapped: yes }).compareAndSwap("key", null, next(""), ttl);
      assert.deepEqual(await swap, { swapped: true, now: 1 });
    }
    for (const no of [false, "f", "false", 0, "0", null]) {
      assert.deepEqual(await answers({ standby: no }).load("key"), { record: null, now: 1 });
      const swap = answers({ swapped: no }).compareAndSwap("key", null, next(""), ttl);
      assert.deepEqual(await swap, { swapped: false, now: 1 });
    }
  });
});

test("dynamodbStore reports a client that gives no answer", async () => {
  const store = dynamodbStore({ get: async () => undefined, put: none }, { table: "t" });
  assert.equal((await rejection(store.load("key"))).message, "the client gave no answer: expected an object");
});

describe("a store whose client fails", () => {
  const failing = (error) => postgresStore({ query: () => Promise.reject(error) });

  test("names NODE_EXTRA_CA_CERTS in its error if an unknown authority signed the certificate", async () => {
    const error = Object.assign(new Error("self-signed certificate in certificate chain"), {
      code: "SELF_SIGNED_CERT_IN_CHAIN",
    });
    const { code, message } = await rejection(failing(error).load("key"));
    assert.equal(code, "SELF_SIGNED_CERT_IN_CHAIN");
    assert.equal(message, `${error.message}. Name its authority's file in NODE_EXTRA_CA_CERTS`);
  });

  test("has an error that names the option of Node to raise, if none of several addresses answered in time", async () => {
    const error = Object.assign(new AggregateError([new Error("a"), new Error("b")]), { code: "ETIMEDOUT" });
    const { message } = await rejection(failing(error).load("key"));
    assert.equal(
      message,
      "none of several addresses answered: a. Raise Node's --network-family-autoselection-attempt-timeout",
    );
  });

  test("has an error that names that option also if the first address had no route, as IPv6 addresses often have none", async () => {
    const [noRoute, late] = ["ENETUNREACH", "ETIMEDOUT"].map((code) => Object.assign(new Error(code), { code }));
    const error = Object.assign(new AggregateError([noRoute, late]), { code: "ENETUNREACH" });
    const { message } = await rejection(failing(error).load("key"));
    assert.match(message, /ENETUNREACH\. Raise Node's --network-family-autoselection-attempt-timeout$/);
  });
});

describe("an error event of a client", () => {
  const makes = {
    postgresStore: () => Object.assign(new EventEmitter(), { query: none }),
    "postgresStore's session": () => Object.assign(new EventEmitter(), { query: none }),
    redisStore: () => Object.assign(new EventEmitter(), { eval: none, evalSha: none, duplicate: none }),
  };
  for (const [name, make] of Object.entries(makes)) {
    test(`does not end a process that has ${name}, and reaches the caller's listener`, () => {
      const storeOf = (client) => {
        if (name === "redisStore") return redisStore(client);
        return name === "postgresStore" ? postgresStore(client) : postgresStore({ query: none }, { listen: client });
      };
      const [client, heard] = [make(), make()];
      storeOf(client);
      client.emit("error", new Error("the server restarts"));
      const seen = [];
      heard.on("error", (error) => seen.push(error.message));
      storeOf(heard);
      heard.emit("error", new Error("the server restarts"));
      assert.deepEqual([seen, heard.listenerCount("error")], [["the server restarts"], 1]);
    });
  }
});
