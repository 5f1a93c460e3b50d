import { TokenManager } from "daraja-auth";
import { stkPush } from "../stk-push.mjs";

const tokens = new TokenManager({
  consumerKey: process.env.DARAJA_CONSUMER_KEY,
  consumerSecret: process.env.DARAJA_CONSUMER_SECRET,
  baseUrl: process.env.DARAJA_BASE_URL, // not set: the sandbox
  // Where there is more than one instance, they must share the token: store: redisStore(client), or another of docs/stores.md
});

export async function POST(request) {
  const { status, body } = await stkPush(tokens, process.env, await request.json());
  return Response.json(body, { status });
}
