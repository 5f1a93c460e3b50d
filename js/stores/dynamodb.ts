// One record is one item. DynamoDB has no clock, so the store gives no `now`, and records expire by the caller's clock.

import type { TokenStore } from "daraja-auth";
import { copyOptions, propertyOf } from "../options.ts";
import { checkWellFormed, clientError } from "./client-error.ts";
import { hasMethods, invalidOption, kindOf } from "./invalid-option.ts";

/** DynamoDBDocument of \@aws-sdk/lib-dynamodb, or DocumentClient of the AWS SDK's version 2. */
export interface DynamoDBDocumentLike {
  /** Reads one item. */
  get(...args: never[]): unknown;
  /** Writes one item under a condition. */
  put(...args: never[]): unknown;
}

/** The options of {@link dynamodbStore}. */
export interface DynamodbStoreOptions {
  /** The table. Its partition key is a string named `key`, and it has no sort key. */
  table: string;
}

interface Item {
  readonly version: string;
  readonly value: string;
  readonly expiresAt: number;
}

interface Output {
  readonly Item?: Item;
}

/** The request that version 2 of the SDK returns. */
interface SdkRequest {
  promise(): Promise<Output>;
}

/**
 * A store in a DynamoDB table. It uses consistent reads and conditional puts.
 *
 * DynamoDB has no clock, so records expire by the instances' own clocks. If an instance dies with a lease, another one
 * takes it over when it has seen the lease unchanged for the lease's whole duration. Use a global table in one region
 * only, unless it has multi-Region strong consistency.
 *
 * @throws {DarajaError} `ERR_DARAJA_INVALID_OPTION`, if the client has no `get` and `put`, or if no table is given.
 *
 * @example
 * ```js
 * import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
 * import { DynamoDBDocument } from "@aws-sdk/lib-dynamodb";
 * import { TokenManager } from "daraja-auth";
 * import { dynamodbStore } from "daraja-auth/dynamodb";
 *
 * const store = dynamodbStore(DynamoDBDocument.from(new DynamoDBClient()), { table: "daraja-tokens" });
 * const tokens = new TokenManager({ consumerKey, consumerSecret, store });
 * ```
 */
export function dynamodbStore(client: DynamoDBDocumentLike, options: DynamodbStoreOptions): TokenStore {
  const { table } = copyOptions(options ?? {}, "table");
  if (!hasMethods(client, "get put")) {
    throw invalidOption(
      `client: expected a DynamoDBDocument, found ${hasMethods(client, "send") ? "a client that has only send" : kindOf(client)}`,
      'DynamoDBDocument.from(new DynamoDBClient()), of "@aws-sdk/lib-dynamodb", has the methods. So has DocumentClient ' +
        "of version 2.",
    );
  }
  if (typeof table !== "string" || table === "") {
    throw invalidOption(
      `table: expected a table's name, found ${kindOf(table)}`,
      "Its partition key is a string named key.",
    );
  }

  /** Version 3 of the SDK returns a promise. Version 2 returns a request, whose method makes a promise. */
  async function send(operation: "get" | "put", input: object): Promise<Output> {
    const operations = client as Record<"get" | "put", (input: object) => Promise<Output> | SdkRequest>;
    const request = operations[operation]({ TableName: table, ...input });
    return hasMethods(request, "promise") ? (request as SdkRequest).promise() : (request as Promise<Output>);
  }

  return {
    async load(key) {
      const output = await send("get", { Key: { key }, ConsistentRead: true }).catch((error) => {
        throw clientError(error);
      });
      if (Object(output) !== output) throw new Error("the client gave no answer: expected an object");
      // An answer without an item has no such property, but Object.prototype may have one.
      const item = propertyOf(output, "Item") as Output["Item"];
      // DynamoDB may delete expired items days later.
      return { record: item && item.expiresAt > Date.now() ? { version: item.version, value: item.value } : null };
    },

    async compareAndSwap(key, expected, next, { ttlMs }) {
      checkWellFormed(next);
      const now = Date.now();
      const expiresAt = now + ttlMs;
      const isFree =
        expected === null ? "attribute_not_exists(#key) OR #until <= :now" : "#version = :expected AND #until > :now";
      try {
        await send("put", {
          // DynamoDB reads `ttl`, in seconds.
          Item: { key, version: next.version, value: next.value, expiresAt, ttl: Math.ceil(expiresAt / 1000) },
          // The AWS SDK repeats requests by itself. If the next version is already there, this swap has succeeded.
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
        const { name, code } = (error ?? {}) as { name?: unknown; code?: unknown };
        if ([name, code].includes("ConditionalCheckFailedException")) return { swapped: false };
        throw clientError(error);
      }
    },
  };
}
