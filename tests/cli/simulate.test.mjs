// daraja-auth simulate: its answers, its options and its log.
import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { encoded, shop } from "./cli.mjs";
import { APPS, hanging, kiosk, simulators } from "./simulator.mjs";

const { folder, load, run, simulate } = simulators("simulate");

test("the first lines say how to use the simulator, and they work unchanged", async (t) => {
  const { running, url } = await simulate(t);
  const lines = [...running.stdout.matchAll(/^ {2}export (DARAJA_\w+)=(\S+)$/gm)];
  const env = Object.fromEntries(lines.map(([, name, value]) => [name, value]));
  assert.deepEqual(Object.keys(env), ["DARAJA_BASE_URL", "DARAJA_CONSUMER_KEY", "DARAJA_CONSUMER_SECRET"]);
  assert.equal(env.DARAJA_BASE_URL, url);
  const { code, stdout } = await run(["token", "--header"], env);
  assert.equal(code, 0);
  const [name, value] = stdout.trimEnd().split(": ");
  const called = await fetch(`${url}/mpesa/b2b/v1/remittax`, { method: "POST", headers: { [name]: value } });
  assert.equal(called.status, 200);
});

test("the log has a line for each request: method, status, path, app, outcome, and which token", async (t) => {
  const { ask, call, running, stop, token, url } = await simulate(t, ...APPS);
  const first = await token(shop);
  await call(first);
  const second = await token(shop);
  await call(first);
  await call(second);
  const other = await token(kiosk);
  await call(other, "/mpesa/b2b/v1/remittax");
  await call("c9SQxWWhmdVRlyh0zh8gZDTkubVF");
  await fetch(`${url}/mpesa/b2c/v3/paymentrequest`);
  await fetch(`${url}/oauth/v1/generate`);
  await ask(shop, "/oauth/v1/generate?grant_type=password");
  await fetch(`${url}/oauth/nowhere`, { method: "DELETE" });
  assert.deepEqual(await stop(), [
    "GET 200 /oauth/v1/generate Shop token token 1",
    "POST 200 /mpesa/b2c/v3/paymentrequest Shop accepted token 1",
    "GET 200 /oauth/v1/generate Shop token token 2 replaces token 1",
    "POST 404 /mpesa/b2c/v3/paymentrequest - dead-token token 1, which token 2 replaced",
    "POST 200 /mpesa/b2c/v3/paymentrequest Shop accepted token 2",
    "GET 200 /oauth/v1/generate Kiosk token token 3",
    "POST 401 /mpesa/b2b/v1/remittax Kiosk no-product token 3",
    "POST 404 /mpesa/b2c/v3/paymentrequest - dead-token a token from elsewhere",
    "GET 404 /mpesa/b2c/v3/paymentrequest - malformed-header",
    "GET 400 /oauth/v1/generate - wrong-scheme",
    "GET 400 /oauth/v1/generate - wrong-grant",
    "DELETE 404 /oauth/nowhere - unknown-path",
  ]);
  const counts = "3 token, 2 accepted, 2 dead-token, 1 no-product, 1 malformed-header, 1 wrong-scheme, 1 wrong-grant";
  assert.ok(running.stdout.endsWith(`\nStopped after 12 requests: ${counts}, 1 unknown-path\n`), running.stdout);
});

test("the log says which token of the same environment was replaced, even if the answers come out of order", async (t) => {
  const { call, running, stop, url } = await simulate(t, ...APPS, "--fault", "latency:ms=60000");
  const authorization = `Basic ${encoded(shop)}`;
  const generate = `${url}/oauth/v1/generate?grant_type=client_credentials`;
  // fetch cannot be used here, because it sets Host itself.
  const grant = async (host) => {
    const asking = request(generate, { headers: { authorization, host } }).end();
    const [response] = await once(asking, "response");
    return JSON.parse(Buffer.concat(await response.toArray())).access_token;
  };
  const { host } = new URL(url);
  const late = await hanging(generate, { authorization });
  await running.until(/latency/);
  const second = await grant(host);
  await grant("api.safaricom.co.ke");
  await grant(host);
  await call(second);
  late.destroy();
  assert.deepEqual(await stop(), [
    "GET 200 /oauth/v1/generate Shop latency token 1",
    "GET 200 /oauth/v1/generate Shop token token 2 replaces token 1",
    "GET 200 /oauth/v1/generate Shop token token 3",
    "GET 200 /oauth/v1/generate Shop token token 4 replaces token 2",
    "POST 404 /mpesa/b2c/v3/paymentrequest - dead-token token 2, which token 4 replaced",
  ]);
});

test("the log says why a pair is wrong", async (t) => {
  const { ask, stop, url } = await simulate(t, ...APPS);
  const { consumerKey, consumerSecret } = shop;
  await ask({ consumerKey: consumerSecret, consumerSecret: consumerKey });
  await ask({ consumerKey, consumerSecret: `${consumerSecret} ` });
  await ask({ consumerKey: `"${consumerKey}"`, consumerSecret });
  await ask({ consumerKey, consumerSecret: kiosk.consumerSecret });
  await ask({ consumerKey: "another", consumerSecret });
  const unpadded = { authorization: `Basic ${encoded(shop).replace(/=+$/, "")}` };
  await fetch(`${url}/oauth/v1/generate?grant_type=client_credentials`, { headers: unpadded });
  const line = "GET 400 /oauth/v1/generate - wrong-pair ";
  assert.deepEqual(await stop(), [
    `${line}Shop's key and secret, swapped`,
    `${line}Shop's, with whitespace or quotes around them`,
    `${line}Shop's, with whitespace or quotes around them`,
    `${line}Shop's key with another secret`,
    `${line}no app here has that key`,
    `${line}Shop's, in wrong base64: is = missing?`,
  ]);
});

test("with --no-supersede a new token replaces no other, and with --grace a replaced token is still accepted", async (t) => {
  const lasting = await simulate(t, ...APPS, "--no-supersede");
  const kept = await lasting.token(shop);
  await lasting.token(shop);
  assert.equal((await lasting.call(kept)).status, 200);
  assert.equal((await lasting.stop())[1], "GET 200 /oauth/v1/generate Shop token token 2");
  const graceful = await simulate(t, ...APPS, "--grace", "3600000");
  const replaced = await graceful.token(shop);
  await graceful.token(shop);
  assert.equal((await graceful.call(replaced)).status, 200);
  assert.equal((await graceful.stop())[1], "GET 200 /oauth/v1/generate Shop token token 2 replaces token 1");
});

test("--token-lifetime is the lifetime in an answer, and the token is dead after it", async (t) => {
  const { ask, call, running, stop } = await simulate(t, ...APPS, "--token-lifetime", "1");
  const { access_token: token, expires_in } = await (await ask(shop)).json();
  assert.equal(expires_in, "1");
  while ((await call(token)).status === 200);
  await running.until(/dead-token/);
  assert.equal(
    (await stop()).at(-1),
    "POST 404 /mpesa/b2c/v3/paymentrequest - dead-token token 1, which has expired or belongs to the other environment",
  );
});

test("pages can read the answers with --cors, and cannot without it", async (t) => {
  const readable = async (...args) => {
    const { url, stop } = await simulate(t, ...args);
    const { headers } = await fetch(`${url}/oauth/v1/generate`);
    const preflight = await fetch(`${url}/mpesa/x`, { method: "OPTIONS" });
    await stop();
    return [headers.get("access-control-allow-origin"), preflight.status];
  };
  assert.deepEqual(await readable("--cors"), ["*", 204]);
  assert.deepEqual(await readable(), [null, 404]);
});

test("the same seed gives the same tokens; without --seed the seed is random, and is printed", async (t) => {
  const seedAndToken = async (...args) => {
    const { running, token, stop } = await simulate(t, ...APPS, ...args);
    const result = [/\(seed (\d+)\)/.exec(running.stdout)[1], await token(shop)];
    await stop();
    return result;
  };
  const [seed, token] = await seedAndToken();
  assert.deepEqual(await seedAndToken("--seed", seed), [seed, token]);
  assert.notEqual((await seedAndToken())[0], seed);
});

test("each kind of --fault in the help can be injected, and the log names it", async (t) => {
  const { stdout } = await run(["simulate", "--help"]);
  const kinds = /kinds (.+?)\n {2}times/s.exec(stdout)[1].trim().split(/\s+/);
  assert.equal(kinds.length, 18);
  const settings = (kind) => `${kind}:path=/${kind}${kind === "latency" ? ",ms=1" : ""}`;
  const { stop, url } = await simulate(t, ...kinds.flatMap((kind) => ["--fault", settings(kind)]));
  await hanging(`${url}/hang`);
  for (const kind of kinds.filter((kind) => kind !== "hang")) {
    const response = await fetch(`${url}/${kind}`);
    await response.text().catch(() => {});
  }
  const outcomes = (await stop()).map((line) => line.split(" ").slice(2));
  assert.deepEqual(outcomes.toSorted(), kinds.map((kind) => [`/${kind}`, "-", kind]).toSorted());
});

test("a fault affects as many requests as its settings say, and only on their path", async (t) => {
  const spike = ["--fault", "spike-arrest:path=/mpesa/,times=2"];
  const limited = ["--fault", "rate-limited:retryAfterSeconds=7,rate=1,path=/oauth/v2/"];
  const { ask, call, stop, token } = await simulate(t, ...APPS, ...spike, ...limited);
  const bearer = await token(shop);
  const statuses = [await call(bearer), await call(bearer), await call(bearer)].map(({ status }) => status);
  assert.deepEqual(statuses, [429, 429, 200]);
  for (let times = 0; times < 3; times++) {
    const { status, headers } = await ask(shop, "/oauth/v2/generate?grant_type=client_credentials");
    assert.deepEqual([status, headers.get("retry-after")], [429, "7"]);
  }
  await stop();
});

for (const [fault, sentence] of [
  ["spike", /^--fault: kind is not valid$/],
  ["", /^--fault needs a value$/],
  ["hang:often", /^--fault: expected rate, times, path, ms or retryAfterSeconds after the colon$/],
  ["hang:rate=often", /^--fault: rate: expected a number, such as rate=1$/],
  ["hang:rate=2", /^--fault: rate: expected a number from 0 to 1, found another number$/],
  ["hang:times=0", /^--fault: times: expected a whole number from 1, found 0$/],
  ["hang:ms=5", /^--fault: ms: expected none, unless the kind is latency, found a number$/],
  ["hang:path=mpesa", /^--fault: path: expected the beginning of a path, such as \/oauth\/, found /],
]) {
  test(`--fault=${fault} is a misuse, and the error says which part is wrong`, async () => {
    const { code, stdout, stderr } = await run(["simulate", `--fault=${fault}`]);
    assert.deepEqual([code, stdout], [2, ""], stderr);
    const [, said] = /^ERR_DARAJA_INVALID_OPTION: (.*)\n./.exec(stderr);
    assert.match(said, sentence);
  });
}

for (const [what, text, sentence] of [
  ["that is no JSON", `${shop.consumerSecret}`, /^--apps: bad\.json: expected JSON, found something else$/],
  [
    "with a number for a key",
    [{ ...shop, consumerKey: 1 }],
    /^--apps: bad\.json: apps\[0\]\.consumerKey is not valid$/,
  ],
  [
    "with two apps of one name",
    [shop, shop],
    /^--apps: bad\.json: apps\[1\]\.name: expected a name that no other app has/,
  ],
  ["that is no list", { shop }, /^--apps: bad\.json: apps: expected an array, found an object$/],
  ["without an app", [], /^--apps: bad\.json: expected an app, found none$/],
]) {
  test(`a file of --apps ${what} is a misuse, and the error says what is wrong in the file`, async () => {
    writeFileSync(join(folder, "bad.json"), typeof text === "string" ? text : JSON.stringify(text));
    const { code, stderr } = await run(["simulate", "--apps", "bad.json"]);
    assert.equal(code, 2, stderr);
    const [, said] = /^ERR_DARAJA_INVALID_OPTION: (.*)\n./.exec(stderr);
    assert.match(said, sentence);
  });
}

test("a file of --apps may begin with a byte order mark", async (t) => {
  writeFileSync(join(folder, "marked.json"), `\ufeff${JSON.stringify([shop])}`);
  const { ask, stop } = await simulate(t, "--apps", "marked.json");
  assert.equal((await ask(shop)).status, 200);
  await stop();
});

test("a file of --apps that does not exist is a misuse", async () => {
  const { code, stderr } = await run(["simulate", "--apps", "none.json"]);
  assert.equal(code, 2);
  assert.match(stderr, /^ERR_DARAJA_INVALID_OPTION: --apps: cannot read none\.json: there is no such file\n/);
});

test("the simulator prints the names of the apps in a file, but no credential", async (t) => {
  const { running, stop } = await simulate(t, ...APPS);
  assert.match(running.stdout, /# and the credentials of one of apps\.json's apps: Shop, Kiosk\n/);
  assert.ok(!running.stdout.includes("export DARAJA_CONSUMER"));
  await stop();
});

test("the simulator prints the faults that are on, and on Windows how to set the variables in PowerShell and in cmd", async (t) => {
  const { running, stop } = await simulate(t, "--fault", "busy:rate=0.2", "--fault", "hang:path=/mpesa/");
  await running.until(/^Faults that are on: busy:rate=0\.2, hang:path=\/mpesa\/\.$/m);
  await stop();
  const none = await simulate(t);
  await none.stop();
  assert.doesNotMatch(none.running.stdout, /Faults/);
  const { exportLines } = await load("bin/simulate/greeting.js");
  assert.deepEqual(exportLines([["A", "1"]], "win32"), ["In PowerShell:", '  $env:A = "1"', "In cmd:", "  set A=1"]);
  assert.deepEqual(exportLines([["A", "1"]], "linux"), ["  export A=1"]);
});
