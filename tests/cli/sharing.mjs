// Servers that share a token, and an operator who runs the command line beside them.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { consumerKey, consumerSecret, startDaraja } from "../support/daraja-server.mjs";
import { root } from "../support/packed.mjs";
import { assertHidden } from "./cli.mjs";

export const pair = { DARAJA_CONSUMER_KEY: consumerKey, DARAJA_CONSUMER_SECRET: consumerSecret };
/** Passwords of stores. They must not be in any output. */
export const PASSWORD = "Canary/pass#word@0009%";
export const WRONG_PASSWORD = "CanaryWrong/password0010";
export const encodedPassword = encodeURIComponent(PASSWORD);

const folders = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** An empty folder outside of the clone, where the tests' own packages are not found. */
export function elsewhere() {
  const folder = mkdtempSync(join(tmpdir(), "daraja-cli-"));
  folders.push(folder);
  return folder;
}

/** A folder with npm packages. `packages` has for each name one of the tests' packages, or the source of a package. */
export function installed(packages) {
  const folder = elsewhere();
  const modules = join(folder, "node_modules");
  mkdirSync(modules);
  for (const [name, what] of Object.entries(packages)) {
    if (typeof what === "string") symlinkSync(join(root, "node_modules", what), join(modules, name));
    else {
      mkdirSync(join(modules, name));
      writeFileSync(join(modules, name, "index.js"), what.source);
    }
  }
  return folder;
}

/** A Daraja for one test. So each test has its own record, because a record's key contains the origin. */
export async function darajaFor(t) {
  const daraja = await startDaraja();
  t.after(() => daraja.close());
  return daraja;
}

/** A TokenManager, as a server has it. */
export function serverOf(t, { TokenManager }, daraja, store, options) {
  const credentials = { consumerKey, consumerSecret, baseUrl: daraja.baseUrl };
  const manager = new TokenManager({ ...credentials, store, ...options });
  t.after(() => manager.close());
  return manager;
}

/** Runs a command, and checks that it shows no password of a store. */
export async function runHidingPasswords(run, args, env) {
  const { code, stdout, stderr } = await run(args, env);
  const passwords = [PASSWORD, WRONG_PASSWORD];
  // `token` prints the token on stdout.
  assertHidden(args[0] === "token" ? stderr : stdout + stderr, ...passwords);
  for (const secret of [...passwords, ...passwords.map(encodeURIComponent)]) assert.ok(!stdout.includes(secret));
  return { code, stdout, stderr };
}

/** Checks that the store made the command fail: stdout is empty, the exit code is 1, and Daraja was not asked. */
export async function failsWithStore(run, args, daraja, env, cause) {
  const { stderr, ...rest } = await runHidingPasswords(run, args, { ...pair, DARAJA_BASE_URL: daraja.baseUrl, ...env });
  assert.deepEqual(rest, { code: 1, stdout: "" }, stderr);
  const [first, ...others] = stderr.trimEnd().split("\n");
  assert.match(first, /^ERR_DARAJA_STORE_UNAVAILABLE: /);
  assert.match(others.at(-1), cause);
  assert.equal(daraja.requests.length, 0);
  return first;
}

/** Gives a check that a DARAJA_STORE is a misuse: exit code 2, these two lines on stderr, and no request was sent. */
export const misuseOf = (commands) => async (t, store, sentence, hint, at) => {
  const daraja = await darajaFor(t);
  const env = { ...pair, DARAJA_BASE_URL: daraja.baseUrl, DARAJA_STORE: store };
  const { run } = at === undefined ? commands : commands.at(at);
  for (const command of ["token", "status"]) {
    const { stderr, ...rest } = await runHidingPasswords(run, [command], env);
    assert.deepEqual(rest, { code: 2, stdout: "" }, stderr);
    assert.equal(stderr, `ERR_DARAJA_INVALID_OPTION: ${sentence}\n${hint}\n`);
  }
  assert.equal(daraja.requests.length, 0);
};

/** The tests for a store and a client. `at` is the folder with the client, and `store` gives the servers' store. */
export function sharesOneToken({ commands, at, url, store, load }) {
  const { run } = commands.at(at);
  const token = async (env, ...args) => {
    const { code, stdout, stderr } = await run(["token", ...args], { ...pair, ...env });
    assert.deepEqual([code, stderr], [0, ""]);
    return stdout.trimEnd();
  };

  test("an operator gets the servers' token, in every form, and Daraja gets no second request", async (t) => {
    const daraja = await darajaFor(t);
    const server = serverOf(t, await load("pkg/node.js"), daraja, await store());
    const shared = await server.getToken();
    const env = { DARAJA_BASE_URL: daraja.baseUrl, DARAJA_STORE: url() };
    assert.equal(await token(env), shared.accessToken);
    assert.equal(await token(env, "--header"), `Authorization: Bearer ${shared.accessToken}`);
    const { accessToken, expiresIn } = JSON.parse(await token(env, "--json"));
    assert.deepEqual({ accessToken, expiresIn }, { accessToken: shared.accessToken, expiresIn: 3599 });
    assert.equal(daraja.requests.length, 1);
  });

  test("three operators who ask at once, with an empty store, cause one request to Daraja, and servers use its token", async (t) => {
    const daraja = await darajaFor(t);
    const env = { DARAJA_BASE_URL: daraja.baseUrl, DARAJA_STORE: url() };
    const tokens = new Set(await Promise.all([token(env), token(env), token(env)]));
    const server = serverOf(t, await load("pkg/node.js"), daraja, await store());
    tokens.add((await server.getToken()).accessToken);
    assert.deepEqual([tokens.size, daraja.requests.length], [1, 1]);
  });

  test("status shows the servers' record, and Daraja gets no second request", async (t) => {
    const daraja = await darajaFor(t);
    const server = serverOf(t, await load("pkg/node.js"), daraja, await store());
    await server.getToken();
    const env = { ...pair, DARAJA_BASE_URL: daraja.baseUrl, DARAJA_STORE: url() };
    const { code, stdout, stderr } = await runHidingPasswords(run, ["status", "--json"], env);
    assert.deepEqual([code, stderr], [0, ""]);
    const { state, record } = JSON.parse(stdout);
    assert.deepEqual([state, record.epoch, record.lease, daraja.requests.length], ["live", 1, null, 1]);
  });
}
