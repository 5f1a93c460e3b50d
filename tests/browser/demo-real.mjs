// The walk through the demo page whose server asks Daraja. In the tests a simulated Daraja has Daraja's address.
import assert from "node:assert/strict";
import { clean } from "./demo-clean.mjs";

async function generate(demo, { isProduction }, number) {
  await demo.click("#generate");
  if (isProduction) await demo.click("#confirm-yes");
  await demo.page.waitForSelector(`[data-number="${number}"]`);
}

export const walk = {
  "the keys are with the server, and the page says why": async (demo) => {
    assert.deepEqual(await demo.texts("#apps .app-name"), ["Your app"]);
    assert.deepEqual(await demo.texts("#keys code"), ["DARAJA_CONSUMER_KEY", "DARAJA_CONSUMER_SECRET"]);
    assert.deepEqual(await demo.texts("#keys .held"), ["held by the server", "held by the server"]);
    assert.match(await demo.text("#mode"), /^\s*Real (sandbox|production)/);
    assert.match(await demo.text("#why"), /no CORS headers.*would contain the consumer secret/s);
    assert.match(await demo.text("#real"), /^Yes\./);
    assert.equal(await demo.page.$("#clock button"), null);
  },

  "in production a token is asked for only after a person confirms it": async (demo, { isProduction }) => {
    if (!isProduction) return;
    await demo.click("#generate");
    await demo.page.waitForSelector("#confirm[open]");
    assert.match(await demo.text("#confirm-text"), /invalidates the token that your live systems use now/);
    assert.equal(await demo.page.evaluate(() => document.activeElement.id), "confirm-no");
    await demo.click("#confirm-no");
    await demo.page.waitForSelector("#confirm:not([open])");
    assert.deepEqual(await demo.states(), []);
    assert.deepEqual(
      demo.urls.filter((url) => url.endsWith("/demo/token")),
      [],
    );
  },

  "a token is generated, and the page shows the request without its secret": async (demo, settings) => {
    await generate(demo, settings, 1);
    const request = await demo.text(".traffic .request pre");
    assert.ok(
      request.startsWith(`GET /oauth/v1/generate?grant_type=client_credentials\nHost: ${settings.host}\n`),
      request,
    );
    assert.match(request, /\nAuthorization: Basic ••••••••/);
    assert.match(request, /\nUser-Agent: daraja-auth\//);
    assert.equal(await demo.page.$(".traffic .request button"), null);
    const accessToken = await demo.text("#access-token");
    assert.ok((await demo.text(".traffic .response")).includes(accessToken));
    assert.match(await demo.text(".countdown-text"), /^59:\d\dleft$/);
  },

  "the second token replaces the first, which the page calls dead only after Daraja rejected it": async (
    demo,
    settings,
  ) => {
    await generate(demo, settings, 2);
    assert.deepEqual(await demo.states(), ["Token 2: Live", "Token 1: Replaced"]);
    assert.equal(await demo.text("#news"), "Token 2 lives for 3599 seconds. Token 1 of the same app is replaced.");
    assert.equal(await demo.use(1), "Rejected: HTTP 404 · 404.001.03 · Invalid Access Token");
    assert.match(
      await demo.use(2),
      /^Accepted: Daraja knew the token and found the query empty \(HTTP 400 · 400\.002\.02/,
    );
    assert.match(await demo.text("#exchange-what"), /^STK query, empty so that it changes nothing, with token 2$/);
    assert.deepEqual(await demo.states(), ["Token 2: Live", "Token 1: Dead"]);
  },

  "the code names the environment": async (demo, { isProduction }) => {
    await demo.page.$eval('#code input[value="package"]', (radio) => radio.click());
    const environment = isProduction ? "production" : "sandbox";
    assert.ok((await demo.text("#code-text")).includes(`environment: "${environment}"`));
  },

  "the secret is in nothing that the page received": async (demo, { secrets }) => {
    const bodies = await demo.received();
    // The page's requests: itself, its files, the apps, two tokens, and two uses of a token.
    assert.ok(bodies.length > 25, `${bodies.length} answers were seen`);
    const all = [...bodies, await demo.page.content()].join("\n");
    assert.ok(all.includes('"accessToken"'));
    for (const secret of secrets) assert.ok(!all.includes(secret));
  },

  ...clean,
};
