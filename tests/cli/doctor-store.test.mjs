// The doctor beside servers that share a token: it reads their store, and asks for a token only through the store.
import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { commandLine, shop } from "./cli.mjs";
import { doctorFor, KEY, ofNobody, ofShop, outcomes, SECRET } from "./doctor.mjs";
import { elsewhere, encodedPassword, PASSWORD } from "./sharing.mjs";

const { runDoctor, doctor, sandbox } = doctorFor("doctor-store");
const { load } = commandLine("doctor-store-servers");
const { fileStore } = await load("pkg/file.js");
const { TokenManager } = await load("pkg/node.js");

/** A store for one test, and a server that shares its token through the store. */
function server(t, options) {
  const path = join(elsewhere(), "tokens");
  const { consumerKey, consumerSecret } = shop;
  const { fetch } = sandbox.simulator;
  const tokens = new TokenManager({ consumerKey, consumerSecret, fetch, store: fileStore(path), ...options });
  t.after(() => tokens.close());
  return { path, tokens, env: { ...ofShop, DARAJA_STORE: `file:${path}` } };
}

test("if the servers share a live token, the credentials are not tried, and a finding says so", async (t) => {
  const { env, path, tokens } = server(t);
  const { accessToken } = await tokens.getToken();
  const { code, findings, verdict } = await doctor(env);
  assert.deepEqual(findings.slice(-3), [
    `ok store: file:${path} has a live token`,
    `note credentials: asking file:${path} for the shared token; if it has none, or one that is due, sandbox.safaricom.co.ke grants one`,
    `skip credentials: not tried: file:${path} gave the token in use, and Daraja was asked for none`,
  ]);
  assert.deepEqual([code, verdict], [0, "all is well: nothing is wrong, but no token was asked for."]);
  assert.deepEqual(outcomes(sandbox), ["token", "unknown-path"]);
  assert.equal((await tokens.getToken()).accessToken, accessToken);
});

test("if the servers share no live token, the doctor gets one for them", async (t) => {
  const { env, path, tokens } = server(t);
  const { code, findings, verdict } = await doctor(env);
  assert.ok(findings.includes(`warn store: file:${path} has no record of this consumer key`));
  assert.equal(findings.at(-1), "ok credentials: sandbox.safaricom.co.ke grants a token, for 3599 seconds");
  assert.deepEqual([code, verdict], [0, "all is well: Daraja grants a token, with 1 warning."]);
  await tokens.getToken();
  assert.equal(outcomes(sandbox).filter((outcome) => outcome === "token").length, 1);
});

for (const [what, said, options, spoil] of [
  ["an expired token", "has a token that has expired", { now: () => Date.now() - 7_200_000 }],
  ["a token due for renewal", "has a live token, which is due for renewal", { now: () => Date.now() - 3_400_000 }],
  [
    "a token that an API rejected",
    "has a token that an API rejected",
    { retries: 0 },
    async (tokens, { accessToken }) => {
      sandbox.simulator.inject({ kind: "unavailable", times: 1 });
      await assert.rejects(tokens.report(accessToken), { code: "ERR_DARAJA_UNAVAILABLE" });
    },
  ],
]) {
  test(`${what} is found in the store, and the doctor replaces it for all servers`, async (t) => {
    const { env, path, tokens } = server(t, options);
    const token = await tokens.getToken();
    await spoil?.(tokens, token);
    const { code, findings } = await doctor(env);
    assert.ok(findings.includes(`ok store: file:${path} ${said}`), findings.join("\n"));
    assert.equal(findings.at(-1), "ok credentials: sandbox.safaricom.co.ke grants a token, for 3599 seconds");
    assert.equal(code, 0);
    const other = server(t, { store: fileStore(path) });
    assert.notEqual((await other.tokens.getToken()).accessToken, token.accessToken);
    assert.equal(outcomes(sandbox).filter((outcome) => outcome === "token").length, 2);
  });
}

test("--no-token reads the store, and writes nothing", async (t) => {
  const { env, path } = server(t);
  const { code, findings } = await doctor(env, ["--no-token"]);
  assert.equal(findings.at(-1), "skip credentials: no token was asked for, as --no-token says");
  assert.ok(findings.includes(`warn store: file:${path} has no record of this consumer key`));
  assert.equal(code, 0);
  assert.throws(() => readdirSync(path), { code: "ENOENT" });
});

test("with a store, wrong credentials are not tried the other way round, because that could end a token in use", async (t) => {
  const { env } = server(t);
  const { code, findings } = await doctor({ ...env, [SECRET]: ofNobody[SECRET] });
  assert.match(findings.at(-2), /^fail credentials: Daraja did not accept the consumer key and secret/);
  assert.equal(findings.at(-1), "skip swap: not tried: with DARAJA_STORE no token is asked for beside the shared one");
  assert.equal(code, 1);
  assert.deepEqual(outcomes(sandbox), ["unknown-path", "wrong-pair"]);
});

test("a store that cannot be read is a failure, and no token is asked for", async () => {
  const path = join(elsewhere(), "file");
  writeFileSync(path, "");
  const { code, findings, verdict, remedy } = await doctor({ ...ofShop, DARAJA_STORE: `file:${path}` });
  assert.match(findings.at(-2), /^fail store: file:.* cannot be read \(ENOTDIR: .*\)$/);
  assert.equal(findings.at(-1), "skip credentials: no token was asked for, because of the above");
  assert.match(verdict, /^not well: file:.* cannot be read/);
  assert.equal(remedy, "Check the store and DARAJA_STORE.");
  assert.equal(code, 1);
  assert.ok(!outcomes(sandbox).includes("token"));
});

test("a store that cannot be used is a failure, and its URL is not shown", async () => {
  const { code, stdout } = await runDoctor({ ...ofShop, DARAJA_STORE: `mysql://u:${encodedPassword}@h` }, ["--json"]);
  const { findings, verdict } = JSON.parse(stdout);
  assert.deepEqual([code, verdict.problem], [1, "store-unusable"]);
  assert.ok(
    findings.some(({ check, level, problem }) => `${check} ${level} ${problem}` === "store fail store-unusable"),
  );
  assert.ok(!/mysql:/.test(stdout) && !stdout.includes(encodedPassword) && !stdout.includes(PASSWORD));
  assert.ok(!outcomes(sandbox).includes("token"));
});

test("without a consumer key the store is not read", async (t) => {
  const { env, path } = server(t);
  const { findings } = await doctor({ ...env, [KEY]: undefined });
  assert.ok(findings.includes(`skip store: file:${path} was not looked at, because of the above`), findings.join("\n"));
});

test("if the file and the environment name different stores, a warning says which one is used", async (t) => {
  const { env, path } = server(t);
  const file = join(elsewhere(), "shop.env");
  writeFileSync(file, `DARAJA_STORE=file:${path}\n`);
  const { findings } = await doctor({ ...env, DARAJA_STORE: "file:/other" }, ["--no-token", "--dotenv", file]);
  const conflict = `DARAJA_STORE of ${file} and DARAJA_STORE of the environment differ; DARAJA_STORE of ${file} is used`;
  assert.ok(findings.includes(`warn variables: ${conflict}`), findings.join("\n"));
});

for (const option of ["--try-production", "--probe-supersession"]) {
  test(`${option} and DARAJA_STORE exclude each other, because the option ends the token in use`, async (t) => {
    const { env } = server(t);
    const { code, stdout, stderr } = await runDoctor(env, [option]);
    assert.deepEqual([code, stdout], [2, ""]);
    const sentence = `ERR_DARAJA_INVALID_OPTION: ${option} and DARAJA_STORE exclude each other`;
    assert.equal(
      stderr,
      `${sentence}\nIt asks for tokens outside the store, and each one ends the token that is in use.\n`,
    );
  });
}

test("on a platform that runs several processes, having no store is a warning", async () => {
  const { findings } = await doctor({ ...ofShop, K_SERVICE: "shop" });
  const warned =
    "warn store: DARAJA_AUTH_NO_STORE: K_SERVICE is set, so there may be several processes, and no store is named";
  assert.ok(findings.includes(warned), findings.join("\n"));
});
