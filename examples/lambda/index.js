import { TokenManager } from "daraja-auth";
import { stkPush } from "../stk-push.mjs";

// Outside of the handler, so that it lives as long as the instance.
const tokens = new TokenManager({
  consumerKey: process.env.DARAJA_CONSUMER_KEY,
  consumerSecret: process.env.DARAJA_CONSUMER_SECRET,
  baseUrl: process.env.DARAJA_BASE_URL, // not set: the sandbox
  // Where there is more than one instance, they must share the token: store: redisStore(client), or another of docs/stores.md
});

export async function handler(event) {
  const { status, body } = await stkPush(tokens, process.env, JSON.parse(event.body));
  return { statusCode: status, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
}
