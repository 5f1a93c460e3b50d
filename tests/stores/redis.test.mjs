import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { inspect } from "node:util";
import { isWhole } from "../support/matrix.mjs";
import { keepsTheContract, NO_WATCH, next, redisStore, rejection } from "./contract.mjs";
import { needs } from "./engines/program.mjs";
import { startProxy } from "./engines/proxy.mjs";
import { startRedis } from "./engines/redis.mjs";
import { clients, upstash } from "./engines/redis-clients.mjs";
import { startUpstash } from "./engines/upstash.mjs";

const ttl = { ttlMs: 60_000 };

/** The store calls this script by its digest. It sends the whole script to a server that does not know it. */
const { digest, script } = await sent();

async function sent() {
  const sent = {};
  const evalSha = async (digest) => {
    sent.digest = digest;
    throw new Error("NOSCRIPT No matching script");
  };
  const evaluate = async (script) => {
    sent.script = script;
    return [0];
  };
  await redisStore({ evalSha, eval: evaluate }).load("key");
  return sent;
}

test("the store has the correct digest of its script", () => {
  assert.equal(digest, createHash("sha1").update(script).digest("hex"));
});

describe("redisStore on Redis", needs("redis-server"), () => {
  let redis;
  before(async () => {
    redis = await startRedis();
  });
  after(() => redis.stop());

  /** A store with a client of its own, and the network between it and the engine. */
  async function connected(connect, port) {
    const proxy = await startProxy(port);
    const { client, close } = await connect(proxy.port);
    const end = async () => {
      await close();
      await proxy.stop();
    };
    return { store: redisStore(client), client, proxy, loseReply: () => proxy.loseReply(), cut: proxy.cut, close: end };
  }

  for (const [name, connect] of Object.entries(clients).slice(0, isWhole ? undefined : 1)) {
    describe(name, () => {
      keepsTheContract(() => connected(connect, redis.port));

      test("a swap has no result while the engine does not answer, and a load tells afterwards what it did", async (t) => {
        const { store, proxy, close } = await connected(connect, redis.port);
        t.after(close);
        const [first, second] = [next("first"), next("second")];
        await store.compareAndSwap(`${name}:silent`, null, first, ttl);
        proxy.silence();
        const swap = store.compareAndSwap(`${name}:silent`, first.version, second, ttl).catch((error) => error);
        const pause = new Promise((resolve) => setTimeout(resolve, 100, "still waiting"));
        assert.equal(await Promise.race([swap, pause]), "still waiting");
        await proxy.restore();
        const outcome = await swap;
        const { record } = await retried(() => store.load(`${name}:silent`));
        if (outcome instanceof Error) assert.deepEqual(record, first);
        else assert.deepEqual([outcome.swapped, record], [true, second]);
      });

      test("an engine that was restarted is used again, and has every acknowledged record", async (t) => {
        const own = await startRedis();
        t.after(own.stop);
        const { store, close } = await connected(connect, own.port);
        t.after(close);
        const [first, second] = [next("first"), next("second")];
        await store.compareAndSwap("key", null, first, ttl);
        await own.restart("SIGKILL");
        // The server has also forgotten the script, so the load sends it.
        assert.deepEqual((await retried(() => store.load("key"))).record, first);
        assert.equal((await store.compareAndSwap("key", first.version, second, ttl)).swapped, true);
      });

      test("a watch that the caller did not end ends with its client, so that the process can end", async (t) => {
        const own = await startRedis();
        t.after(own.stop);
        const [watched, observer] = [await connect(own.port), await clients["ioredis 6"](own.port)];
        t.after(observer.close);
        const connections = async () => (await observer.client.client("LIST")).trim().split("\n").length;
        redisStore(watched.client).watch("key", () => {});
        await retried(async () => assert.equal(await connections(), 3));
        await watched.client.quit();
        await retried(async () => assert.equal(await connections(), 1));
      });

      test("an error has the server's message, and nothing of the record", async (t) => {
        const { store, client, close } = await connected(connect, redis.port);
        t.after(close);
        await client.set(`${name}:string`, "no hash");
        const swap = store.compareAndSwap(`${name}:string`, null, next("c4n4ry"), ttl);
        const error = await rejection(swap);
        assert.match(error.message, /WRONGTYPE/);
        assert.doesNotMatch(inspect(error, { showHidden: true, depth: 9 }), /c4n4ry/);
      });
    });
  }

  const others = isWhole ? describe : () => {};
  others("@upstash/redis, over its REST interface", () => {
    let rest;
    let closeBehind;
    before(async () => {
      const behind = await clients["ioredis 6"](redis.port);
      closeBehind = behind.close;
      rest = await startUpstash(behind.client);
    });
    after(async () => {
      await rest.stop();
      closeBehind();
    });

    keepsTheContract(() => connected(upstash, rest.port), [NO_WATCH]);

    test("an error has the server's message, and nothing of the record", async () => {
      const { client } = await upstash(rest.port);
      await client.set("upstash:string", "no hash");
      const error = await rejection(redisStore(client).compareAndSwap("upstash:string", null, next("c4n4ry"), ttl));
      assert.match(error.message, /WRONGTYPE/);
      assert.doesNotMatch(inspect(error, { showHidden: true, depth: 9 }), /c4n4ry/);
    });
  });

  describe("with ioredis 6", () => {
    let client;
    let close;
    let store;
    before(async () => {
      ({ client, close } = await clients["ioredis 6"](redis.port));
      store = redisStore(client);
    });
    after(() => close());

    test("`now` is the server's clock", async () => {
      const time = async () => {
        const [seconds, micros] = await client.time();
        return seconds * 1000 + Math.floor(micros / 1000);
      };
      const earlier = await time();
      const { now } = await store.load("clock");
      const { now: later } = await store.compareAndSwap("clock", "none", next(""), ttl);
      const last = await time();
      // A script may see a slightly older time than the command TIME gives. A difference of a second is allowed.
      for (const told of [now, later]) {
        assert.ok(told > earlier - 1_000 && told < last + 1_000, `${told} is not from ${earlier} to ${last}`);
      }
    });

    test("if the client sends a swap twice, both answers say that it swapped", async () => {
      const first = next("first");
      assert.equal((await store.compareAndSwap("twice", null, first, ttl)).swapped, true);
      assert.equal((await store.compareAndSwap("twice", null, first, ttl)).swapped, true);
    });

    test("Redis itself expires the record, also if its time is not in whole milliseconds", async () => {
      await store.compareAndSwap("expiring", null, next(""), { ttlMs: 59_999.5 });
      const left = await client.pttl("expiring");
      assert.ok(left > 0 && left <= 60_000, String(left));
    });

    test("the whole script is sent to a server that does not know it", async () => {
      await client.script("FLUSH");
      assert.equal((await store.compareAndSwap("flushed", null, next(""), ttl)).swapped, true);
      assert.deepEqual(await client.script("EXISTS", digest), [1]);
    });

    test("a watch works with a client that adds a prefix to keys", async (t) => {
      const prefixed = await clients["ioredis 6"](redis.port, { keyPrefix: "app:" });
      t.after(prefixed.close);
      const other = redisStore(prefixed.client);
      let version = null;
      let wakes = 0;
      t.after(other.watch("watched", () => wakes++));
      await retried(async () => {
        const following = next("");
        await other.compareAndSwap("watched", version, following, ttl);
        version = following.version;
        assert.notEqual(wakes, 0);
      });
      assert.equal(await client.exists("app:watched"), 1);
    });

    test("a swap succeeds for a user who may not publish", async (t) => {
      await client.acl("SETUSER", "quiet", "on", "nopass", "~*", "resetchannels", "+@all");
      const quiet = await clients["ioredis 6"](redis.port, { username: "quiet", password: "any" });
      t.after(quiet.close);
      await assert.rejects(quiet.client.publish("channel", ""), /NOPERM/);
      assert.equal((await redisStore(quiet.client).compareAndSwap("quiet", null, next(""), ttl)).swapped, true);
    });

    test("a replica refuses even a load, because its record may be old", async (t) => {
      const replica = await startRedis(["--replicaof", "127.0.0.1", redis.port]);
      t.after(replica.stop);
      const reader = await clients["ioredis 6"](replica.port);
      t.after(reader.close);
      await retried(async () => assert.match(await reader.client.info("replication"), /master_link_status:up/));
      assert.match((await rejection(redisStore(reader.client).load("key"))).message, /READONLY/);
    });
  });

  test("an argument that is not a client is refused", () => {
    for (const [client, found] of [
      [undefined, "undefined"],
      ["redis://127.0.0.1", "a string"],
      [{ get() {}, set() {} }, "an object"],
    ]) {
      assert.throws(() => redisStore(client), {
        name: "DarajaError",
        code: "ERR_DARAJA_INVALID_OPTION",
        message: `client: expected a client of ioredis, node-redis or @upstash/redis, found ${found}`,
        hint: "Make the client as you do elsewhere and pass it: redisStore(new Redis(url)).",
      });
    }
  });
});

/** Repeats an operation every 20 ms until it succeeds, but at most 501 times. Gives the result. */
async function retried(run) {
  for (let attempt = 0; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (attempt === 500) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
