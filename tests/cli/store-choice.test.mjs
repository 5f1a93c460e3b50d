// DARAJA_STORE: where it is found, which stores it may name, and the errors if it cannot be used.
import assert from "node:assert/strict";
import { once } from "node:events";
import { chownSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join, relative } from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { nodes, on } from "../support/runtimes.mjs";
import { commandLine, needsTerminal } from "./cli.mjs";
import {
  darajaFor,
  elsewhere,
  encodedPassword,
  failsWithStore,
  installed,
  misuseOf,
  PASSWORD,
  pair,
  serverOf,
  sharesOneToken,
} from "./sharing.mjs";

const commands = commandLine("store-choice");
const { folder, load, run } = commands;
const home = elsewhere();
const { fileStore } = await load("pkg/file.js");
const { TokenManager } = await load("pkg/node.js");
const ESCAPE = "\u001b";
const misused = misuseOf(commands);

describe("a file store", () => {
  const path = join(home, "tokens");
  sharesOneToken({ commands, at: folder, url: () => `file:${path}`, store: async () => fileStore(path), load });
});

for (const node of nodes) {
  test(`token and status share a file store on ${node.name} (${node.version})`, on(node), async (t) => {
    const daraja = await darajaFor(t);
    const env = { ...pair, DARAJA_BASE_URL: daraja.baseUrl, DARAJA_STORE: `file:${join(home, node.name)}` };
    const first = await run(["token"], env, node.path);
    assert.deepEqual([first.code, first.stderr], [0, ""]);
    assert.deepEqual(await run(["token"], env, node.path), first);
    const { state } = JSON.parse((await run(["status", "--json"], env, node.path)).stdout);
    assert.deepEqual([state, daraja.issued], ["live", 1]);
  });
}

test("token does not print a sealed token: it fails and says why, and no second token is generated", async (t) => {
  const daraja = await darajaFor(t);
  const path = join(home, "sealed");
  const seal = (text) => [...text].reverse().join("");
  await serverOf(t, { TokenManager }, daraja, fileStore(path), { seal, open: seal }).getToken();
  const env = { ...pair, DARAJA_BASE_URL: daraja.baseUrl, DARAJA_STORE: `file:${path}` };
  const { code, stdout, stderr } = await run(["token"], env);
  assert.deepEqual([code, stdout, daraja.issued], [1, "", 1]);
  assert.match(stderr, /^ERR_DARAJA_STORE_UNAVAILABLE: The store failed, and no usable token is known\n/);
  assert.match(stderr, /the token in the store is sealed, and the option open is not given/);
});

test("a relative path begins in the current folder, and a file: URL is a path too", async (t) => {
  const daraja = await darajaFor(t);
  const path = join(home, "a folder");
  const { accessToken } = await serverOf(t, { TokenManager }, daraja, fileStore(path)).getToken();
  for (const url of [`file:${path}`, `file:${relative(folder, path)}`, pathToFileURL(path).href]) {
    const { stdout } = await run(["token"], { ...pair, DARAJA_BASE_URL: daraja.baseUrl, DARAJA_STORE: url });
    assert.equal(stdout, `${accessToken}\n`, url);
  }
  assert.equal(daraja.issued, 1);
});

test("DARAJA_STORE in the file of --dotenv wins over the environment", async (t) => {
  const daraja = await darajaFor(t);
  const path = join(home, "by dotenv");
  const { accessToken } = await serverOf(t, { TokenManager }, daraja, fileStore(path)).getToken();
  writeFileSync(join(folder, "shop.env"), `DARAJA_STORE="file:${path}"\n`);
  const env = { ...pair, DARAJA_BASE_URL: daraja.baseUrl, DARAJA_STORE: `file:${join(home, "other")}` };
  const { code, stdout } = await run(["token", "--dotenv", "shop.env"], env);
  assert.deepEqual([code, stdout], [0, `${accessToken}\n`]);
  assert.equal(existsSync(join(home, "other")), false);
});

test("a value that names no store is a misuse, and the error does not repeat it", async (t) => {
  const expected = "expected redis://, rediss://, postgres://, postgresql:// or file:";
  const hint = "DynamoDB and Durable Objects are reached by your program only.";
  await misused(t, "", `DARAJA_STORE is set to nothing; ${expected}`, hint);
  for (const store of [
    `mysql://u:${encodedPassword}@h/`,
    `localhost:6379`,
    PASSWORD,
    "constructor:",
    "/var/lib/tokens",
  ]) {
    await misused(t, store, `DARAJA_STORE: found something else; ${expected}`, hint);
  }
});

test("an invalid URL, or one whose password is not encoded, is a misuse that says how to write it", async (t) => {
  const sentence = "DARAJA_STORE: expected a URL such as redis://user:password@host:6379/0, found something else";
  const hint = "In the password, write / ? # @ : and % as %2F %3F %23 %40 %3A and %25.";
  for (const password of [PASSWORD, "12/34", "12?34", "12#34", "half%"]) {
    await misused(t, `redis://:${password}@127.0.0.1:1/0`, sentence, hint);
    await misused(t, `postgres://operator:${password}@127.0.0.1:1/shop`, sentence, hint);
  }
});

test("Prisma's ?schema= is a misuse that names ?table=", async (t) => {
  const sentence = "DARAJA_STORE: ?schema= is not read; expected ?table=SCHEMA.TABLE";
  const hint = "Only Prisma knows this parameter. Remove it, and name the table with its schema.";
  await misused(t, "postgres://operator@127.0.0.1:1/shop?schema=app", sentence, hint);
});

test("if a store cannot be reached, the hint fits the reason", async (t) => {
  const remedyFor = async (source) => {
    const at = commands.at(
      installed({
        pg: { source: `exports.Pool = class {\n  on() {}\n  end() {}\n  async query() { throw ${source}; }\n};` },
      }),
    );
    const daraja = await darajaFor(t);
    const env = { ...pair, DARAJA_BASE_URL: daraja.baseUrl, DARAJA_STORE: "postgres://operator@db.shop.example/shop" };
    const outputs = await Promise.all([at.run(["status"], env), at.run(["token"], env)]);
    return outputs.map(({ stderr }) => stderr).join("\n");
  };
  const certificate = await remedyFor(
    'Object.assign(new Error("self-signed certificate"), { code: "SELF_SIGNED_CERT_IN_CHAIN" })',
  );
  assert.equal(certificate.match(/NODE_EXTRA_CA_CERTS/g)?.length, 2, certificate);
  const slow = 'Object.assign(new Error("connect ETIMEDOUT"), { code: "ETIMEDOUT" })';
  // Node gives its AggregateError the code of the first error.
  const several = await remedyFor(`Object.assign(new AggregateError([${slow}, ${slow}], ""), { code: "ETIMEDOUT" })`);
  assert.equal(several.match(/--network-family-autoselection-attempt-timeout/g)?.length, 2, several);
  const refused = await remedyFor('Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" })');
  assert.doesNotMatch(refused, /NODE_EXTRA_CA_CERTS|autoselection/);
});

test("file: without a folder, or with a host, is a misuse", async (t) => {
  const hint = "For example file:/var/lib/shop/tokens or file:tokens. After two slashes a host would follow.";
  await misused(t, "file:", "DARAJA_STORE: expected a folder after file:, found nothing", hint);
  const sentence = "DARAJA_STORE: expected a folder of this machine after file:, found something else";
  await misused(t, "file://var/lib/tokens", sentence, hint);
});

test("status without DARAJA_STORE is a misuse", async () => {
  const { code, stdout, stderr } = await run(["status"], pair);
  assert.deepEqual([code, stdout], [2, ""]);
  assert.equal(
    stderr,
    "ERR_DARAJA_INVALID_OPTION: DARAJA_STORE: not set, and without a store no token is shared\n" +
      "It is the store that your servers share: redis://…, postgres://… or file:…\n",
  );
});

const isRoot = process.getuid() === 0;
const ANOTHER_USERS = /^Cause: .* is for user \d+, so nothing was written: run the command as that user$/;

test("a folder of another user is not written to, because the servers could not read new files there", async (t) => {
  const path = isRoot ? join(home, "nobodys") : "/usr";
  if (isRoot) {
    mkdirSync(path);
    chownSync(path, 65_534, 65_534);
  }
  const before = readdirSync(path);
  await failsWithStore(run, ["token"], await darajaFor(t), { DARAJA_STORE: `file:${path}` }, ANOTHER_USERS);
  assert.deepEqual(readdirSync(path), before);
});

const needsRoot = { skip: !isRoot && "only root can act for another user" };

test("root does not make the servers' folder", needsRoot, async (t) => {
  const parent = join(home, "servers");
  mkdirSync(parent);
  chownSync(parent, 65_534, 65_534);
  const env = { DARAJA_STORE: `file:${join(parent, "tokens")}` };
  await failsWithStore(run, ["token"], await darajaFor(t), env, ANOTHER_USERS);
  assert.deepEqual(readdirSync(parent), []);
});

test("root reads the servers' token, and the files still belong to the servers' user", needsRoot, async (t) => {
  const daraja = await darajaFor(t);
  const path = join(home, "read by root");
  const { accessToken } = await serverOf(t, { TokenManager }, daraja, fileStore(path)).getToken();
  const files = [path, ...readdirSync(path).map((name) => join(path, name))];
  for (const file of files) chownSync(file, 65_534, 65_534);
  const env = { ...pair, DARAJA_BASE_URL: daraja.baseUrl, DARAJA_STORE: `file:${path}` };
  const { code, stdout } = await run(["token"], env);
  assert.deepEqual([code, stdout, daraja.issued], [0, `${accessToken}\n`, 1]);
  assert.deepEqual(new Set(files.map((file) => statSync(file).uid)), new Set([65_534]));
});

test("a record of another version is not changed, and no token is generated", async (t) => {
  const daraja = await darajaFor(t);
  const path = join(home, "newer");
  const store = fileStore(path);
  let key;
  const noticing = {
    ...store,
    load(name) {
      key = name;
      return store.load(name);
    },
  };
  await serverOf(t, { TokenManager }, daraja, noticing).getToken();
  const { record } = await store.load(key);
  const next = { version: "b".repeat(32), value: JSON.stringify({ ...JSON.parse(record.value), schema: 2 }) };
  assert.deepEqual(await store.compareAndSwap(key, record.version, next, { ttlMs: 60_000 }), { swapped: true });
  const env = { ...pair, DARAJA_BASE_URL: daraja.baseUrl, DARAJA_STORE: `file:${path}` };
  const { code, stdout, stderr } = await run(["token"], env);
  assert.deepEqual([code, stdout], [1, ""]);
  assert.match(
    stderr,
    /^ERR_DARAJA_STORE_UNAVAILABLE: Expected a record of schema 1 in the store, found something else\n/,
  );
  assert.deepEqual([(await store.load(key)).record, daraja.issued], [next, 1]);
});

test("with a store, wrong credentials are an error about the credentials, not about the store", async (t) => {
  const daraja = await darajaFor(t);
  const env = { ...pair, DARAJA_BASE_URL: daraja.baseUrl, DARAJA_STORE: `file:${join(home, "refused")}` };
  const { code, stderr } = await run(["token"], { ...env, DARAJA_CONSUMER_SECRET: "wrong" });
  assert.equal(code, 1);
  assert.match(stderr, /^ERR_DARAJA_INVALID_CREDENTIALS: Daraja did not accept the consumer key and secret/);
});

test("an error about an empty consumer key names the variable", async (t) => {
  const { baseUrl } = await darajaFor(t);
  const env = { ...pair, DARAJA_BASE_URL: baseUrl, DARAJA_STORE: `file:${home}`, DARAJA_CONSUMER_KEY: "" };
  for (const command of ["token", "status"]) {
    const { code, stderr } = await run([command], env);
    assert.equal(code, 2);
    assert.match(stderr, /^ERR_DARAJA_INVALID_OPTION: DARAJA_CONSUMER_KEY is an empty string\n/);
  }
});

test("with a store, a signal also ends `token` while it waits for Daraja", async (t) => {
  const silent = createServer().listen(0, "127.0.0.1");
  t.after(() => {
    silent.closeAllConnections();
    silent.close();
  });
  await once(silent, "listening");
  const baseUrl = `http://127.0.0.1:${silent.address().port}`;
  const env = { ...pair, DARAJA_BASE_URL: baseUrl, DARAJA_STORE: `file:${join(home, "interrupted")}` };
  const running = commands.start(["token"], env);
  await once(silent, "request");
  running.kill("SIGINT");
  assert.deepEqual(await running.ended, { code: null, signal: "SIGINT" });
  assert.deepEqual([running.stdout, running.stderr], ["", ""]);
});

describe("on a terminal", needsTerminal(), () => {
  test("token says which store it asks, and what happens if the store has no token", async (t) => {
    const daraja = await darajaFor(t);
    const path = join(home, "terminal");
    const env = { ...pair, DARAJA_BASE_URL: daraja.baseUrl, DARAJA_STORE: `file:${path}` };
    const running = commands.onTerminal(["token"], env);
    assert.equal((await running.ended).code, 0);
    const { host } = new URL(daraja.baseUrl);
    const said = `Asking file:${path} for the shared token. If it has none, or one that is due, ${host} grants one, which ends all others.`;
    assert.equal(running.stderr, `${ESCAPE}[33m${said}${ESCAPE}[0m\r\n`);
  });

  test("Ctrl-C at a question ends the command, with the exit code that shells expect", async () => {
    const at = installed({ redis: "redis" });
    for (const command of ["token", "status"]) {
      const running = commands.at(at).onTerminal([command], { DARAJA_STORE: "redis://127.0.0.1:1" });
      await running.until(/Daraja consumer key \(it is not shown\): $/, "stderr");
      running.type("\u0003");
      assert.deepEqual(await running.ended, { code: 130, signal: null });
    }
  });

  test("status asks for the consumer key only", async (t) => {
    const { baseUrl } = await darajaFor(t);
    const env = { DARAJA_BASE_URL: baseUrl, DARAJA_STORE: `file:${join(home, "asked")}` };
    const running = commands.onTerminal(["status"], env);
    await running.until(/Daraja consumer key \(it is not shown\): $/, "stderr");
    running.type(`${pair.DARAJA_CONSUMER_KEY}\r`);
    assert.deepEqual(await running.ended, { code: 0, signal: null });
    assert.match(running.stdout, /^store +file:/m);
    assert.equal(running.stderr, "Daraja consumer key (it is not shown): \r\n");
  });
});
