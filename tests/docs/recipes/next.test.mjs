// The recipe for Next.js. The test builds it, starts two instances, and calls them as customers.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Redis } from "ioredis";
import { needs } from "../../stores/engines/program.mjs";
import { startRedis } from "../../stores/engines/redis.mjs";
import { startUpstash, token } from "../../stores/engines/upstash.mjs";
import { run, serve } from "../../support/child.mjs";
import { tool } from "../../support/npm-tools.mjs";
import { root } from "../../support/packed.mjs";
import { node24, on } from "../../support/runtimes.mjs";
import { startSimulator } from "../../support/simulator-server.mjs";
import { filesOf, outcomesOf, pay, payment, recipeProject, variablesOf } from "./recipe.mjs";

const next = tool("next");
const missing = needs("redis-server").skip || on(node24).skip;

describe("the recipe for Next.js", { skip: missing }, () => {
  let daraja;
  let redis;
  let client;
  let upstash;
  before(async () => {
    daraja = await startSimulator("recipe-next");
    redis = await startRedis();
    client = new Redis(redis.url);
    upstash = await startUpstash(client);
  });
  after(async () => {
    await upstash.stop();
    client.disconnect();
    await redis.stop();
    await daraja.close();
  });

  test("two instances, each with a route in both runtimes, share one token", async (t) => {
    const configuration = { turbopack: { root }, outputFileTracingRoot: root };
    const files = filesOf("nextjs-vercel");
    const edge = files["app/pay/route.js"].replaceAll("../../lib", "../../../lib");
    const cwd = recipeProject("next", {
      ...files,
      "app/edge/pay/route.js": `${edge}\nexport const runtime = "edge";\n`,
      "lib/payment.js": payment,
      "next.config.mjs": `export default ${JSON.stringify(configuration)};\n`,
    });
    const env = {
      ...variablesOf(daraja),
      UPSTASH_REDIS_REST_URL: `http://127.0.0.1:${upstash.port}`,
      UPSTASH_REDIS_REST_TOKEN: token,
      NEXT_TELEMETRY_DISABLED: "1",
    };
    const { code, stdout, stderr } = await run(node24.path, [next.path, "build"], { cwd, env });
    assert.equal(code, 0, stdout + stderr);
    const outcomes = outcomesOf(daraja);
    const paid = [];
    for (let instance = 0; instance < 2; instance++) {
      const args = [next.path, "start", "--hostname", "127.0.0.1", "--port", "0"];
      const server = await serve(node24.path, args, { cwd, env, ready: /Local:\s+(\S+)[\s\S]*Ready/ });
      t.after(server.stop);
      const url = server.match[1];
      for (const path of ["/pay", "/edge/pay"]) paid.push((await pay(url + path)).status);
    }
    assert.deepEqual(paid, [202, 202, 202, 202]);
    assert.deepEqual(outcomes(), ["token", ...Array.from({ length: 4 }, () => "accepted")]);
  });
});
