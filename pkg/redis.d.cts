import { TokenStore } from 'daraja-auth';

/** A client of ioredis, node-redis or \@upstash/redis: what can run a script. */
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
 * Give it the client that you have: ioredis or node-redis, a cluster's included, or \@upstash/redis. The store never
 * closes it. One hash holds the record and expires with it; each operation is one Lua script on that one key, and the
 * server's clock is used. Where the client can subscribe, `watch` opens a connection of its own for as long as it lasts.
 *
 * The commands used are EVALSHA, EVAL, TIME, HMGET, HDEL, HSET, PEXPIRE, PUBLISH and, to watch, SUBSCRIBE.
 *
 * @throws {DarajaError} `ERR_DARAJA_INVALID_OPTION`, when that is no such client.
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
