// One record is one hash. Each operation is the script below, on that one key: atomic, and at home in a cluster.
import { can, failure, kindOf, refusal, refuseHalfPairs } from "./refusal.js";
import { watching } from "./watch.js";

/**
 * Without arguments it loads; with version, value, milliseconds to live, channel and, unless there must be no record,
 * the expected version, it swaps. The clock is the server's. Writing after TIME needs Redis 5, which replicates what a
 * script did, not the script.
 *
 * HDEL of no field changes nothing, but makes a load a write: no client sends it to a replica by itself, and a replica
 * that is asked all the same refuses, instead of giving an old record.
 * A client that sent a swap twice, after a broken connection, is told the truth: the version is there, so it swapped.
 * PUBLISH may fail, where the user has no channels: it is a hint, and the swap stands. Its channel is the caller's key,
 * since a client that adds a prefix to keys adds none to channels.
 * "=" keeps @upstash/redis from reading what looks like JSON.
 */
export const SCRIPT = `local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local held = redis.call('HMGET', KEYS[1], 'version', 'value')
if #ARGV == 0 then
  redis.call('HDEL', KEYS[1], '')
  return { now, held[1] and '=' .. held[1], held[2] and '=' .. held[2] }
end
if held[1] ~= ARGV[1] then
  if (held[1] or nil) ~= ARGV[5] then return { now, 0 } end
  redis.call('HSET', KEYS[1], 'version', ARGV[1], 'value', ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  redis.pcall('PUBLISH', ARGV[4], '')
end
return { now, 1 }`;

/** The script's SHA-1, by which the server knows it once it has seen it. */
export const DIGEST = "41aa5ccf00f14749f1550bbd9da54bc69dc2695d";

export function redisStore(client) {
  const { byDigest, byText, watch } = dialectOf(client);

  async function run(key, ...args) {
    try {
      // NOSCRIPT: the server has not seen the script, so nothing has happened yet.
      return await byDigest(key, args).catch((error) => {
        if (!/NOSCRIPT/.test(error?.message)) throw error;
        return byText(key, args);
      });
    } catch (error) {
      throw failure(error);
    }
  }

  return {
    async load(key) {
      const [now, version, value] = await run(key);
      const record = version ? { version: version.slice(1), value: value.slice(1) } : null;
      return { record, now: Number(now) };
    },

    async compareAndSwap(key, expected, next, { ttlMs }) {
      refuseHalfPairs(next);
      const written = [next.version, next.value, String(Math.ceil(ttlMs))];
      const [now, swapped] = await run(key, ...written, key, ...(expected === null ? [] : [expected]));
      return { swapped: Number(swapped) === 1, now: Number(now) };
    },

    ...(watch && { watch: watching(watch) }),
  };
}

/** How this client is spoken to. They are told apart by what they can do, since each has several classes. */
function dialectOf(client) {
  if (can(client, "eval evalSha")) {
    return {
      byDigest: (key, args) => client.evalSha(DIGEST, { keys: [key], arguments: args }),
      byText: (key, args) => client.eval(SCRIPT, { keys: [key], arguments: args }),
      watch: can(client, "duplicate") && ((...args) => watchNodeRedis(client, ...args)),
    };
  }
  if (can(client, "eval evalsha defineCommand")) {
    return {
      byDigest: (key, args) => client.evalsha(DIGEST, 1, key, ...args),
      byText: (key, args) => client.eval(SCRIPT, 1, key, ...args),
      watch: (...args) => watchIoredis(client, ...args),
    };
  }
  if (can(client, "eval evalsha scriptLoad")) {
    return {
      byDigest: (key, args) => client.evalsha(DIGEST, [key], args),
      byText: (key, args) => client.eval(SCRIPT, [key], args),
    };
  }
  throw refusal(
    `client: expected a client of ioredis, node-redis or @upstash/redis, found ${kindOf(client)}`,
    "Make the client as you do elsewhere and pass it: redisStore(new Redis(url)).",
  );
}

// A connection that subscribes can do nothing else, so each watch has its own. Its faults are nobody's business.

function watchIoredis(client, key, wake) {
  const subscriber = client.duplicate();
  subscriber.on("error", () => {});
  subscriber.on("message", wake);
  subscriber.once("ready", () => subscriber.subscribe(key).catch(() => {}));
  if (subscriber.status === "wait") subscriber.connect().catch(() => {});
  return () => subscriber.disconnect();
}

function watchNodeRedis(client, key, wake) {
  const subscriber = client.duplicate();
  const end = async () => (subscriber.destroy ?? subscriber.disconnect).call(subscriber);
  let isOver = false;
  subscriber.on("error", () => {});
  subscriber
    .connect()
    .then(() => (isOver ? end() : subscriber.subscribe(key, wake)))
    .catch(() => {});
  return () => {
    isOver = true;
    end().catch(() => {});
  };
}
