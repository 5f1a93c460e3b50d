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
declare function dynamodbStore(client: DynamoDBDocumentLike, options: DynamodbStoreOptions): TokenStore;

export { dynamodbStore };
export type { DynamoDBDocumentLike, DynamodbStoreOptions };
