// What fromEnv does in workers, edge runtimes and pages. They cannot open any of the stores that DARAJA_STORE can name.
import type { TokenStore } from "daraja-auth";
import { invalidOption } from "../stores/invalid-option.ts";
import type { Used } from "./variables.ts";

/** How to set a missing variable in these runtimes. */
export const WAY_OUT = "A Worker has them in .dev.vars or by wrangler secret put, and gives them: fromEnv({}, env).";

/** Throws: the caller has to make the store. */
export function storeFor({ name }: Used): TokenStore {
  throw invalidOption(
    `${name}: set, but no store can be opened by its address in this runtime`,
    "Make the store in your program, and give it to fromEnv({ store }): durableObjectStore(env.DARAJA_TOKENS) of " +
      '"daraja-auth/durable-object", or redisStore(Redis.fromEnv()) with @upstash/redis. docs/stores.md has the lines.',
  );
}
