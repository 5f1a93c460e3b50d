// The log of `simulate`, and the file of --record. They contain no secret.
import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assertHidden, commandLine, encoded, shop } from "./cli.mjs";

const { folder, load, run, start } = commandLine("record", { "apps.json": [shop] });
const path = (name) => join(folder, name);

/**
 * Starts the simulator with --record, calls `ask` with its address, and stops it. Gives the lines of the record, and
 * the simulator's output.
 */
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

test("a line has the request, the answer and the outcome, with numbers for tokens", async (t) => {
  const before = Date.now();
  const { lines } = await recorded(t, "plain.jsonl", async (url) => {
    const { access_token: token } = await (await fetch(url + GENERATE, { headers: basic(shop) })).json();
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json", "user-agent": "test" };
    const body = JSON.stringify({ BusinessShortCode: 174379, Amount: 1 });
    await (await fetch(`${url}/mpesa/b2b/v1/remittax`, { method: "POST", headers, body })).text();
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

test("the record's file gets the mode 600, and its old contents stay", async (t) => {
  writeFileSync(path("kept.jsonl"), '{"kept":true}\n', { mode: 0o644 });
  const { lines } = await recorded(t, "kept.jsonl", (url) => fetch(url));
  assert.deepEqual([lines[0].kept, lines[1].outcome, lines.length], [true, "unknown-path", 2]);
  assert.equal(statSync(path("kept.jsonl")).mode & 0o777, 0o600);
});

test("an answer that is cut or never comes is recorded as far as it was sent", async (t) => {
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
  assert.equal(hang.response, null);
});

test("neither the record nor the log contains a credential or a token that a client puts into the URL, a header or the body", async (t) => {
  const foreign = { consumerKey: "ForeignKey9zQ8", consumerSecret: 'foreign "secret" ü7Kx2' };
  const bearer = "c9SQxWWhmdVRlyh0zh8gZDTkubVF";
  const passkey = "bfb279f9aa9bdbcf158e97dd71a467cd";
  const issued = [];
  const ask = async (url) => {
    for (const app of [shop, foreign]) {
      const response = await fetch(url + GENERATE, { headers: basic(app) });
      if (response.ok) issued.push((await response.json()).access_token);
    }
    // The simulator does not know some of these values. It masks them everywhere, because Authorization has them too.
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
  assert.ok(text.includes("[token 1]"), "the record has the number of a token instead of the token");
  for (const { request } of lines.filter(({ request }) => request.body.startsWith("{"))) JSON.parse(request.body);
  for (const { response } of lines.filter(({ response }) => response.body.startsWith("{"))) JSON.parse(response.body);
  const { nested, ...members } = JSON.parse(lines.at(-3).request.body);
  assert.deepEqual(members, { Amount: 1, consumer_secret: "[redacted]" });
  assert.deepEqual(JSON.parse(nested), { consumer_secret: "[redacted]" });
});

test("a secret is masked because of its name or its form, in a query and in every kind of body", async (t) => {
  // The first three are recognised by their form. The short one is recognised by its name, or because a key precedes it.
  const key = "CanaryKey9zQ8CanaryKey9zQ8CanaryKey9zQ8CanaryKey";
  const secret = "CanarySecret7Kx2CanarySecret7Kx2";
  const token = "c9SQxWWhmdVRlyh0zh8gZDTkubVF";
  const short = "canary1";
  const basic = `Basic ${encoded({ consumerKey: key, consumerSecret: secret })}`;
  const json = (value) => JSON.stringify({ ...value, Amount: 1 });
  const ask = async (url) => {
    const generate = `${url}/oauth/v1/generate`;
    const post = async (body) => (await fetch(generate, { method: "POST", body })).text();
    await (await fetch(`${generate}?consumer_secret=${short}&client_id=${short}&apiKey=${short}&Amount=1`)).text();
    await post(`grant_type=client_credentials&client_id=${short}&client_secret=${short}&consumerKey=${short}&Amount=1`);
    for (const name of [
      "consumerKey",
      "consumer_secret",
      "client_id",
      "client_secret",
      "apiKey",
      "api_key",
      "secret",
    ]) {
      await post(json({ [name]: short }));
      await post(json({ [name]: { deep: [short, { [short]: 1234567 }] }, other: { [name]: [7654321, short, true] } }));
    }
    await post(json({ Password: 1234567, SecurityCredential: [7654321], InitiatorPassword: { v: short } }));
    await post(`{"Password": 1234567, "Amount": 1, "passkey": {"v": ["${short}`);
    await post(`Amount 1 ${key}:${secret}`);
    await post(`Amount 1 ${key}:${short}`);
    await post(json({ note: basic, other: `bearer ${token}` }));
    await post(`Amount 1, Authorization: ${basic}`);
  };
  const { text, lines } = await recorded(t, "named.jsonl", ask);
  const values = text.replaceAll(/\\*"canary1\\*":/g, "");
  const encodings = [
    encoded({ consumerKey: key, consumerSecret: secret }),
    encoded({ consumerKey: key, consumerSecret: "" }),
  ];
  assertHidden(values, key, secret, token, short, "1234567", "7654321", ...encodings);
  for (const { request } of lines) assert.match(JSON.stringify(request), /Amount\S{0,4}[:= ]\S{0,3}1/);
  for (const { request } of lines.filter(({ request }) => /^\{.*\}$/.test(request.body))) JSON.parse(request.body);
});

test("a very short credential is masked in its own place, and not inside other words", async (t) => {
  const tiny = { consumerKey: "a", consumerSecret: "1" };
  const { lines } = await recorded(t, "tiny.jsonl", async (url) => {
    await fetch(url + GENERATE, { headers: basic(tiny) });
    const headers = { authorization: "Bearer a1" };
    const body = JSON.stringify({ Amount: 1, note: "a banana" });
    await fetch(`${url}/mpesa/b2c`, { method: "POST", headers, body });
  });
  const [granted, called] = lines;
  assert.deepEqual(
    [granted.request.headers.authorization, granted.request.path],
    ["Basic [redacted]", "/oauth/v1/generate"],
  );
  assert.equal(called.request.headers.authorization, "Bearer [redacted]");
  assert.equal(called.request.body, '{"Amount":1,"note":"a banana"}');
});

test("identifiers and addresses that Daraja uses stay as they are", async (t) => {
  const body = JSON.stringify({
    CheckoutRequestID: "ws_CO_191220191020363925",
    ConversationID: "AG_20191219_00005797af5d7d75f652",
    OriginatorConversationID: "feb5e3f2-fbbc-4745-844c-ee37b546f627",
    PhoneNumber: 254708374149,
    CallBackURL: "https://shop.example/callbacks/2026/mpesa-express",
    TransactionDesc: "Basic subscription, 12 months",
  });
  const ask = (url) => fetch(`${url}/mpesa/b2c`, { method: "POST", body });
  const { lines } = await recorded(t, "identifiers.jsonl", ask);
  assert.equal(lines[0].request.body, body);
});

test("the last 10,000 tokens are recorded by their numbers", async () => {
  const { Ledger } = await load("bin/simulate/ledger.js");
  const ledger = new Ledger();
  const text = (number) => String(number).padStart(28, "t");
  for (let token = 1; token <= 10_001; token++) {
    ledger.enter({ token: token + 1, replaces: token });
    ledger.learn({ path: "/oauth/v1/generate", token }, `{"access_token":"${text(token)}"}`);
  }
  assert.equal(ledger.mask(`${text(1)} ${text(2)} ${text(10_001)}`), `${text(1)} [token 2] [token 10001]`);
  assert.deepEqual(
    [1, 2, 10_001].map((number) => ledger.successorOf(number)),
    [undefined, 3, 10_002],
  );
});

test("a file that cannot be written is a failure that names it, before the server starts", async () => {
  const { code, stdout, stderr } = await run(["simulate", "--port", "0", "--record", "none/x.jsonl"]);
  assert.deepEqual([code, stdout], [1, ""]);
  assert.match(stderr, /^ENOENT: --record: cannot write none\/x\.jsonl\n/);
  assert.ok(!existsSync(path("none")));
});

test("if the record cannot be written any more, the simulator ends with a failure, and a device keeps its mode", async (t) => {
  if (!existsSync("/dev/full")) return t.skip("no /dev/full here");
  const { mode } = statSync("/dev/full");
  const running = start(["simulate", "--port", "0", "--record", "/dev/full"]);
  t.after(() => running.kill("SIGKILL"));
  const [, url] = await running.until(/listens on (http:\S+:\d+) /);
  await fetch(url).catch(() => {});
  assert.deepEqual(await running.ended, { code: 1, signal: null });
  assert.match(running.stderr, /^ENOSPC: --record: cannot write \/dev\/full\n/);
  assert.equal(statSync("/dev/full").mode, mode);
});

test("a symbolic link is not followed: the file behind it is not changed", async () => {
  writeFileSync(path("private.txt"), "kept\n", { mode: 0o644 });
  symlinkSync(path("private.txt"), path("link.jsonl"));
  const { code, stdout, stderr } = await run(["simulate", "--port", "0", "--record", "link.jsonl"]);
  assert.deepEqual([code, stdout], [1, ""]);
  assert.match(stderr, /^ELOOP: --record: link\.jsonl is a symbolic link\n/);
  assert.equal(readFileSync(path("private.txt"), "utf8"), "kept\n");
  assert.equal(statSync(path("private.txt")).mode & 0o777, 0o644);
});

test("a request from a page of another site gets an answer without CORS headers, and is not recorded", async (t) => {
  const headers = { "content-type": "text/plain" };
  const ask = async (url) => {
    const post = (more) => fetch(url, { method: "POST", body: "from a page", headers: { ...headers, ...more } });
    const answer = await post({ origin: "https://elsewhere.example" });
    assert.equal(answer.headers.get("access-control-allow-origin"), null);
    await post({ origin: "null" });
    await post({ "sec-fetch-site": "cross-site" });
    await post({ origin: url });
  };
  const { lines, printed } = await recorded(t, "pages.jsonl", ask);
  assert.deepEqual(
    lines.map(({ request }) => request.headers.origin !== undefined),
    [true],
  );
  assert.equal(printed.match(/from a page of another site/g).length, 3);
});

test("with --cors, pages of other sites are recorded too", async (t) => {
  const ask = (url) => fetch(url, { headers: { origin: "https://elsewhere.example" } });
  const { lines } = await recorded(t, "cors.jsonl", ask, "--cors");
  assert.equal(lines.length, 1);
});

test("a body of a megabyte is recorded up to 16,384 characters, and the simulator continues", async (t) => {
  const nested = '[{"a":'.repeat(170_000);
  const ask = async (url) => {
    for (const body of [nested, '"\\'.repeat(500_000), "t0".repeat(500_000)])
      await fetch(url, { method: "POST", body });
  };
  const { text, lines } = await recorded(t, "large.jsonl", ask);
  assert.equal(lines.length, 3);
  assert.match(lines[0].request.body, /^\[\{"a":.*… \[1003616 characters more\]$/);
  assert.ok(text.length < 3 * 131_072, `${text.length} characters`);
});
