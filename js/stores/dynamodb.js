// One record is one item. DynamoDB tells no time, so the store gives no `now`, and records expire by the caller's clock.
import { can, failure, kindOf, refusal, refuseHalfPairs } from "./refusal.js";

export function dynamodbStore(client, { table } = {}) {
  if (!can(client, "get put")) {
    throw refusal(
      `client: expected a DynamoDBDocument, found ${can(client, "send") ? "a client that has only send" : kindOf(client)}`,
      'DynamoDBDocument.from(new DynamoDBClient()), of "@aws-sdk/lib-dynamodb", has the methods. So has DocumentClient ' +
        "of version 2.",
    );
  }
  if (typeof table !== "string" || table === "") {
    throw refusal(`table: expected a table's name, found ${kindOf(table)}`, "Its partition key is a string named key.");
  }

  /** Version 3 gives a promise, version 2 a request that makes one. */
  async function send(operation, input) {
    const request = client[operation]({ TableName: table, ...input });
    return can(request, "promise") ? request.promise() : request;
  }

  return {
    async load(key) {
      const { Item: item } = await send("get", { Key: { key }, ConsistentRead: true }).catch((error) => {
        throw failure(error);
      });
      // Expired items are deleted when DynamoDB finds the time, which may be days later.
      return { record: item && item.expiresAt > Date.now() ? { version: item.version, value: item.value } : null };
    },

    async compareAndSwap(key, expected, next, { ttlMs }) {
      refuseHalfPairs(next);
      const now = Date.now();
      const expiresAt = now + ttlMs;
      const isFree =
        expected === null ? "attribute_not_exists(#key) OR #until <= :now" : "#version = :expected AND #until > :now";
      try {
        await send("put", {
          // `ttl` is for DynamoDB, which counts seconds.
          Item: { key, version: next.version, value: next.value, expiresAt, ttl: Math.ceil(expiresAt / 1000) },
          // The AWS SDK sends again by itself: one whose version is there already has swapped.
          ConditionExpression: `(${isFree}) OR #version = :next`,
          ExpressionAttributeNames: {
            "#version": "version",
            "#until": "expiresAt",
            ...(expected === null && { "#key": "key" }),
          },
          ExpressionAttributeValues: {
            ":next": next.version,
            ":now": now,
            ...(expected !== null && { ":expected": expected }),
          },
        });
        return { swapped: true };
      } catch (error) {
        if ([error?.name, error?.code].includes("ConditionalCheckFailedException")) return { swapped: false };
        throw failure(error);
      }
    },
  };
}
