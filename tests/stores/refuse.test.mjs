import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocument } from "@aws-sdk/lib-dynamodb";
import { Redis as Upstash } from "@upstash/redis";
import { Redis } from "ioredis";
import pg from "pg";
import postgres from "postgres";
import { createClient } from "redis";
import { memoryStore, TokenManager } from "./contract.mjs";
import { optionsAt } from "./engines/dynalite.mjs";

const NEEDED =
  "It needs load and compareAndSwap, as the stores of daraja-auth/redis, /postgres, /durable-object, /dynamodb and " +
  "/file have.";
const wrap = (name, entry) => `You passed the client: wrap it in ${name}(client), of "daraja-auth/${entry}".`;
const none = () => {};
const throwing = {
  get load() {
    throw new Error("not to be read");
  },
};

/** Gives an object to a manager as its store. It throws if the manager refuses the object. */
const checkStore = (store) => new TokenManager({ consumerKey: "key", consumerSecret: "secret", store }).close();

describe("a TokenManager's store", () => {
  test("is a store, or any object with a store's two methods", () => {
    checkStore(memoryStore());
    checkStore(Object.create({ load: none, compareAndSwap: none }));
  });

  const document = DynamoDBDocument.from(new DynamoDBClient(optionsAt(1)));
  for (const [what, store, found, hint] of [
    ["ioredis", new Redis({ lazyConnect: true }), "a Redis client", wrap("redisStore", "redis")],
    ["node-redis", createClient(), "a Redis client", wrap("redisStore", "redis")],
    [
      "@upstash/redis",
      new Upstash({ url: "http://127.0.0.1", token: "t" }),
      "a Redis client",
      wrap("redisStore", "redis"),
    ],
    ["pg's Pool", new pg.Pool(), "a Postgres client", wrap("postgresStore", "postgres")],
    ["postgres.js", postgres("postgres://127.0.0.1"), "a Postgres client", wrap("postgresStore", "postgres")],
    ["DynamoDBClient", new DynamoDBClient(optionsAt(1)), "a DynamoDB client", wrap("dynamodbStore", "dynamodb")],
    ["DynamoDBDocument", document, "a DynamoDB client", wrap("dynamodbStore", "dynamodb")],
    ["a Map", new Map(), "a key-value store without compare-and-swap", NEEDED],
    [
      "an object with getItem and setItem, as of unstorage",
      { getItem: none, setItem: none },
      "a key-value store without compare-and-swap",
      NEEDED,
    ],
    ["half a store", { load: none }, "an object without compareAndSwap", NEEDED],
    ["an empty object", {}, "an object without load and compareAndSwap", NEEDED],
    ["a URL", "redis://127.0.0.1", "a string", NEEDED],
    ["null", null, "null", NEEDED],
    ["a factory that was not called", memoryStore, "a function", NEEDED],
    ["an object that throws", throwing, "a property that throws when it is read", NEEDED],
  ]) {
    test(`cannot be ${what}`, () => {
      assert.throws(() => checkStore(store), {
        name: "DarajaError",
        code: "ERR_DARAJA_INVALID_OPTION",
        retryable: false,
        message: `store: expected a TokenStore, found ${found}`,
        hint,
      });
    });
  }
});
