import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocument } from "@aws-sdk/lib-dynamodb";
import { TokenManager } from "daraja-auth";
import { dynamodbStore } from "daraja-auth/dynamodb";
import { fromEnv } from "daraja-auth/env";
import { paybillFrom, stkPush } from "../stk-push.mjs";

// Lambda runs many instances. They share one token through this store. Without it each gets its own token, which
// invalidates the others. A function on your own machine needs no store.
const table = process.env.DARAJA_TABLE;
const store = table && dynamodbStore(DynamoDBDocument.from(new DynamoDBClient()), { table });

// This is outside of the handler, so the manager lives as long as the instance.
const tokens = new TokenManager(fromEnv({ store: store || undefined }));
const paybill = paybillFrom(process.env, tokens.baseUrl);

export async function handler(event) {
  const { status, body } = await stkPush(tokens, paybill, JSON.parse(event.body));
  return { statusCode: status, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
}
