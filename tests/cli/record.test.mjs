// What `simulate` writes, into its log and into --record's file: useful as it is, and nothing secret in it.
import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assertHidden, commandLine, encoded, shop } from "./cli.mjs";

const { folder, run, start } = commandLine("record", { "apps.json": [shop] });
const path = (name) => join(folder, name);

/** Runs the simulator with a record while `ask` asks it, and gives the lines of the record, and what it printed. */
async function recorded(t, name, ask, ...args) {
  const running = start(["simulate", "--port", "0", "--apps", "apps.json", "--record", name, ...args]);
  t.after(() => running.kill("SIGKILL"));
  const [, url] = await running.until(/listens on (http:\S+:\d+) /);
  await ask(url);
  running.kill("SIGTERM");
  assert.deepEqual(await running.ended, { code: 0, signal: null }, running.stderr);
  const text = readFileSync(path(name), "utf8");
  assert.match(text, /\n$/);
  return {
    text,
    lines: text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)),
    printed: running.stdout,
  };
}

const GENERATE = "/oauth/v1/generate?grant_type=client_credentials";
const basic = (app) => ({ authorization: `Basic ${encoded(app)}` });

test("a line has the request, the answer, and what became of it, with numbers for tokens", async (t) => {
  const before = Date.now();
  const { lines } = await recorded(t, "plain.jsonl", async (url) => {
    const { access_token: token } = await (await fetch(url + GENERATE, { headers: basic(shop) })).json();
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json", "user-agent": "test" };
    const body = JSON.stringify({ BusinessShortCode: 174379, Amount: 1 });
    await (await fetch(`${url}/mpesa/stkpush/v1/processrequest`, { method: "POST", headers, body })).text();
  });
  const [granted, called] = lines;
  assert.ok(granted.at >= before && granted.at <= Date.now());
  const { headers, ...request } = granted.request;
  assert.equal(headers.authorization, "Basic [redacted]");
  assert.deepEqual(request, {
    method: "GET",
    path: "/oauth/v1/generate",
    query: { grant_type: "client_credentials" },
    body: "",
  });
  assert.deepEqual(granted.response, {
    status: 200,
    body: '{"access_token":"[token 1]","expires_in":"3599"}',
    isWhole: true,
  });
  assert.deepEqual([granted.outcome, granted.app, granted.token], ["token", "Shop", 1]);
  assert.equal(called.request.headers.authorization, "Bearer [token 1]");
  assert.equal(called.request.headers["user-agent"], "test");
  assert.equal(called.request.body, '{"BusinessShortCode":174379,"Amount":1}');
  assert.deepEqual(JSON.parse(called.response.body).echo.body, { BusinessShortCode: 174379, Amount: 1 });
  assert.deepEqual([called.response.status, called.outcome, called.app, called.token], [200, "accepted", "Shop", 1]);
  assert.equal(lines.length, 2);
});

test("only its owner may read the file, and what is there already stays", async (t) => {
  writeFileSync(path("kept.jsonl"), '{"kept":true}\n', { mode: 0o644 });
  const { lines } = await recorded(t, "kept.jsonl", (url) => fetch(url));
  assert.deepEqual([lines[0].kept, lines[1].outcome, lines.length], [true, "unknown-path", 2]);
  assert.equal(statSync(path("kept.jsonl")).mode & 0o777, 0o600);
});

test("what is cut or hangs is recorded as far as it came", async (t) => {
  const ask = async (url) => {
    await assert.rejects(async () => (await fetch(url + GENERATE, { headers: basic(shop) })).text());
    const hangUp = new AbortController();
    const hanging = fetch(`${url}/mpesa/hang`, { signal: hangUp.signal });
    await fetch(url);
    hangUp.abort();
    await assert.rejects(hanging, { name: "AbortError" });
  };
  const faults = ["--fault", "cut:path=/oauth/", "--fault", "hang:path=/mpesa/"];
  const { lines } = await recorded(t, "faults.jsonl", ask, ...faults);
  const cut = lines.find(({ outcome }) => outcome === "cut");
  assert.deepEqual(cut.response, { status: 200, body: '{"access_token":"[redacted]"', isWhole: false });
  const hang = lines.find(({ outcome }) => outcome === "hang");
  assert.equal(hang?.response ?? null, null);
});

test("no credential and no token is in the record or the log, wherever a client puts it", async (t) => {
  const foreign = { consumerKey: "ForeignKey9zQ8", consumerSecret: 'foreign "secret" ü7Kx2' };
  const bearer = "c9SQxWWhmdVRlyh0zh8gZDTkubVF";
  const passkey = "bfb279f9aa9bdbcf158e97dd71a467cd";
  const issued = [];
  const ask = async (url) => {
    for (const app of [shop, foreign]) {
      const response = await fetch(url + GENERATE, { headers: basic(app) });
      if (response.ok) issued.push((await response.json()).access_token);
    }
    // What is not known to the simulator is known by the header of the request that has it elsewhere, too.
    for (const [authorization, ...more] of [
      [`Bearer ${issued[0]}`],
      [`Bearer ${bearer}`],
      [bearer],
      [basic(shop).authorization],
      [basic(foreign).authorization, foreign.consumerKey, foreign.consumerSecret],
    ]) {
      for (const secret of [authorization, issued[0], shop.consumerKey, shop.consumerSecret, ...more]) {
        const inUrl = encodeURIComponent(secret);
        const headers = { authorization, "x-api-key": inUrl, cookie: `token=${inUrl}`, "x-note": inUrl };
        const json = JSON.stringify({ note: secret, nested: JSON.stringify({ note: secret }) });
        await (await fetch(`${url}/mpesa/${inUrl}?x=${inUrl}`, { method: "POST", headers, body: json })).text();
        await (await fetch(`${url}/${inUrl}`, { method: "POST", headers, body: `x=${inUrl}&y=${secret}` })).text();
      }
    }
    const headers = { authorization: `Bearer ${issued[0]}` };
    for (const name of ["Password", "SecurityCredential", "InitiatorPassword", "passkey", "consumer_secret"]) {
      const body = { Amount: 1, [name]: `${passkey}"\\`, nested: JSON.stringify({ [name]: passkey }) };
      for (const text of [JSON.stringify(body), JSON.stringify(body, undefined, 2), `${name}=${passkey}&Amount=1`]) {
        await (await fetch(`${url}/mpesa/b2c/v3/paymentrequest`, { method: "POST", headers, body: text })).text();
      }
    }
  };
  const { text, lines, printed } = await recorded(t, "secret.jsonl", ask);
  const unescaped = lines
    .map((line) => JSON.stringify(line))
    .join("\n")
    .replaceAll("\\", "");
  const { consumerKey, consumerSecret } = foreign;
  const secrets = [...issued, bearer, passkey, consumerKey, consumerSecret, 'secret\\" ü7Kx2', encoded(foreign)];
  for (const shown of [text, unescaped, printed]) assertHidden(shown, ...secrets);
  assert.ok(text.includes("[token 1]"), "the token is there by its number");
  for (const { request } of lines.filter(({ request }) => request.body.startsWith("{"))) JSON.parse(request.body);
  for (const { response } of lines.filter(({ response }) => response.body.startsWith("{"))) JSON.parse(response.body);
  const { nested, ...members } = JSON.parse(lines.at(-3).request.body);
  assert.deepEqual(members, { Amount: 1, consumer_secret: "[redacted]" });
  assert.deepEqual(JSON.parse(nested), { consumer_secret: "[redacted]" });
});

test("a file that cannot be written is a failure that names it, before anything is served", async () => {
  const { code, stdout, stderr } = await run(["simulate", "--port", "0", "--record", "none/x.jsonl"]);
  assert.deepEqual([code, stdout], [1, ""]);
  assert.match(stderr, /^ENOENT: --record: cannot write none\/x\.jsonl\n/);
  assert.ok(!existsSync(path("none")));
});

test("a record that cannot be gone on with ends the simulator with a failure", async (t) => {
  if (!existsSync("/dev/full")) return t.skip("no /dev/full here");
  const running = start(["simulate", "--port", "0", "--record", "/dev/full"]);
  t.after(() => running.kill("SIGKILL"));
  const [, url] = await running.until(/listens on (http:\S+:\d+) /);
  await fetch(url).catch(() => {});
  assert.deepEqual(await running.ended, { code: 1, signal: null });
  assert.match(running.stderr, /^ENOSPC: --record: cannot write \/dev\/full\n/);
});
