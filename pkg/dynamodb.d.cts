import { TokenStore } from 'daraja-auth';

/** DynamoDBDocument of \@aws-sdk/lib-dynamodb, or DocumentClient of the AWS SDK's version 2. */
interface DynamoDBDocumentLike {
    /** Reads one item. */
    get(...args: never[]): unknown;
    /** Writes one item under a condition. */
    put(...args: never[]): unknown;
}
/** The options of {@link dynamodbStore}. */
interface DynamodbStoreOptions {
    /** The table. Its partition key is a string named `key`, and it has no sort key. */
    table: string;
}
/**
 * A store in a DynamoDB table: consistent reads and conditional puts.
 *
 * DynamoDB tells no time, so records expire by the instances' own clocks, and the lease of an instance that died is taken
 * over when another has seen it unchanged for as long as it lasts. A global table must be used in one region only, unless
 * it has multi-Region strong consistency.
 *
 * @throws {DarajaError} `ERR_DARAJA_INVALID_OPTION`, when the client has no `get` and `put`, or there is no table.
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
declare function dynamodbStore(client: DynamoDBDocumentLike, options: DynamodbStoreOptions): TokenStore;

export { dynamodbStore };
export type { DynamoDBDocumentLike, DynamodbStoreOptions };
