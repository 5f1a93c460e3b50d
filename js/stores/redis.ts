// One record is one hash. Each operation is one script on that one key, so it is atomic, and a cluster can run it.
import type { TokenStore } from "daraja-auth";
import { checkWellFormed, clientError, hearErrors } from "./client-error.ts";
import { hasMethods, invalidOption, kindOf } from "./invalid-option.ts";
import { DIGEST, SCRIPT } from "./redis-script.ts";
import { watching } from "./watch.ts";

/** A client of ioredis, node-redis or \@upstash/redis that can run a script. */
export type RedisClient =
  | { eval(...args: never[]): unknown; evalsha(...args: never[]): unknown }
  | { eval(...args: never[]): unknown; evalSha(...args: never[]): unknown };

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
export function redisStore(client: RedisClient): TokenStore {
  const { byDigest, byText, watch } = dialectOf(client);

  async function run(key: string, ...args: string[]): Promise<Reply> {
    try {
      return await byDigest(key, args);
    } catch (error) {
      // NOSCRIPT: the server does not know the script, so nothing has happened yet.
      if (!/NOSCRIPT/.test((error as Error | undefined)?.message ?? "")) throw clientError(error);
    }
    try {
      return await byText(key, args);
    } catch (error) {
      throw clientError(error);
    }
  }

  return {
    async load(key) {
      const [now, version, value] = replyOf(await run(key));
      const record = version ? { version: String(version).slice(1), value: String(value).slice(1) } : null;
      return { record, now: Number(now) };
    },

    async compareAndSwap(key, expected, next, { ttlMs }) {
      checkWellFormed(next);
      const written = [next.version, next.value, String(Math.ceil(ttlMs))];
      const [now, swapped] = replyOf(await run(key, ...written, key, ...(expected === null ? [] : [expected])));
      return { swapped: Number(swapped) === 1, now: Number(now) };
    },

    ...(watch && { watch: watching(watch) }),
  };
}

/** The script's answer: the server's clock, and the record or the outcome of a swap. */
type Reply = readonly unknown[];

/** Gives the answer if it has the form of a script's answer. */
function replyOf(reply: unknown): Reply {
  if (Array.isArray(reply) && Number.isFinite(Number(reply[0] ?? Number.NaN))) return reply;
  throw new Error(
    "the client gave something else than the script's answer, which is an array that begins with the time",
  );
}

/** The functions that the store uses of a client. */
interface Dialect {
  byDigest(key: string, args: string[]): Promise<Reply>;
  byText(key: string, args: string[]): Promise<Reply>;
  watch?: ((key: string, wake: () => void) => () => void) | false;
}

type Listener = (...args: unknown[]) => void;

/** The members of an ioredis or node-redis connection that a watch uses. */
interface Subscriber {
  duplicate(): Subscriber;
  on(event: string, listener: Listener): unknown;
  once(event: string, listener: Listener): unknown;
  removeListener(event: string, listener: Listener): unknown;
  connect(): Promise<unknown>;
  subscribe(channel: string, listener?: () => void): Promise<unknown>;
  disconnect(): unknown;
  destroy?(): unknown;
  readonly status?: string;
}

interface NodeRedis extends Subscriber {
  evalSha(digest: string, options: { keys: string[]; arguments: string[] }): Promise<Reply>;
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<Reply>;
}

interface Ioredis extends Subscriber {
  evalsha(digest: string, keys: number, ...args: string[]): Promise<Reply>;
  eval(script: string, keys: number, ...args: string[]): Promise<Reply>;
}

interface Upstash {
  evalsha(digest: string, keys: string[], args: string[]): Promise<Reply>;
  eval(script: string, keys: string[], args: string[]): Promise<Reply>;
}

/** Whether it is a client of node-redis that takes callbacks. */
function isLegacy(given: unknown): boolean {
  try {
    if (hasMethods((given as { v4?: unknown } | undefined)?.v4, "evalSha")) return true;
  } catch {
    // Any other client of node-redis 4 throws here.
  }
  // node-redis 3 takes callbacks only.
  if (hasMethods(given, "internal_send_command")) return true;
  return hasMethods(given, "evalSha sendCommand multi") && !hasMethods(given, "connect");
}

/** Distinguishes the clients by their methods, because each library has several classes. */
function dialectOf(given: unknown): Dialect {
  if (isLegacy(given)) {
    throw invalidOption(
      "client: expected a client of ioredis, node-redis or @upstash/redis, found one of node-redis that takes callbacks",
      "Pass client.v4 of node-redis 4, or the client whose legacy() you called. Version 3 is too old.",
    );
  }
  if (hasMethods(given, "eval evalSha")) {
    const client = given as NodeRedis;
    hearErrors(client);
    return {
      byDigest: (key, args) => client.evalSha(DIGEST, { keys: [key], arguments: args }),
      byText: (key, args) => client.eval(SCRIPT, { keys: [key], arguments: args }),
      watch: hasMethods(client, "duplicate") && ((...args) => watchNodeRedis(client, ...args)),
    };
  }
  if (hasMethods(given, "eval evalsha defineCommand")) {
    const client = given as Ioredis;
    return {
      byDigest: (key, args) => client.evalsha(DIGEST, 1, key, ...args),
      byText: (key, args) => client.eval(SCRIPT, 1, key, ...args),
      watch: (...args) => watchIoredis(client, ...args),
    };
  }
  if (hasMethods(given, "eval evalsha scriptLoad")) {
    const client = given as Upstash;
    return {
      byDigest: (key, args) => client.evalsha(DIGEST, [key], args),
      byText: (key, args) => client.eval(SCRIPT, [key], args),
    };
  }
  throw invalidOption(
    `client: expected a client of ioredis, node-redis or @upstash/redis, found ${kindOf(given)}`,
    "Make the client as you do elsewhere and pass it: redisStore(new Redis(url)).",
  );
}

// A connection that subscribes can do nothing else, so each watch opens its own connection. Its errors are ignored,
// because a watch is only a hint. It closes with the caller's client. Otherwise it would keep the process alive after
// that client is closed.

function watchIoredis(client: Ioredis, key: string, wake: () => void): () => void {
  const subscriber = client.duplicate();
  const end = () => {
    client.removeListener("end", end);
    subscriber.disconnect();
  };
  client.once("end", end);
  subscriber.on("error", () => {});
  subscriber.on("message", wake);
  subscriber.once("ready", () => subscriber.subscribe(key).catch(() => {}));
  if (subscriber.status === "wait") subscriber.connect().catch(() => {});
  return end;
}

function watchNodeRedis(client: NodeRedis, key: string, wake: () => void): () => void {
  const subscriber = client.duplicate();
  let isOver = false;
  const end = () => {
    isOver = true;
    client.removeListener("end", end);
    leave().catch(() => {});
  };
  const leave = async () => (subscriber.destroy ?? subscriber.disconnect).call(subscriber);
  client.once("end", end);
  subscriber.on("error", () => {});
  subscriber
    .connect()
    .then(() => (isOver ? leave() : subscriber.subscribe(key, wake)))
    .catch(() => {});
  return end;
}
