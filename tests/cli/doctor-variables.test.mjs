// daraja-auth doctor: the mistakes that people make with the variables.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { node20, on } from "../support/runtimes.mjs";
import { encoded, shop } from "./cli.mjs";
import { doctorFor, KEY, ofLive, ofShop, outcomes, SECRET } from "./doctor.mjs";

const { assertVerdict, doctor, folder, assertWarning, production, sandbox } = doctorFor("doctor-variables");
const { consumerKey, consumerSecret } = shop;

test("the credentials and the target may come from the file of --dotenv, from options and from the environment", async () => {
  writeFileSync(
    join(folder, "live.env"),
    `DARAJA_ENVIRONMENT=production\n${Object.entries(ofLive)
      .map((pair) => pair.join("="))
      .join("\n")}\n`,
  );
  const fromFile = await doctor({}, ["--dotenv", "live.env"]);
  assert.ok(fromFile.findings.includes("ok target: production, as DARAJA_ENVIRONMENT of live.env says"));
  assert.equal(fromFile.verdict, "all is well: Daraja grants a token.");
  const elsewhere = await doctor(ofLive, ["--base-url", production.url]);
  assert.ok(elsewhere.findings.includes(`ok target: ${new URL(production.url).host}, as --base-url says`));
  assert.equal(elsewhere.code, 0);
  const argued = await doctor({ ...ofLive, DARAJA_ENVIRONMENT: "sandbox" }, ["--environment", "production"]);
  assert.ok(argued.findings.includes("ok target: production, as --environment says"));
  assert.equal(argued.code, 0);
  assert.deepEqual(outcomes(sandbox), []);
});

test("an environment in the file overrides a base URL outside of it; if one place has both, a warning says that the base URL is used", async () => {
  const both = `${Object.entries(ofLive)
    .map((pair) => pair.join("="))
    .join("\n")}\nDARAJA_ENVIRONMENT=production\n`;
  writeFileSync(join(folder, "production.env"), both);
  writeFileSync(join(folder, "elsewhere.env"), `${both}DARAJA_BASE_URL=${production.url}\n`);
  const env = { DARAJA_BASE_URL: sandbox.url };
  const { code, findings } = await doctor(env, ["--dotenv", "production.env"]);
  assert.ok(
    findings.includes("ok target: production, as DARAJA_ENVIRONMENT of production.env says"),
    findings.join("\n"),
  );
  assert.equal(code, 0);
  assert.deepEqual(outcomes(sandbox), []);
  const used = "DARAJA_BASE_URL of elsewhere.env is used";
  const warning = `DARAJA_ENVIRONMENT and DARAJA_BASE_URL are both set; ${used}`;
  await assertWarning(env, "target", warning, ["--dotenv", "elsewhere.env"]);
  const inEnvironment = { ...ofShop, DARAJA_ENVIRONMENT: "sandbox", DARAJA_BASE_URL: sandbox.url };
  const names = "DARAJA_ENVIRONMENT and DARAJA_BASE_URL";
  await assertWarning(inEnvironment, "target", `${names} are both set; DARAJA_BASE_URL is used`);
});

test("the verdict names a variable that is not set", async () => {
  await assertVerdict({}, `${KEY} is not set`, /^Set it to the app's consumer key, from My Apps/);
  await assertVerdict(
    { [KEY]: consumerKey },
    `${SECRET} is not set`,
    /^Set it to the app's consumer secret, from My Apps/,
  );
});

test("if a variable is not set, the remedy names a variable that is set under a similar name", async () => {
  const env = { [SECRET]: consumerSecret, CONSUMER_KEY: consumerKey };
  await assertVerdict(env, `${KEY} is not set`, / CONSUMER_KEY: set, but not read\.$/);
});

for (const reference of [
  "op://shop/daraja/key",
  "encrypted:BDqDBibm4wsYqMpCjTQ6BsDHmMadg9K3dAt",
  "@Microsoft.KeyVault(SecretUri=https://shop.vault.azure.net/secrets/key)",
  "arn:aws:secretsmanager:eu-west-1:123456789012:secret:daraja",
  "{{ secrets.DARAJA_KEY }}",
  "$" + "{{ secrets.DARAJA_KEY }}",
  "%DARAJA_KEY%",
  "projects/shop/secrets/key/versions/1",
  "ENC[AES256_GCM,data:canary,iv:x]",
  "vault:secret/data/shop#key",
  "secretref:daraja-key",
  "ref+awssecrets://shop/daraja",
  "berglas://shop/key",
  "/run/secrets/daraja_key",
  "process.env.DARAJA_KEY",
  "#{DARAJA_KEY}#",
  "__DARAJA_KEY__",
  "[[DARAJA_KEY]]",
  "{env:DARAJA_KEY}",
  "$env:DARAJA_KEY",
  "%env(DARAJA_KEY)%",
  "!secret daraja_key",
  "[object Promise]",
]) {
  test(`the verdict recognises a reference to a secret: ${reference.slice(0, 14)}…`, async () => {
    const what = "is a reference to a secret, and nothing has put the value in its place";
    const env = { [KEY]: reference, [SECRET]: consumerSecret };
    await assertVerdict(env, `${KEY} ${what}`, /^Start the program through the tool/);
  });
}

test("the verdict recognises the base64 of a value, or of key and secret together", async () => {
  const base64 = (text) => Buffer.from(text).toString("base64");
  // Some of Daraja's keys have this length.
  const key = consumerKey.padEnd(32, "0");
  for (const value of [base64(key), base64(`${key}\n`), base64(`${consumerKey}:abc`)]) {
    const env = { [KEY]: value, [SECRET]: consumerSecret };
    await assertVerdict(env, `${KEY} looks like the base64 of the value`, /^Decode it once: base64 --decode\./);
  }
});

test("the remedy names each variable whose name looks like that of the key", async () => {
  for (const name of ["MPESA_KEY", "SAFARICOM_CONSUMER_KEY", "DARAJA_APP_KEY", "MPESA_CONSUMER_KEY_LIVE"]) {
    await assertVerdict({ [name]: consumerKey }, `${KEY} is not set`, new RegExp(` ${name}: set, but not read\\.$`));
  }
});

test("the doctor warns of a variable that seems to choose an environment, but is not read", async () => {
  for (const name of ["MPESA_ENV", "DARAJA_ENV", "SAFARICOM_ENVIRONMENT", "MPESA_IS_LIVE", "MPESA_BASE_URL"]) {
    await assertWarning(
      { [KEY]: consumerKey, [SECRET]: consumerSecret, [name]: "production" },
      "target",
      `${name}: set, but not read`,
    );
  }
});

test("the remedy says if .env does not set the variable, or was not read", async (t) => {
  t.after(() => rmSync(join(folder, ".env")));
  writeFileSync(join(folder, ".env"), "A=1\n");
  const remedy = / The \.env in this folder does not set it, or was not read\.$/;
  await assertVerdict({}, `${KEY} is not set`, remedy);
  await assertVerdict({}, `${KEY} is not set`, / \.env does not set it either\.$/, ["--dotenv", ".env"]);
});

for (const [what, value, problem, remedy] of [
  ["set to nothing", "", "is set to nothing", /^Set it to the app's consumer secret\.$/],
  ["the text undefined", "undefined", 'is the text "undefined"', /^A program turned a missing value into text/],
  [
    "in quotation marks, as docker --env-file keeps them",
    `"${consumerSecret}"`,
    "has quotation marks around it",
    /^Remove them\. docker --env-file/,
  ],
  ["in single quotes, one of them lost", `'${consumerSecret}`, "has quotation marks around it", /^Remove them\./],
  ["in a word processor's quotes", `\u201c${consumerSecret}\u201d`, "has quotation marks around it", /^Remove them\./],
  ["with a space after it", `${consumerSecret} `, "has whitespace around it", /^Remove the space/],
  ["with a line's end", `${consumerSecret}\r\n`, "has whitespace around it", /^Remove the space/],
  ["with an invisible character before it", `\ufeff${consumerSecret}`, "has whitespace around it", /^Remove the space/],
  [
    "of two lines",
    `${consumerSecret}\nX=1`,
    "has a line break or another control character in it",
    /a quotation mark that is not closed/,
  ],
  ["a tutorial's placeholder", "your_consumer_secret", "is a placeholder", /^Put the value from My Apps/],
  ["a placeholder in brackets", "<consumer secret>", "is a placeholder", /^Put the value from My Apps/],
  ["a variable that was not expanded", "\u0024{DARAJA_SECRET}", "is a placeholder", /^Put the value from My Apps/],
  ["a whole header", `Basic ${encoded(shop)}`, "is an Authorization header", /^Set it to the consumer secret alone/],
  ["the key once more", consumerKey, `and ${SECRET} are the same`, /^Copy both again/],
]) {
  test(`the verdict says what is wrong with this secret: ${what}`, () =>
    assertVerdict(
      { [KEY]: consumerKey, [SECRET]: value },
      `${problem.startsWith("and") ? KEY : SECRET} ${problem}`,
      remedy,
    ));
}

test("the verdict recognises a key that has the secret after a colon", () =>
  assertVerdict(
    { [KEY]: `${consumerKey}:${consumerSecret}`, [SECRET]: consumerSecret },
    `${KEY} has a colon in it`,
    /its own variable/,
  ));

test("the remedy for a line break in a value of a file is to look for a quotation mark that is not closed", async () => {
  writeFileSync(join(folder, "open.env"), `${SECRET}="${consumerSecret}\nOTHER="1"\n`);
  const verdict = `${SECRET} of open.env has a line break or another control character in it`;
  await assertVerdict({ [KEY]: consumerKey }, verdict, /a quotation mark that is not closed/, ["--dotenv", "open.env"]);
});

test("all problems of the variables are listed, and the first one is the verdict", async () => {
  const { findings } = await assertVerdict(
    { [KEY]: `'${consumerKey}`, [SECRET]: `${consumerSecret} ` },
    `${KEY} has quotation marks around it`,
    /^Remove them/,
  );
  assert.ok(findings.includes(`fail variables: ${SECRET} has whitespace around it`));
});

test("the doctor warns of a space or a letter outside of ASCII in a value", async () => {
  const make = (secret) => {
    sandbox.simulator = sandbox.make({ apps: [{ ...shop, consumerSecret: secret }] });
    return { [KEY]: consumerKey, [SECRET]: secret };
  };
  await assertWarning(make(`${consumerSecret} ${consumerSecret}`), "variables", `${SECRET} has a space in it`);
  await assertWarning(make(`${consumerSecret}ü`), "variables", `${SECRET} has a character outside ASCII`);
});

test("the doctor warns of different values of DARAJA_ and MPESA_ names, and of a file and the environment", async () => {
  const names = `${KEY} and MPESA_CONSUMER_KEY differ; ${KEY} is used`;
  await assertWarning({ ...ofShop, MPESA_CONSUMER_KEY: "another" }, "variables", names);
  writeFileSync(join(folder, "secret.env"), `${SECRET}=${consumerSecret}\n`);
  const env = { ...ofShop, [SECRET]: "another" };
  const places = `${SECRET} of secret.env and ${SECRET} of the environment differ; ${SECRET} of secret.env is used`;
  await assertWarning(env, "variables", places, ["--dotenv", "secret.env"]);
});

test("the doctor warns if the key has a DARAJA_ name and the secret an MPESA_ name", async () => {
  const env = { [KEY]: consumerKey, MPESA_CONSUMER_SECRET: consumerSecret };
  const pair = `the pair is mixed: ${KEY} and MPESA_CONSUMER_SECRET`;
  await assertWarning(env, "variables", pair);
});

for (const [value, meant] of [
  ["Production", "production"],
  ['"sandbox"', "sandbox"],
  ["live", "production"],
]) {
  test(`the remedy for the environment ${value} is ${meant}`, async () => {
    const result = await doctor({ ...ofShop, DARAJA_ENVIRONMENT: value });
    assert.equal(
      result.verdict,
      `not well: DARAJA_ENVIRONMENT: expected "sandbox" or "production", found another text.`,
    );
    assert.equal(result.remedy, `Set it to ${meant}, in lower case and without quotation marks.`);
    assert.equal(result.code, 1);
    assert.deepEqual([...outcomes(sandbox), ...outcomes(production)], []);
  });
}

test("an unknown environment and an empty one have different verdicts", async () => {
  const another = await doctor({ ...ofShop, MPESA_ENVIRONMENT: "uganda" });
  assert.equal(another.verdict, 'not well: MPESA_ENVIRONMENT: expected "sandbox" or "production", found another text.');
  assert.equal(another.remedy, "Another host than these two is given as baseUrl.");
  const nothing = await doctor({ ...ofShop, DARAJA_ENVIRONMENT: "" });
  assert.equal(nothing.verdict, "not well: DARAJA_ENVIRONMENT is set to nothing.");
  assert.deepEqual([another.code, nothing.code], [1, 1]);
});

test("a base URL that would send the secret in clear text, one that is no URL, and an empty one have different verdicts", async () => {
  const expected = "expected an https URL such as https://sandbox.safaricom.co.ke, found another scheme or host";
  const clear = await doctor({ ...ofShop, DARAJA_BASE_URL: "http://daraja.example" });
  assert.equal(clear.verdict, `not well: DARAJA_BASE_URL: ${expected}.`);
  const none = await doctor({ ...ofShop, DARAJA_BASE_URL: "sandbox.safaricom.co.ke" });
  assert.equal(none.verdict, "not well: DARAJA_BASE_URL: expected a string, found a string that is no URL.");
  const nothing = await doctor({ ...ofShop, DARAJA_BASE_URL: "" });
  assert.equal(nothing.verdict, "not well: DARAJA_BASE_URL is set to nothing.");
  assert.deepEqual([clear.code, none.code, nothing.code], [1, 1, 1]);
});

/** Runs the doctor by a command, and checks that it asks for no token. Gives the verdict and the remedy. */
function verdictOf([command, ...args], env = {}) {
  const program = join(folder, "node_modules/daraja-auth/bin/daraja-auth.js");
  const options = { encoding: "utf8", env: { ...process.env, ...ofShop, ...env } };
  const { status, stdout } = spawnSync(command, [...args, program, "doctor"], options);
  assert.equal(status, 1);
  assert.match(stdout, /^skip +credentials +no token was asked for, because of the above$/m);
  return stdout.slice(stdout.indexOf("\nVerdict"));
}

test("a Node without WebAssembly is named before a request is sent", () => {
  const verdict = verdictOf([process.execPath], { NODE_OPTIONS: "--jitless" });
  assert.equal(verdict, "\nVerdict: not well: this Node has no WebAssembly.\nStart Node without --jitless.\n");
});

// Not in this Node: newer ones, such as 24.21, set the flag themselves if the address space is limited.
const inNode20 = process.platform === "linux" ? on(node20) : { skip: "ulimit -v limits nothing here" };
test("a host without memory for WebAssembly is named before a request is sent", inNode20, () => {
  assert.equal(
    verdictOf(["sh", "-c", 'ulimit -v 3000000; exec "$@"', "sh", node20.path]),
    "\nVerdict: not well: WebAssembly gets no memory here: this host limits the address space.\nSet " +
      "NODE_OPTIONS=--disable-wasm-trap-handler, or raise the limit (ulimit -v).\n",
  );
});
