import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocument } from "@aws-sdk/lib-dynamodb";
import { TokenManager } from "daraja-auth";
import { dynamodbStore } from "daraja-auth/dynamodb";
import { fromEnv } from "daraja-auth/env";
import { stkPush, tillFrom } from "../stk-push.mjs";

// Lambda runs as many instances as there are requests at a time. They share one token by this store; without it each has
// a token of its own, and kills that of the others. A function on your own machine may do without.
const table = process.env.DARAJA_TABLE;
const store = table && dynamodbStore(DynamoDBDocument.from(new DynamoDBClient()), { table });

// Outside of the handler, so that it lives as long as the instance.
const tokens = new TokenManager(fromEnv({ store: store || undefined }));
const till = tillFrom(process.env, tokens.baseUrl);

export async function handler(event) {
  const { status, body } = await stkPush(tokens, till, JSON.parse(event.body));
  return { statusCode: status, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
}
