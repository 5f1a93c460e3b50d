// The memory of an app whose manager rests, because a hundred others were used after it.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { usedMemory } from "../support/memory.mjs";
import { project } from "../support/packed.mjs";

const load = (path) => import(pathToFileURL(join(project("serve-idle-apps"), "node_modules/daraja-auth", path)).href);
const { App } = await load("bin/serve/app.js");
const { Apps } = await load("bin/serve/apps.js");
const daraja = await load("pkg/node.js");

const APPS = 1_000;
const CALLERS = 20;

let granted = 0;
let isDown = false;
const upstream = createServer((_request, response) => {
  if (isDown) response.statusCode = 503;
  response.setHeader("Content-Type", "application/json");
  response.end(JSON.stringify({ access_token: String(granted++).padStart(28, "t"), expires_in: "3599" }));
});
await new Promise((resolve) => upstream.listen(0, "127.0.0.1", resolve));
after(() => upstream.close());

const names = Array.from({ length: APPS }, (_, i) => `app${i}`);
function newApps() {
  const baseUrl = `http://127.0.0.1:${upstream.address().port}`;
  const entries = names.map((name) => ({
    name,
    consumerKey: `KeyOf${name}`,
    consumerSecret: `SecretOf${name}`,
    baseUrl,
  }));
  return new Apps(entries, { daraja, storeOf: () => undefined });
}
const ask = async (apps, name) => (await apps.get(name).token()).accessToken;

test("20 callers of each of 1,000 apps need 1,000 tokens in all, also after the managers have rested", async (t) => {
  const apps = newApps();
  t.after(() => apps.close());
  const before = granted;
  const tokens = new Map();
  for (const name of names) {
    const all = await Promise.all(Array.from({ length: CALLERS }, () => ask(apps, name)));
    assert.equal(new Set(all).size, 1, name);
    tokens.set(name, all[0]);
  }
  assert.equal(new Set(tokens.values()).size, APPS);
  for (const name of names) {
    const app = apps.get(name);
    assert.equal(app.peek()?.accessToken, tokens.get(name));
    assert.ok(app.hasGiven(tokens.get(name)));
    assert.equal(await ask(apps, name), tokens.get(name));
  }
  assert.equal(granted - before, APPS);
});

test("an app that rests needs at most 4,096 bytes", async (t) => {
  const [first, apps] = [newApps(), newApps()];
  t.after(() => {
    first.close();
    apps.close();
  });
  // The calls of `first` load and compile code, which is not part of an app's memory. Its apps are closed after the test,
  // so none of their memory is freed during the measurement. 100 managers of `apps` are open before it and after it.
  for (const name of names) await ask(first, name);
  for (const name of names.slice(0, 200)) await ask(apps, name);
  const before = await usedMemory();
  for (const name of names.slice(200)) await ask(apps, name);
  const bytes = Math.round(((await usedMemory()) - before) / (APPS - 200));
  t.diagnostic(`${bytes} bytes for an app that rests`);
  assert.ok(bytes <= 4096, `${bytes} bytes`);
});

test("an app does not rest while a call uses its manager, and a resting app's peek() gives its token until the token ends", async (t) => {
  let now = Date.now();
  const baseUrl = `http://127.0.0.1:${upstream.address().port}`;
  const options = { consumerKey: "Key", consumerSecret: "Secret", baseUrl };
  const app = new App({ name: "app", options, baseUrl: new URL(baseUrl), daraja }, { now: () => now });
  t.after(() => app.close());
  const call = app.token();
  assert.equal(app.rest(), false);
  const { accessToken, expiresAt } = await call;
  assert.equal(app.rest(), true);
  assert.equal(app.peek().accessToken, accessToken);
  now = expiresAt;
  assert.equal(app.peek(), null);
});

test("peek() gives no rejected token, whether the app rests or is in use when the report comes", async (t) => {
  const apps = newApps();
  t.after(() => {
    isDown = false;
    apps.close();
  });
  for (const [name, rests] of [
    ["app0", false],
    ["app1", true],
  ]) {
    isDown = false;
    const app = apps.get(name);
    const { accessToken } = await app.token();
    app.rest();
    if (!rests) await app.token();
    isDown = true;
    await assert.rejects(app.report(accessToken), { code: "ERR_DARAJA_UNAVAILABLE" });
    assert.equal(app.peek(), null, name);
  }
});
