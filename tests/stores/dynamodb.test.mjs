import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { inspect } from "node:util";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocument, DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { dynamodbStore, keepsTheContract, NO_CLOCK, NO_WATCH, next, rejection } from "./contract.mjs";
import { optionsAt, startDynalite, table } from "./engines/dynalite.mjs";
import { startProxy } from "./engines/proxy.mjs";

const ttl = { ttlMs: 60_000 };

/** The methods of the AWS SDK's version 2, which ended in 2025. Each gives a request, which promise() sends. */
function version2(document) {
  const method = (name) => (input) => ({
    promise: async () => {
      try {
        return await document[name](input);
      } catch ({ name: code, message }) {
        throw Object.assign(new Error(message), { code });
      }
    },
  });
  return { get: method("get"), put: method("put") };
}

describe("dynamodbStore on dynalite", () => {
  let engine;
  let document;
  before(async () => {
    engine = await startDynalite();
    document = DynamoDBDocument.from(new DynamoDBClient(optionsAt(engine.port)));
  });
  after(async () => {
    document.destroy();
    await engine.stop();
  });

  async function connected() {
    const proxy = await startProxy(engine.port);
    const own = DynamoDBDocument.from(new DynamoDBClient(optionsAt(proxy.port)));
    const close = async () => {
      own.destroy();
      await proxy.stop();
    };
    const store = dynamodbStore(own, { table });
    return { store, own, proxy, loseReply: () => proxy.loseReply(), cut: proxy.cut, close };
  }

  describe("DynamoDBDocument", () => keepsTheContract(connected, [NO_CLOCK, NO_WATCH]));

  describe("an object with the methods of version 2's DocumentClient", () => {
    const reasons = [NO_CLOCK, NO_WATCH, "makeStore gives no loseReply", "makeStore gives no cut"];
    keepsTheContract(() => dynamodbStore(version2(document), { table }), reasons);
  });

  test("the SDK sends a swap again if its reply was lost, and the answer is that it swapped", async (t) => {
    const { store, proxy, close } = await connected();
    t.after(close);
    const [first, second] = [next("first"), next("second")];
    await store.compareAndSwap("lost", null, first, ttl);
    proxy.loseReply();
    assert.deepEqual(await store.compareAndSwap("lost", first.version, second, ttl), { swapped: true });
    assert.deepEqual((await store.load("lost")).record, second);
  });

  test("a swap has no result while the engine does not answer", async (t) => {
    const { store, own, proxy, close } = await connected();
    t.after(close);
    await store.load("silent");
    proxy.silence();
    const swap = store.compareAndSwap("silent", null, next("first"), ttl).catch((error) => error);
    const pause = new Promise((resolve) => setTimeout(resolve, 100, "still waiting"));
    assert.equal(await Promise.race([swap, pause]), "still waiting");
    proxy.cut();
    assert.ok((await swap) instanceof Error);
    own.destroy();
    assert.equal((await dynamodbStore(document, { table }).load("silent")).record, null);
  });

  test("the item's ttl is its end in seconds, rounded up, so that DynamoDB deletes no live record", async () => {
    const store = dynamodbStore(document, { table });
    await store.compareAndSwap("ending", null, next(""), ttl);
    const { Item: item } = await document.get({ TableName: table, Key: { key: "ending" } });
    assert.deepEqual(Object.keys(item).sort(), ["expiresAt", "key", "ttl", "value", "version"]);
    assert.equal(item.ttl, Math.ceil(item.expiresAt / 1000));
  });

  test("an error has the server's message, and nothing of the record", async () => {
    const store = dynamodbStore(document, { table: "missing" });
    for (const operation of [store.load("key"), store.compareAndSwap("key", null, next("c4n4ry"), ttl)]) {
      const error = await rejection(operation);
      assert.equal(error.code, "ResourceNotFoundException");
      assert.match(error.message, /non-existent table|resource not found/i);
      assert.doesNotMatch(inspect(error, { showHidden: true, depth: 9 }), /c4n4ry/);
    }
  });

  test("a client that is not a document client, or a table that is not a name, is refused", () => {
    const refused = (make, message) =>
      assert.throws(make, { name: "DarajaError", code: "ERR_DARAJA_INVALID_OPTION", message });
    const bare = DynamoDBDocumentClient.from(new DynamoDBClient(optionsAt(engine.port)));
    refused(
      () => dynamodbStore(bare, { table }),
      "client: expected a DynamoDBDocument, found a client that has only send",
    );
    refused(() => dynamodbStore(null, { table }), "client: expected a DynamoDBDocument, found null");
    refused(() => dynamodbStore(document), "table: expected a table's name, found undefined");
    refused(() => dynamodbStore(document, { table: 7 }), "table: expected a table's name, found a number");
  });
});
