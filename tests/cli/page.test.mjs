// daraja-auth simulate in a browser: the page, and the endpoints that only this page may use.
import assert from "node:assert/strict";
import { request } from "node:http";
import { test } from "node:test";
import { shop } from "./cli.mjs";
import { APPS, simulators } from "./simulator.mjs";

const { simulate } = simulators("page");
const html = { accept: "text/html,application/xhtml+xml" };

/** Sends a request to an endpoint, as the page does. */
async function ask(url, name, question = {}, headers = {}) {
  const response = await fetch(`${url}/demo/${name}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url, ...headers },
    body: JSON.stringify(question),
  });
  return { status: response.status, answer: response.ok ? await response.json() : undefined };
}

test("a browser gets the page and each file that it loads, and other programs get the simulator", async (t) => {
  const { url, running } = await simulate(t);
  await running.until(/^In a browser, this address shows the demo page\.$/m);
  const page = await fetch(url, { headers: html });
  const text = await page.text();
  assert.equal(page.status, 200);
  assert.match(text, /<meta name="daraja-mode" content="simulator">/);
  assert.match(page.headers.get("content-security-policy"), /^default-src 'none'; .*frame-ancestors 'none'/);
  const files = [...text.matchAll(/(?:src|href)="(demo\/[^"]+)"/g)].map(([, file]) => file);
  for (const file of [...new Set(files), "demo/daraja-auth/index.js", "demo/daraja-auth/simulator.js"]) {
    const { status, headers } = await fetch(`${url}/${file}`);
    assert.deepEqual([status, headers.get("x-content-type-options")], [200, "nosniff"], file);
  }
  assert.equal((await fetch(url)).status, 404);
});

test("the page's log has the requests of all programs, and marks its own", async (t) => {
  const { url, stop } = await simulate(t);
  const { answer } = await ask(url, "apps");
  const [{ consumerKey, consumerSecret }] = answer.apps;
  assert.equal(answer.kinds.length, 18);
  const authorization = `Basic ${btoa(`${consumerKey}:${consumerSecret}`)}`;
  const path = "/oauth/v1/generate?grant_type=client_credentials";
  const exchange = await ask(url, "exchange", { page: "one", method: "GET", path, headers: { authorization } });
  assert.deepEqual([exchange.answer.response.status, exchange.answer.token], [200, 1]);
  await fetch(url + path, { headers: { authorization } });
  const { entries } = (await ask(url, "log")).answer;
  const told = entries.map(({ number, app, token, replaces, page }) => ({ number, app, token, replaces, page }));
  assert.deepEqual(told, [
    { number: 1, app: "Duka", token: 1, replaces: undefined, page: "one" },
    { number: 2, app: "Duka", token: 2, replaces: 1, page: undefined },
  ]);
  assert.deepEqual((await ask(url, "log", { after: 2 })).answer.entries, []);
  assert.equal((await stop()).length, 2);
});

test("the page injects and clears faults, and moves the clock", async (t) => {
  const { url } = await simulate(t);
  const status = async () => (await fetch(`${url}/mpesa/b2c/v3/paymentrequest`)).status;
  assert.deepEqual((await ask(url, "fault", { kind: "spike-arrest", isLasting: true })).answer.error, undefined);
  assert.deepEqual([await status(), await status()], [429, 429]);
  await ask(url, "clear");
  assert.equal(await status(), 404);
  await ask(url, "fault", { kind: "unavailable" });
  assert.deepEqual([await status(), await status()], [503, 404]);
  assert.match((await ask(url, "fault", { kind: "constructor" })).answer.error, /kind/);
  const before = (await ask(url, "clock", { ms: 0 })).answer.now;
  const { now } = (await ask(url, "clock", { ms: 3_600_000 })).answer;
  assert.ok(now - before >= 3_600_000);
  assert.match((await ask(url, "clock", { ms: -1 })).answer.error, /^ms: /);
});

test("no other page may use these endpoints, and there is no page under a foreign host name", async (t) => {
  const { url } = await simulate(t);
  assert.equal((await ask(url, "apps", {}, { origin: "https://evil.example" })).status, 403);
  assert.equal((await ask(url, "clear", {}, { "content-type": "text/plain" })).status, 403);
  assert.equal(
    (await fetch(`${url}/demo/apps`, { method: "POST", body: "{}", headers: { "content-type": "application/json" } }))
      .status,
    403,
  );
  // fetch cannot be used here, because it sets Host itself.
  const rebound = await new Promise((resolve) => {
    request(url, { headers: { ...html, host: "evil.example" } }, resolve).end();
  });
  assert.equal(rebound.statusCode, 404);
});

test("with --apps there is no page, because it would show their secrets", async (t) => {
  const { url, running, stop } = await simulate(t, ...APPS);
  const page = await fetch(url, { headers: html });
  assert.equal(page.status, 404);
  assert.ok(!(await page.text()).includes(shop.consumerSecret));
  assert.equal((await ask(url, "apps")).status, 404);
  assert.doesNotMatch(running.stdout, /shows the demo page/);
  await stop();
});
