// The recipes of docs/stores.md. Each runs in a process of its own. Its engine restarts, and the process goes on and
// gets a token.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { project, root } from "../support/packed.mjs";
import { startPostgres } from "./engines/postgres.mjs";
import { needs } from "./engines/program.mjs";
import { startRedis } from "./engines/redis.mjs";

const document = readFileSync(join(root, "docs", "stores.md"), "utf8");
const blocks = [...document.matchAll(/```js\n(.*?)```/gs)].map(([, code]) => code);
/** The first recipe that contains this text. */
const recipe = (text) => blocks.find((code) => code.includes(text));

/** Runs a recipe, restarts its engine, and gives what the process printed and its exit code. */
async function restarted(name, code, env, engine) {
  const text = `
    let granted = 0;
    globalThis.fetch = async () => {
      granted += 1;
      return Response.json({ access_token: "t".repeat(24) + String(granted).padStart(4, "0"), expires_in: "3599" });
    };
    ${code}
    const { accessToken } = await tokens.getToken();
    console.log("first");
    process.stdin.once("data", async () => {
      for (;;) {
        try {
          await tokens.report(accessToken);
          break;
        } catch (error) {
          if (error.code !== "ERR_DARAJA_STORE_UNAVAILABLE") throw error;
        }
      }
      console.log("second");
      process.exit();
    });`;
  const folder = project(`restarts-${name}`, { "recipe.mjs": text });
  // Each recipe has a record of its own.
  const credentials = { DARAJA_CONSUMER_KEY: name, DARAJA_CONSUMER_SECRET: "secret" };
  const options = { cwd: folder, env: { ...process.env, ...credentials, ...env } };
  const child = spawn(process.execPath, ["recipe.mjs"], options);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk) => {
      output += chunk;
    });
  }
  const ended = new Promise((resolve) => child.once("close", resolve));
  await Promise.race([ended, new Promise((resolve) => child.stdout.once("data", resolve))]);
  await engine.restart();
  await new Promise((resolve) => setTimeout(resolve, 200));
  child.stdin.on("error", () => {});
  child.stdin.write("go\n");
  return { code: await ended, output };
}

const TOKENS = `
  const { TokenManager } = await import("daraja-auth");
  const tokens = new TokenManager({ consumerKey: process.env.DARAJA_CONSUMER_KEY, consumerSecret: "secret", store });`;

describe("if Redis restarts, a process", needs("redis-server"), () => {
  let engine;
  before(async () => {
    engine = await startRedis();
  });
  after(() => engine.stop());
  for (const [name, text] of [
    ["ioredis", recipe("new Redis(")],
    ["node-redis", `${recipe("createClient(")}${TOKENS}`],
    [
      "node-redis without a listener of errors",
      `${recipe("createClient(").replace(/^client\.on\("error".*$/m, "")}${TOKENS}`,
    ],
  ]) {
    test(`keeps running with the recipe of ${name}`, async () => {
      const { code, output } = await restarted(name.replaceAll(/\W+/g, "-"), text, { REDIS_URL: engine.url }, engine);
      assert.equal(code, 0, output);
      assert.match(output, /second/);
    });
  }
});

describe("if Postgres restarts, a process", needs("initdb", "postgres"), () => {
  let engine;
  before(async () => {
    engine = await startPostgres();
  });
  after(() => engine.stop());
  const pool = recipe("new pg.Pool(");
  const listening = `import pg from "pg";
    import { postgresStore } from "daraja-auth/postgres";
    const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
    await postgresStore(pool).createTable();
    ${recipe("new pg.Client(")}${TOKENS}`;
  const unheard = (text) => text.replace(/^\s*\w+\.on\("error".*$/gm, "");
  for (const [name, text] of [
    ["a pool", pool],
    ["a pool without a listener of errors", unheard(pool)],
    ["a session that listens", listening],
    ["a session that listens, without a listener of errors", unheard(listening)],
  ]) {
    test(`keeps running with the recipe of ${name}`, async () => {
      const { code, output } = await restarted(
        name.replaceAll(/\W+/g, "-"),
        text,
        { DATABASE_URL: engine.url },
        engine,
      );
      assert.equal(code, 0, output);
      assert.match(output, /second/);
    });
  }
});
