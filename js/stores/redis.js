// One record is one hash. Each operation is one script, on that one key: atomic, and at home in a cluster.
import { DIGEST, SCRIPT } from "./redis-script.js";
import { can, failure, kindOf, refusal, refuseHalfPairs } from "./refusal.js";
import { watching } from "./watch.js";

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

// A connection that subscribes can do nothing else, so each watch has its own. Its faults are nobody's business, and it
// ends with the client that it was made from, or it would keep a process alive whose client is gone.

function watchIoredis(client, key, wake) {
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

function watchNodeRedis(client, key, wake) {
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
