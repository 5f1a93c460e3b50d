import { Redis } from "@upstash/redis";
import { TokenManager } from "daraja-auth";
import { fromEnv } from "daraja-auth/env";
import { redisStore } from "daraja-auth/redis";
import { paybillFrom, stkPush } from "../stk-push.mjs";

let tokens;

/** The first request calls this, because `next build` evaluates this file without your settings. */
function makeTokens() {
  // Vercel runs many instances of each runtime. They share one token through this store. Without it each
  // gets its own token, which invalidates the others. `next dev` needs no store.
  const store = process.env.UPSTASH_REDIS_REST_URL ? redisStore(Redis.fromEnv()) : undefined;
  return new TokenManager(fromEnv({ store }));
}

export async function POST(request) {
  tokens ??= makeTokens();
  const paybill = paybillFrom(process.env, tokens.baseUrl);
  const { status, body } = await stkPush(tokens, paybill, await request.json());
  return Response.json(body, { status });
}
