// The command line beside servers, on real engines, with each client that may be installed.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Redis } from "ioredis";
import pg from "pg";
import { startPostgres } from "../stores/engines/postgres.mjs";
import { freePort, needs, program } from "../stores/engines/program.mjs";
import { startProxy } from "../stores/engines/proxy.mjs";
import { startRedis } from "../stores/engines/redis.mjs";
import { commandLine } from "./cli.mjs";
import {
  darajaFor,
  elsewhere,
  encodedPassword,
  failsWithStore,
  installed,
  PASSWORD,
  pair,
  runHidingPasswords,
  sharesOneToken,
  WRONG_PASSWORD,
} from "./sharing.mjs";

const commands = commandLine("store-engines");
const { load } = commands;
const wrongPassword = encodeURIComponent(WRONG_PASSWORD);

/** The tests of a store that cannot be reached. `urlAt(port)` is its URL, and `port()` the port of the real engine. */
function failsWithoutIt(at, urlAt, port) {
  const { run } = commands.at(at);

  for (const command of ["token", "status"]) {
    test(`if no server listens, ${command} fails, and Daraja is not asked`, async (t) => {
      const proxy = await startProxy(port());
      await proxy.stop();
      const cause = new RegExp(`^Cause: .*ECONNREFUSED 127\\.0\\.0\\.1:${proxy.port}`);
      await failsWithStore(run, [command], await darajaFor(t), { DARAJA_STORE: urlAt(proxy.port) }, cause);
    });

    test(`if the server does not answer, ${command} fails, and Daraja is not asked`, async (t) => {
      const proxy = await startProxy(port());
      t.after(() => proxy.stop());
      proxy.silence();
      const cause = /^Cause: (no answer within \d+ ms|.*time-?d? ?out.*)$/i;
      await failsWithStore(run, [command], await darajaFor(t), { DARAJA_STORE: urlAt(proxy.port) }, cause);
    });
  }
}

describe("Redis", needs("redis-server"), () => {
  let redis;
  let client;
  before(async () => {
    redis = await startRedis(["--requirepass", PASSWORD]);
    client = new Redis({ port: redis.port, host: "127.0.0.1", password: PASSWORD });
  });
  after(async () => {
    client.disconnect();
    await redis.stop();
  });
  const urlAt = (port) => `redis://:${encodedPassword}@127.0.0.1:${port}/0`;
  const store = async () => (await load("pkg/redis.js")).redisStore(client);

  for (const [name, as] of Object.entries({
    ioredis: "ioredis",
    "ioredis-5": "ioredis",
    redis: "redis",
    "redis-5": "redis",
    "redis-4": "redis",
  })) {
    describe(`by ${name}`, { concurrency: 2 }, () => {
      const at = installed({ [as]: name });
      sharesOneToken({ commands, at, url: () => urlAt(redis.port), store, load });
      failsWithoutIt(at, urlAt, () => redis.port);

      for (const command of ["token", "status"]) {
        test(`with a wrong password ${command} fails, and shows neither the wrong nor the right one`, async (t) => {
          const url = `redis://:${wrongPassword}@127.0.0.1:${redis.port}`;
          const { run } = commands.at(at);
          await failsWithStore(run, [command], await darajaFor(t), { DARAJA_STORE: url }, /^Cause: WRONGPASS /);
        });
      }
    });
  }

  test("if both clients are installed, ioredis is used", async (t) => {
    const { baseUrl } = await darajaFor(t);
    const { run } = commands.at(installed({ ioredis: "ioredis", redis: { source: "throw new Error();" } }));
    const env = { ...pair, DARAJA_BASE_URL: baseUrl, DARAJA_STORE: urlAt(redis.port) };
    assert.equal((await run(["token"], env)).code, 0);
  });
});

describe("Redis over TLS", needs("redis-server", "openssl"), () => {
  let redis;
  let port;
  const folder = elsewhere();
  const [key, certificate] = ["key.pem", "certificate.pem"].map((name) => join(folder, name));
  before(async () => {
    const kind = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1"];
    const names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
    execFileSync(program("openssl"), [...kind, ...names, "-keyout", key, "-out", certificate], { stdio: "ignore" });
    port = await freePort();
    const files = ["--tls-cert-file", certificate, "--tls-key-file", key, "--tls-auth-clients", "no"];
    redis = await startRedis(["--tls-port", port, ...files, "--requirepass", PASSWORD]);
  });
  after(() => redis.stop());

  for (const name of ["ioredis", "redis"]) {
    test(`rediss:// by ${name} goes to a server whose certificate is trusted, and to no other`, async (t) => {
      const daraja = await darajaFor(t);
      const { run } = commands.at(installed({ [name]: name }));
      const DARAJA_STORE = `rediss://:${encodedPassword}@127.0.0.1:${port}`;
      await failsWithStore(run, ["token"], daraja, { DARAJA_STORE }, /^Cause: .*self-signed certificate/i);
      const env = { ...pair, DARAJA_BASE_URL: daraja.baseUrl, DARAJA_STORE, NODE_EXTRA_CA_CERTS: certificate };
      assert.equal((await runHidingPasswords(run, ["token"], env)).code, 0);
    });
  }
});

describe("Postgres", needs("initdb", "postgres"), () => {
  let postgres;
  let pool;
  before(async () => {
    const rules = join(elsewhere(), "pg_hba.conf");
    writeFileSync(
      rules,
      "host all operator 127.0.0.1/32 scram-sha-256\nhost all nobody 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n",
    );
    chmodSync(join(rules, ".."), 0o755);
    postgres = await startPostgres(["-c", `hba_file=${rules}`]);
    pool = new pg.Pool({ connectionString: postgres.url });
    pool.on("error", () => {});
    const { postgresStore } = await load("pkg/postgres.js");
    await postgresStore(pool).createTable();
    await pool.query(`CREATE SCHEMA app; CREATE ROLE operator LOGIN PASSWORD '${PASSWORD}';
      GRANT USAGE ON SCHEMA app TO operator; GRANT SELECT, INSERT, UPDATE ON daraja_auth_tokens TO operator`);
    await postgresStore(pool, { table: "app.Tokens" }).createTable();
  });
  after(async () => {
    await pool.end();
    await postgres.stop();
  });
  const urlAt = (port, query = "") => `postgres://operator:${encodedPassword}@127.0.0.1:${port}/postgres${query}`;
  const store = async () => (await load("pkg/postgres.js")).postgresStore(pool);

  for (const name of ["pg", "postgres"]) {
    describe(`by ${name}`, { concurrency: 2 }, () => {
      const at = installed({ [name]: name });
      sharesOneToken({ commands, at, url: () => urlAt(postgres.port), store, load });
      failsWithoutIt(at, urlAt, () => postgres.port);

      for (const command of ["token", "status"]) {
        test(`with a wrong password ${command} fails, and shows neither the wrong nor the right one`, async (t) => {
          const url = `postgresql://operator:${wrongPassword}@127.0.0.1:${postgres.port}/postgres`;
          const { run } = commands.at(at);
          const cause = /^Cause: 28P01: password authentication failed for user "operator"$/;
          await failsWithStore(run, [command], await darajaFor(t), { DARAJA_STORE: url }, cause);
        });
      }

      test("the URL may name another table than the default", async (t) => {
        const daraja = await darajaFor(t);
        await pool.query('GRANT SELECT, INSERT, UPDATE ON "app"."Tokens" TO operator');
        const { run } = commands.at(at);
        const env = {
          ...pair,
          DARAJA_BASE_URL: daraja.baseUrl,
          DARAJA_STORE: urlAt(postgres.port, "?table=app.Tokens"),
        };
        assert.equal((await runHidingPasswords(run, ["token"], env)).code, 0);
        const { rows } = await pool.query('SELECT key FROM "app"."Tokens" WHERE key LIKE $1', [`%${daraja.baseUrl}:%`]);
        assert.equal(rows.length, 1);
      });

      test("a missing table is not created", async (t) => {
        const { run } = commands.at(at);
        const url = urlAt(postgres.port, "?table=app.other");
        const cause = /^Cause: 42P01: relation "app\.other" does not exist\. Create it by store\.createTable\(\)/;
        await failsWithStore(run, ["token"], await darajaFor(t), { DARAJA_STORE: url }, cause);
      });
    });
  }
});
