// fromEnv of daraja-auth/env: which variables it reads, which of several values it takes, and its errors.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { run } from "../../support/child.mjs";
import { project } from "../../support/packed.mjs";

const entries = ["", "/env", "/simulator"].map((entry) => `export * from "daraja-auth${entry}";\n`).join("");
const folder = project("from-env", { "index.mjs": entries });
const { DarajaError, fromEnv, generateToken, Simulator, TokenManager } = await import(
  pathToFileURL(join(folder, "index.mjs")).href
);
const inPackage = (path) => import(pathToFileURL(join(folder, "node_modules/daraja-auth", path)).href);
const { find, optionsOf } = await inPackage("bin/credentials.js");

const simulator = new Simulator();
const [{ consumerKey, consumerSecret }] = simulator.apps;
const { fetch } = simulator;
const pair = { DARAJA_CONSUMER_KEY: consumerKey, DARAJA_CONSUMER_SECRET: consumerSecret };

/** Checks that a call throws this error, and that the error does not show a value that contains "Canary". */
function refused(call, message, hint) {
  let error;
  try {
    call();
  } catch (thrown) {
    error = thrown;
  }
  assert.ok(error instanceof DarajaError, String(error));
  assert.deepEqual([error.code, error.message, error.retryable], ["ERR_DARAJA_INVALID_OPTION", message, false]);
  assert.match(error.hint, hint);
  assert.doesNotMatch(`${error.message} ${error.hint}`, /Canary/);
}

test("TokenManager and generateToken accept the options that fromEnv gives", async () => {
  const { accessToken } = await generateToken(fromEnv({ fetch }, pair));
  const tokens = new TokenManager(fromEnv({ fetch, renewBeforeMs: 1000 }, pair));
  assert.notEqual((await tokens.getToken()).accessToken, accessToken);
  tokens.close();
});

test("without arguments fromEnv reads the environment of the process, by import and by require", async () => {
  const source = "fromEnv } = M;\nconsole.log(JSON.stringify(fromEnv()));\n";
  const files = {
    "env.mjs": `import * as M from "daraja-auth/env";\nconst { ${source}`,
    "env.cjs": `const M = require("daraja-auth/env");\nconst { ${source}`,
  };
  const cwd = project("from-env-process", files);
  for (const file of Object.keys(files)) {
    const { stdout, stderr } = await run(process.execPath, [file], {
      cwd,
      env: { ...pair, DARAJA_ENVIRONMENT: "sandbox" },
    });
    assert.deepEqual([JSON.parse(stdout), stderr], [{ consumerKey, consumerSecret, environment: "sandbox" }, ""]);
  }
});

test("fromEnv reads the same variables as the command line, by the same rules", () => {
  const environments = [
    pair,
    { ...pair, DARAJA_ENVIRONMENT: "production" },
    { ...pair, DARAJA_BASE_URL: "http://127.0.0.1:8254" },
    { ...pair, DARAJA_ENVIRONMENT: "production", DARAJA_BASE_URL: "http://127.0.0.1:8254" },
    { MPESA_CONSUMER_KEY: "a", MPESA_CONSUMER_SECRET: "b", MPESA_ENVIRONMENT: "production" },
    { ...pair, MPESA_CONSUMER_KEY: "a", MPESA_ENVIRONMENT: "sandbox", DARAJA_ENVIRONMENT: "production" },
    { DARAJA_CONSUMER_KEY: "a", MPESA_CONSUMER_SECRET: "b" },
    Object.assign(Object.create({ DARAJA_ENVIRONMENT: "production" }), pair),
  ];
  for (const env of environments) {
    const { fetch: _, ...read } = optionsOf(find({ "no-dotenv": true }, env));
    assert.deepEqual({ ...fromEnv({}, env) }, { ...read });
  }
});

test("an option replaces the variable, unless the option is undefined", () => {
  const production = { ...pair, DARAJA_ENVIRONMENT: "production" };
  const simulated = { ...pair, DARAJA_BASE_URL: "http://127.0.0.1:8254" };
  const given = { consumerKey: "a", consumerSecret: "b" };
  assert.deepEqual(fromEnv({ consumerKey: "a", retries: 0 }, pair), { consumerKey: "a", consumerSecret, retries: 0 });
  assert.deepEqual(fromEnv({ environment: "production" }, { ...simulated, ...given }).baseUrl, undefined);
  assert.deepEqual(fromEnv({ baseUrl: "http://127.0.0.1:1" }, production), {
    consumerKey,
    consumerSecret,
    baseUrl: "http://127.0.0.1:1",
  });
  assert.deepEqual(fromEnv({ environment: undefined, consumerKey: undefined }, production).environment, "production");
  const credentials = async () => given;
  assert.deepEqual(fromEnv({ credentials }, { DARAJA_CONSUMER_KEY: "" }), { credentials });
});

test("the error for a missing variable names it, and says how to set it", () => {
  const hint =
    /^Start Node by node --env-file=\.env, or set them where your program runs\..*My Apps on the Daraja portal/;
  const { DARAJA_CONSUMER_KEY } = pair;
  refused(() => fromEnv({}, { PATH: "/bin" }), "DARAJA_CONSUMER_KEY and DARAJA_CONSUMER_SECRET: not set", hint);
  refused(() => fromEnv({}, { DARAJA_CONSUMER_KEY }), "DARAJA_CONSUMER_SECRET: not set", hint);
  const similar = { ...{ DARAJA_CONSUMER_KEY }, CONSUMER_SECRET: "Canary", SAFARICOM_SECRET: "Canary" };
  refused(
    () => fromEnv({}, similar),
    "DARAJA_CONSUMER_SECRET: not set",
    /^CONSUMER_SECRET and SAFARICOM_SECRET: set, but not read\. Start Node/,
  );
});

test("the error for a wrong variable names it, and does not show its value", () => {
  const value = /^Give it its value, or unset it\.$/;
  refused(
    () => fromEnv({}, { ...pair, DARAJA_CONSUMER_SECRET: "" }),
    "DARAJA_CONSUMER_SECRET is set to nothing",
    value,
  );
  refused(() => fromEnv({}, { ...pair, DARAJA_BASE_URL: "" }), "DARAJA_BASE_URL is set to nothing", value);
  const environment = (name) => () => fromEnv({}, { ...pair, DARAJA_ENVIRONMENT: name });
  const expected = "DARAJA_ENVIRONMENT: expected sandbox or production, found another text";
  refused(environment("Prod"), `${expected}; did you mean production?`, /^sandbox is for tests/);
  refused(environment("Canary"), expected, /DARAJA_BASE_URL gives another host\.$/);
  refused(
    () => fromEnv({}, { ...pair, DARAJA_STORE: "mysql://Canary@host/" }),
    "DARAJA_STORE: found something else; expected redis://, rediss://, postgres://, postgresql:// or file:",
    /^DynamoDB and Durable Objects are reached by your program only\. Give such a store to fromEnv\(\{ store \}\)\.$/,
  );
});

test("a warning names a variable that seems to choose an environment, unless DARAJA_ENVIRONMENT is set", async () => {
  const files = {
    "warned.mjs": 'import { fromEnv } from "daraja-auth/env";\nfromEnv();\nfromEnv({ environment: "sandbox" });\n',
  };
  const cwd = project("from-env-warned", files);
  const told = async (env) => (await run(process.execPath, ["warned.mjs"], { cwd, env: { ...pair, ...env } })).stderr;
  const sentence = "MPESA_ENV: set, but not read. Daraja's sandbox is asked. Set DARAJA_ENVIRONMENT.";
  assert.match(
    await told({ MPESA_ENV: "production" }),
    new RegExp(`^\\(node:\\d+\\) \\[DARAJA_AUTH_LOOKALIKE\\] DarajaAuthWarning: ${sentence}\n[^\n]*\n$`),
  );
  assert.equal(await told({ MPESA_ENV: "production", DARAJA_ENVIRONMENT: "production" }), "");
});

test("the warning names a variable of a framework or of older code that chooses an environment, and no other", async (t) => {
  const warn = t.mock.method(process, "emitWarning", () => {});
  const warned = (name) => {
    warn.mock.resetCalls();
    fromEnv({}, { ...pair, [name]: "production" });
    return warn.mock.calls.length === 1 && warn.mock.calls[0].arguments[0].startsWith(`${name}: set, but not read.`);
  };
  for (const name of [
    ...["NEXT_PUBLIC_MPESA_ENV", "VITE_MPESA_ENVIRONMENT", "APP_MPESA_ENV", "MPESA_DARAJA_ENV", "mpesaEnv", "MPESAENV"],
    ...["MPESA_USE_SANDBOX", "MPESA_IS_PROD", "MPESA_TEST_MODE", "MPESA_LIVE_MODE", "MPESA_SANDBOX_MODE", "MPESA_PROD"],
    ...["MPESA_APIURL", "MPESA_AUTH_URL", "MPESA_OAUTH_URL", "MPESA_TOKEN_URL", "MPESA_ENDPOINT", "LNMO_ENVIRONMENT"],
  ]) {
    assert.ok(warned(name), name);
  }
  for (const name of [
    ...["MPESA_CALLBACK_URL", "MPESA_CONFIRMATION_URL", "MPESA_RESULT_URL", "MPESA_TIMEOUT_URL", "MPESA_SHORTCODE"],
    ...[
      "MPESA_PASSKEY",
      "MPESA_TRANSACTION_TYPE",
      "NODE_ENV",
      "APP_ENV",
      "DATABASE_URL",
      "BASE_URL",
      "npm_config_mpesa_env",
    ],
  ]) {
    assert.equal(warned(name), false, name);
  }
});

test("generateToken refuses a store, because its new token would end the token in the store", async () => {
  const options = fromEnv({ fetch }, { ...pair, DARAJA_STORE: "file:tokens" });
  await assert.rejects(generateToken(options), { code: "ERR_DARAJA_INVALID_OPTION", message: "unknown option store" });
  const { store: _, ...others } = options;
  assert.equal((await generateToken(others)).expiresIn, 3599);
});
