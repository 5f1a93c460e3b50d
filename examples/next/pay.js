import { Redis } from "@upstash/redis";
import { TokenManager } from "daraja-auth";
import { fromEnv } from "daraja-auth/env";
import { redisStore } from "daraja-auth/redis";
import { stkPush, tillFrom } from "../stk-push.mjs";

let tokens;

/** Made in the first request: next build evaluates this file too, without your settings. */
function makeTokens() {
  // Vercel runs many instances, and the two runtimes are two. They share one token by this store; without it each has a
  // token of its own, and kills that of the others. next dev may do without.
  const store = process.env.UPSTASH_REDIS_REST_URL ? redisStore(Redis.fromEnv()) : undefined;
  return new TokenManager(fromEnv({ store }));
}

export async function POST(request) {
  tokens ??= makeTokens();
  const till = tillFrom(process.env, tokens.baseUrl);
  const { status, body } = await stkPush(tokens, till, await request.json());
  return Response.json(body, { status });
}
