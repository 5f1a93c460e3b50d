// DARAJA_STORE: which client of the project is used, and the errors if there is none.
import assert from "node:assert/strict";
import { mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { commandLine } from "./cli.mjs";
import { darajaFor, elsewhere, encodedPassword, installed, misuseOf, pair, runHidingPasswords } from "./sharing.mjs";

const commands = commandLine("store-clients");
const misused = misuseOf(commands);

test("without a client in the current project, DARAJA_STORE is a misuse, and the error says what to install", async (t) => {
  const hint = (name) => `Run it where your program has one, or install one here: npm install ${name}.`;
  const none = (engine, names) => `DARAJA_STORE: no client for ${engine} is installed here: ${names}`;
  const [redis, postgres] = [none("Redis", "ioredis or redis"), none("Postgres", "pg or postgres")];
  await misused(t, `redis://:${encodedPassword}@127.0.0.1:1`, redis, hint("ioredis"), elsewhere());
  await misused(t, "rediss://127.0.0.1:1", redis, hint("ioredis"), elsewhere());
  await misused(t, "postgres://127.0.0.1:1/shop", postgres, hint("pg"), elsewhere());
  await misused(t, "postgresql://127.0.0.1:1/shop", postgres, hint("pg"), installed({ ioredis: "ioredis" }));
});

test("a client in a folder above the project is not used", async (t) => {
  const above = installed({ ioredis: { source: 'process.stderr.write("loaded");' } });
  const hint = "Run it where your program has one, or install one here: npm install ioredis.";
  const none = "DARAJA_STORE: no client for Redis is installed here: ioredis or redis";
  for (const name of ["no project", "project"]) mkdirSync(join(above, name, "src"), { recursive: true });
  writeFileSync(join(above, "project", "package.json"), "{}");
  for (const at of ["no project", "no project/src", "project", "project/src"]) {
    await misused(t, "redis://127.0.0.1:1", none, hint, join(above, at));
  }
});

test("a client may belong to the workspace around the folder, and status names the client's file", async (t) => {
  const source = "exports.Pool = class {\n  on() {}\n  end() {}\n  async query() { return [{ now: Date.now() }]; }\n};";
  const root = installed({ pg: { source } });
  mkdirSync(join(root, "packages", "shop", "src"), { recursive: true });
  writeFileSync(join(root, "packages", "shop", "package.json"), "{}");
  writeFileSync(join(root, "package.json"), JSON.stringify({ workspaces: ["packages/*"] }));
  const daraja = await darajaFor(t);
  const env = { ...pair, DARAJA_BASE_URL: daraja.baseUrl, DARAJA_STORE: "postgres://operator@127.0.0.1:1/shop" };
  const { stdout, stderr } = await commands.at(join(root, "packages", "shop", "src")).run(["status", "--json"], env);
  assert.equal(stderr, "");
  const { client, state } = JSON.parse(stdout);
  assert.deepEqual([client, state], [realpathSync(join(root, "node_modules", "pg", "index.js")), "none"]);
});

test("a client that is too old, or that cannot be loaded, is named", async (t) => {
  const old = installed({ redis: { source: "exports.createClient = () => {};" } });
  const url = "redis://127.0.0.1:1";
  await misused(t, url, "DARAJA_STORE: redis is older than its version 4", "npm install redis@latest.", old);
  const broken = installed({ ioredis: { source: 'require("what-is-missing");' } });
  const sentence = "DARAJA_STORE: ioredis cannot be loaded (MODULE_NOT_FOUND)";
  const hint = `It was found in ${broken}. If your program cannot load it either: npm install ioredis@latest.`;
  await misused(t, url, sentence, hint, broken);
});

/** A client whose errors quote its URL and its passwords, and that never closes. */
const TALKATIVE = `exports.Pool = class {
  constructor({ connectionString }) { this.url = connectionString; }
  on() {}
  async query() {
    const { password, searchParams } = new URL(this.url);
    throw new Error([this.url, decodeURIComponent(password), searchParams.get("password")].join(" "));
  }
  end() {
    process.stderr.write("closing\\n");
    return new Promise(() => {});
  }
};`;

test("a client's error shows no password, and a client that never closes does not keep the command from ending", async (t) => {
  const at = commands.at(installed({ pg: { source: TALKATIVE } }));
  const url = `postgres://operator:${encodedPassword}@127.0.0.1:1/shop?password=CanaryInTheQuery0012`;
  for (const command of ["token", "status"]) {
    const daraja = await darajaFor(t);
    const env = { ...pair, DARAJA_BASE_URL: daraja.baseUrl, DARAJA_STORE: url };
    const { code, stdout, stderr } = await runHidingPasswords(at.run, [command], env);
    assert.deepEqual([code, stdout], [1, ""]);
    const [closing, , , cause] = stderr.split("\n");
    assert.equal(closing, "closing");
    // The package removes what looks like a secret from a cause, and the command line removes the secrets that it
    // knows.
    assert.match(cause, /^Cause: Error: postgres:\/\/operator:\[redacted\]/);
    assert.ok(!stderr.includes("CanaryInTheQuery0012"), stderr);
  }
});
