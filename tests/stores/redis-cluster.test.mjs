// A cluster of one node that owns all slots. The clients route by key. They refuse a command if its keys may lie in
// several slots.
import { after, before, describe } from "node:test";
import { Cluster, Redis } from "ioredis";
import { createCluster } from "redis";
import { keepsTheContract, NO_NETWORK, redisStore } from "./contract.mjs";
import { needs } from "./engines/program.mjs";
import { startRedis } from "./engines/redis.mjs";

describe("redisStore on a Redis cluster", needs("redis-server"), () => {
  let redis;
  before(async () => {
    // A node that has met no other node does not know its own address.
    redis = await startRedis(["--cluster-enabled", "yes", "--cluster-announce-ip", "127.0.0.1"]);
    const node = new Redis(redis.port);
    await node.cluster("ADDSLOTSRANGE", 0, 16383);
    while (!/cluster_state:ok/.test(await node.cluster("INFO"))) await new Promise(setImmediate);
    node.disconnect();
  });
  after(() => redis.stop());

  describe("ioredis", () => {
    keepsTheContract(() => {
      // Loads must not go to a replica, even if the client sends reads there.
      const client = new Cluster([{ host: "127.0.0.1", port: redis.port }], { scaleReads: "slave" });
      return { store: redisStore(client), close: () => client.disconnect() };
    }, NO_NETWORK);
  });

  describe("node-redis", () => {
    keepsTheContract(async () => {
      const client = createCluster({ rootNodes: [{ url: redis.url }], useReplicas: true });
      client.on("error", () => {});
      await client.connect();
      return { store: redisStore(client), close: () => client.destroy() };
    }, NO_NETWORK);
  });
});
