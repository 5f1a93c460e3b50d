// What fromEnv does in workers, in edge runtimes and in pages. They can open none of the stores that DARAJA_STORE may name.
import type { TokenStore } from "daraja-auth";
import { invalidOption } from "../stores/invalid-option.ts";
import type { Used } from "./variables.ts";

/** How a variable that is missing is set here. */
export const WAY_OUT = "A Worker has them in .dev.vars or by wrangler secret put, and gives them: fromEnv({}, env).";

/** Throws: the caller has to make the store. */
export function storeFor({ name }: Used): TokenStore {
  throw invalidOption(
    `${name}: set, but no store can be opened by its address in this runtime`,
    "Make the store in your program, and give it to fromEnv({ store }): durableObjectStore(env.DARAJA_TOKENS) of " +
      '"daraja-auth/durable-object", or redisStore(Redis.fromEnv()) with @upstash/redis. docs/stores.md has the lines.',
  );
}
