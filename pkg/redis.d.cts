import { TokenStore } from 'daraja-auth';

/** A client of ioredis, node-redis or \@upstash/redis that can run a script. */
type RedisClient = {
    eval(...args: never[]): unknown;
    evalsha(...args: never[]): unknown;
} | {
    eval(...args: never[]): unknown;
    evalSha(...args: never[]): unknown;
};
/**
 * A store in Redis 5 or newer, Valkey, Dragonfly or Upstash.
 *
 * Pass your client of ioredis, node-redis (also for a cluster) or \@upstash/redis. The store never closes it. One hash
 * holds the record and expires with it. Each operation is one Lua script on that one key, and uses the server's clock.
 * If the client can subscribe, each `watch` has its own connection while it lasts.
 *
 * @throws {DarajaError} `ERR_DARAJA_INVALID_OPTION`, if the argument is not such a client.
 *
 * @example
 * ```js
 * import { Redis } from "ioredis";
 * import { TokenManager } from "daraja-auth";
 * import { redisStore } from "daraja-auth/redis";
 *
 * const client = new Redis(process.env.REDIS_URL, { maxRetriesPerRequest: 1 });
 * const tokens = new TokenManager({ consumerKey, consumerSecret, store: redisStore(client) });
 * ```
 */
declare function redisStore(client: RedisClient): TokenStore;

export { redisStore };
export type { RedisClient };
