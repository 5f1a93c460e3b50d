// daraja-auth serve: clients with their own pairs, and several apps.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { encoded } from "../cli/cli.mjs";
import { isWhole } from "../support/matrix.mjs";
import { REMIT_PATH, send, servers, TOKEN_PATH } from "./servers.mjs";

const { daraja, serve, run, folder, load } = servers("clients");
const B2C_PATH = "/mpesa/b2c/v3/paymentrequest";
/** A path of the product stkpush that is no API, so the simulator echoes the request. */
const ECHO_PATH = "/mpesa/stkpush/v1/echo";
const secrets = {};
const entries = {};

before(async () => {
  const { hashOf } = await load("bin/serve/secret.js");
  for (const name of ["laravel", "django", "nginx"]) {
    secrets[name] = { consumerKey: name, consumerSecret: `secret of ${name}: ü` };
    entries[name] = { name, secret: await hashOf(secrets[name].consumerSecret) };
  }
  Object.assign(entries.django, { paths: ["/mpesa/stkpush/", "/mpesa/stkpushquery/"] });
  Object.assign(entries.nginx, { direct: true });
});

/** A server with these clients, and a function that writes other clients into its file. */
async function withClients(t, names = ["laravel", "django", "nginx"]) {
  const file = join(folder, `clients-${t.name.length}.json`);
  const write = (list) => writeFileSync(file, JSON.stringify(list));
  write(names.map((name) => entries[name]));
  const upstream = await daraja(t);
  const server = await serve(t, upstream, { args: ["--clients", file] });
  return { upstream, write, ...server };
}

const errorOf = async (answer) => [answer.status, (await answer.json()).errorCode];

test("a client gets a token with its own pair, and the app's pair is refused", async (t) => {
  const { upstream, token, call, ask, stop } = await withClients(t);
  const bearer = await token(secrets.laravel);
  assert.match(bearer, /^[0-9A-Za-z]{28}$/);
  assert.equal((await call(bearer)).status, 200);
  assert.equal((await call(bearer, B2C_PATH)).status, 200);
  assert.equal((await ask(upstream.app)).status, 400);
  assert.equal((await ask({ ...secrets.laravel, consumerSecret: "wrong" })).status, 400);
  assert.equal((await ask({ ...secrets.laravel, consumerKey: "nobody" })).status, 400);
  const lines = await stop();
  assert.ok(lines.includes(`laravel POST ${REMIT_PATH} 200`), lines.join("\n"));
  assert.ok(!lines.join("\n").includes("secret of"));
});

test("Daraja does not accept a client's token, and each client has a different token", async (t) => {
  const { upstream, token, call } = await withClients(t);
  const [laravel, django] = [await token(secrets.laravel), await token(secrets.django)];
  assert.notEqual(laravel, django);
  const headers = { authorization: `Bearer ${laravel}` };
  const elsewhere = await fetch(upstream.baseUrl + REMIT_PATH, { method: "POST", body: "{}", headers });
  assert.equal((await elsewhere.json()).errorCode, "404.001.03");
  // The client's token stays valid after another program has ended Daraja's token behind it.
  await upstream.generateElsewhere();
  assert.equal((await call(laravel)).status, 200);
  assert.equal((await call(laravel)).status, 200);
});

test("a client that may use certain paths is refused on other paths", async (t) => {
  const { token, call } = await withClients(t);
  const bearer = await token(secrets.django);
  assert.equal((await call(bearer, ECHO_PATH)).status, 200);
  assert.deepEqual(await errorOf(await call(bearer, B2C_PATH)), [403, "ERR_DARAJA_REFUSED"]);
  assert.deepEqual(await errorOf(await call(bearer, "/mpesa/stkpush")), [403, "ERR_DARAJA_REFUSED"]);
});

test("only a direct client gets Daraja's own token", async (t) => {
  const { upstream, url, token } = await withClients(t);
  const asked = (name) => fetch(`${url}/token`, { headers: { authorization: `Basic ${encoded(secrets[name])}` } });
  assert.deepEqual(await errorOf(await asked("laravel")), [403, "ERR_DARAJA_REFUSED"]);
  const { accessToken } = await (await asked("nginx")).json();
  assert.equal(await token(secrets.nginx), accessToken);
  const headers = { authorization: `Bearer ${accessToken}` };
  assert.equal((await fetch(upstream.baseUrl + REMIT_PATH, { method: "POST", body: "{}", headers })).status, 200);
});

test("SIGHUP reads the file again: a removed client is refused at once, and no running call is dropped", async (t) => {
  const { upstream, write, token, call, ask, running } = await withClients(t);
  const [laravel, django] = [await token(secrets.laravel), await token(secrets.django)];
  upstream.simulator.inject({ kind: "latency", ms: 60_000, path: B2C_PATH });
  const slow = call(laravel, B2C_PATH);
  while (upstream.counts.waiting === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  write([entries.django]);
  running.kill("SIGHUP");
  await running.until(/The clients were read again\./, "stderr");
  assert.deepEqual(await errorOf(await call(laravel)), [404, "404.001.03"]);
  assert.equal((await ask(secrets.laravel)).status, 400);
  assert.equal((await call(django, ECHO_PATH)).status, 200);
  upstream.simulator.advance(60_000);
  assert.equal((await slow).status, 200);
  // The server ignores a file that it cannot use.
  write([{ name: "x" }]);
  running.kill("SIGHUP");
  await running.until(/expected a secret as --new-client makes it\. The old clients are still used\./, "stderr");
  assert.equal((await call(django, ECHO_PATH)).status, 200);
});

test("a client's token is also accepted by another server with the same file, and after a restart", async (t) => {
  const file = join(folder, "shared.json");
  writeFileSync(file, JSON.stringify([entries.laravel]));
  const upstream = await daraja(t);
  const options = { args: ["--clients", file], env: { DARAJA_STORE: "file:clients-tokens" } };
  const [one, two] = [await serve(t, upstream, options), await serve(t, upstream, options)];
  const bearer = await one.token(secrets.laravel);
  assert.equal((await two.call(bearer)).status, 200);
  await one.stop();
  const three = await serve(t, upstream, options);
  assert.equal((await three.call(bearer)).status, 200);
  assert.equal(upstream.count("token"), 1);
});

test("after ten wrong pairs, the next wrong pair gets a 429; the name's right pair, which was used before, and another name get tokens", async (t) => {
  const { ask, token } = await withClients(t);
  await token(secrets.laravel);
  const wrong = { ...secrets.laravel, consumerSecret: "wrong" };
  let answer;
  let tries = 0;
  // One more try is allowed every six seconds, and a slow machine may need that long.
  for (answer = await ask(wrong); answer.status === 400; answer = await ask(wrong)) tries++;
  assert.ok(tries >= 10 && tries < 20, `${tries} tries`);
  assert.match(answer.headers.get("retry-after"), /^[1-6]$/);
  assert.deepEqual(await errorOf(answer), [429, "ERR_DARAJA_RATE_LIMITED"]);
  assert.equal((await ask(secrets.laravel)).status, 200);
  assert.equal((await ask(secrets.django)).status, 200);
});

test("the limit on wrong tries refills as its clock moves on", async () => {
  const { Tries } = await import(pathToFileURL(join(folder, "node_modules/daraja-auth/bin/serve/tries.js")).href);
  let now = 1000;
  const tries = new Tries(() => now);
  for (let i = 0; i < 10; i++) {
    assert.equal(tries.waitMs("a", "127.0.0.1"), 0);
    tries.count("a", "127.0.0.1");
  }
  assert.equal(tries.waitMs("a", "127.0.0.1"), 6000);
  assert.equal(tries.waitMs("a", "127.0.0.2"), 0);
  now += 6000;
  assert.equal(tries.waitMs("a", "127.0.0.1"), 0);
  tries.count("a", "127.0.0.1");
  now += 3000;
  assert.equal(tries.waitMs("a", "127.0.0.1"), 3000);
  now += 3_600_000;
  for (let i = 0; i < 10; i++) tries.count("a", "127.0.0.1");
  assert.equal(tries.waitMs("a", "127.0.0.1"), 6000);
});

test("twenty first requests with one right pair all get a token, and none gets a 429", async (t) => {
  const { ask } = await withClients(t);
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask(secrets.laravel)));
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
});

test("a pair that is checked while the file is read again is accepted if its client has the same secret", async () => {
  const { Admission } = await load("bin/serve/admission.js");
  const { clientsOf } = await load("bin/serve/clients.js");
  const apps = { pairs: () => [], get: () => ({}) };
  const incoming = { socket: { remoteAddress: "127.0.0.1" } };
  const { consumerKey, consumerSecret } = secrets.laravel;
  const read = (...names) =>
    clientsOf(
      Object.values(entries).filter(({ name }) => names.includes(name)),
      ["app"],
      "",
    );
  const admission = new Admission(apps);
  for (const [names, found] of [
    [["laravel", "nginx"], "laravel"],
    [["nginx"], undefined],
  ]) {
    admission.setClients(read("laravel"));
    const admitted = admission.admit(`${consumerKey}:${consumerSecret}`, incoming);
    admission.setClients(read(...names));
    assert.equal((await admitted)?.name, found);
  }
});

test("--new-client prints a line for the file, and the client of that line gets a token", async (t) => {
  const { code, stdout, stderr } = await run(["serve", "--new-client", "shell"]);
  assert.equal(code, 0);
  const [, consumerKey, consumerSecret] = /consumer key is (\w+), its consumer secret (\S+)\. The/.exec(stderr);
  assert.ok(!stdout.includes(consumerSecret));
  const file = join(folder, "new.json");
  writeFileSync(file, `[${stdout}]`);
  const { token, call } = await serve(t, await daraja(t), { args: ["--clients", file] });
  assert.equal((await call(await token({ consumerKey, consumerSecret }))).status, 200);
});

test("a wrong file of clients is a misuse, and the error shows no secret", async () => {
  const env = { DARAJA_CONSUMER_KEY: "Key", DARAJA_CONSUMER_SECRET: "Secret" };
  const misuse = async (value) => {
    writeFileSync(join(folder, "bad.json"), typeof value === "string" ? value : JSON.stringify(value));
    const { code, stdout, stderr } = await run(["serve", "--clients", "bad.json"], env);
    assert.deepEqual([code, stdout], [2, ""], stderr);
    assert.ok(!stderr.includes("hunter2"));
    return stderr.split("\n")[0];
  };
  assert.match(await misuse("hunter2"), /expected JSON, found something else/);
  assert.match(await misuse(" ".repeat(1_048_577)), /has over 1 MiB/);
  assert.match(await misuse([]), /expected a list of clients, found none/);
  assert.match(await misuse([{ name: "a", secret: "hunter2" }]), /a: expected a secret as --new-client makes it/);
  assert.match(
    await misuse([{ ...entries.laravel, name: "a b" }]),
    /client 1: expected a name of 1 to 64 letters or digits/,
  );
  assert.match(await misuse([entries.laravel, entries.laravel]), /another client has the name laravel/);
  assert.match(await misuse([{ ...entries.laravel, app: "x" }]), /expected the name of an app/);
  assert.match(await misuse([{ ...entries.laravel, path: "/x" }]), /"path" is not a member of a client/);
  assert.match(await misuse([{ ...entries.laravel, paths: ["x"] }]), /expected paths that begin with a slash/);
  assert.match(await misuse([{ ...entries.django, direct: true }]), /cannot be limited to paths/);
  // These parameters need 4 GiB of memory.
  const greedy = entries.laravel.secret.replace("$16384$8$", "$4194304$8$");
  assert.match(await misuse([{ name: "a", secret: greedy }]), /expected a secret as --new-client makes it/);
});

test("several apps: each pair and each client gets the token of its own app", async (t) => {
  const upstream = await daraja(t);
  const samples = upstream.simulator.apps;
  const [duka, matatu] = samples;
  const list = samples.slice(0, 2).map(({ name, consumerKey, consumerSecret }) => {
    return { name, consumerKey, consumerSecret, baseUrl: upstream.baseUrl };
  });
  writeFileSync(join(folder, "apps.json"), JSON.stringify(list), { mode: 0o600 });
  const { token, call, stop } = await serve(t, upstream, { args: ["--apps", "apps.json"] });
  const [one, two] = await Promise.all([token(duka), token(matatu)]);
  assert.notEqual(one, two);
  assert.equal((await (await call(one)).json()).echo.app, "Duka");
  assert.equal((await (await call(two, ECHO_PATH)).json()).echo.app, "Matatu");
  // Matatu lacks the product.
  assert.equal((await call(two, B2C_PATH)).status, 401);
  assert.deepEqual((await stop()).filter((line) => line.includes("oauth")).sort(), [
    "Duka GET /oauth/v1/generate 200",
    "Matatu GET /oauth/v1/generate 200",
  ]);

  list[1].clients = [entries.laravel];
  list[0].clients = [entries.django];
  writeFileSync(join(folder, "apps.json"), JSON.stringify(list));
  const named = await serve(t, upstream, { args: ["--apps", "apps.json"] });
  const bearer = await named.token(secrets.laravel);
  assert.equal((await (await named.call(bearer, ECHO_PATH)).json()).echo.app, "Matatu");
  assert.equal(
    (await send(named.url + TOKEN_PATH, { headers: { authorization: `Basic ${encoded(duka)}` } })).status,
    400,
  );
});

const APPS = isWhole ? 1000 : 200;

test(`${APPS} apps with 20 callers each get ${APPS} tokens, and each caller gets its app's token`, async (t) => {
  const { Apps } = await load("bin/serve/apps.js");
  const { Admission } = await load("bin/serve/admission.js");
  const packaged = await load("pkg/node.js");
  const { Simulator } = await load("pkg/simulator.node.js");
  const pairs = Array.from({ length: APPS }, (_, i) => ({ consumerKey: `Key${i}`, consumerSecret: `Secret${i}` }));
  const simulator = new Simulator({ apps: pairs.map((pair, i) => ({ name: `shop${i}`, ...pair })) });
  const { listen } = await load("bin/listen.js");
  const many = await listen(simulator.fetch);
  t.after(() => many.close());
  const entries = pairs.map((pair, i) => ({ name: `shop${i}`, ...pair, baseUrl: many.url }));
  const apps = new Apps(entries, { daraja: packaged, storeOf: () => undefined });
  t.after(() => apps.close());
  const admission = new Admission(apps);
  const incoming = { socket: { remoteAddress: "127.0.0.1" } };
  const owners = new Map();
  // A few at a time. A slow machine would not answer a hundred within the time limit of an attempt, and the server
  // would send them again.
  for (let from = 0; from < APPS; from += 10) {
    await Promise.all(
      pairs.slice(from, from + 10).map(async ({ consumerKey, consumerSecret }, i) => {
        const holder = await admission.admit(`${consumerKey}:${consumerSecret}`, incoming);
        assert.equal(holder.name, `shop${from + i}`);
        const tokens = await Promise.all(Array.from({ length: 20 }, () => admission.tokenOf(holder)));
        assert.equal(new Set(tokens.map(({ accessToken }) => accessToken)).size, 1);
        owners.set(tokens[0].accessToken, holder.name);
      }),
    );
  }
  assert.equal(owners.size, APPS);
  assert.equal(simulator.requests.filter(({ outcome }) => outcome === "token").length, APPS);
  for (const [token, name] of owners) assert.equal((await admission.clientWith(token)).name, name);
});
