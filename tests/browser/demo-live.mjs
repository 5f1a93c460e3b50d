// The walk through the live log. The simulator is behind a server, which other programs can reach too.
import assert from "node:assert/strict";
import { clean } from "./demo-clean.mjs";

/** Asks for a token as a program in a terminal does. */
const grantElsewhere = ({ place, apps: [{ consumerKey, consumerSecret }] }) =>
  fetch(`${place}/oauth/v1/generate?grant_type=client_credentials`, {
    headers: { authorization: `Basic ${btoa(`${consumerKey}:${consumerSecret}`)}` },
  });

const firstRow = (demo) =>
  demo.page.$eval("#log tr", (row) => [...row.children].slice(1).map((cell) => cell.textContent));

export const walk = {
  "another program's token ends the page's token, and the page and the log name both": async (demo, settings) => {
    await demo.generate(1);
    await grantElsewhere(settings);
    await demo.page.waitForSelector('[data-number="2"]');
    assert.deepEqual(await demo.states(), ["Token 2: Live", "Token 1: Dead"]);
    assert.equal(await demo.text(".countdown-text"), "––:––replaced");
    assert.equal(await demo.text("#news"), "Another program got token 2 of Duka: token 1 is dead.");
    const outcome = "token 2, which replaces token 1";
    assert.deepEqual(await firstRow(demo), ["GET /oauth/v1/generate", "200", "Duka", outcome, "another program"]);
  },

  "a fault that the page injects affects another program, until the page clears it": async (demo, settings) => {
    await demo.page.select("#fault-kind", "spike-arrest");
    await demo.clickButton("#live-controls", "Until cleared");
    await demo.until(() => document.querySelector("#live-news").textContent.startsWith("spike-arrest affects every"));
    assert.equal((await grantElsewhere(settings)).status, 429);
    await demo.clickButton("#live-controls", "Clear faults");
    await demo.until(() => document.querySelector("#live-news").textContent === "All faults are cleared.");
    assert.equal((await grantElsewhere(settings)).status, 200);
    await demo.page.waitForSelector('[data-number="3"]');
  },

  "an hour that the page skips ends another program's token": async (demo) => {
    await demo.clickButton("#clock", "Skip an hour");
    await demo.until(() => document.querySelector('[data-number="3"]').dataset.state === "expired");
  },

  "a page that is opened later calls each token by the number that the simulator's own log has": async (
    demo,
    settings,
  ) => {
    await demo.open(settings.url);
    await demo.generate(4);
    assert.equal(await demo.text("#news"), "Token 4 lives for 3599 seconds.");
    assert.deepEqual(await demo.states(), ["Token 4: Live"]);
    await demo.page.waitForSelector("#log tr");
    assert.deepEqual((await firstRow(demo)).slice(3), ["token 4", "this page"]);
    await grantElsewhere(settings);
    await demo.page.waitForSelector('[data-number="5"]');
    assert.deepEqual(await demo.states(), ["Token 5: Live", "Token 4: Dead"]);
    assert.deepEqual((await firstRow(demo)).slice(3), ["token 5, which replaces token 4", "another program"]);
  },

  "a token that another program got before the page's newest ones takes its place among them": async (
    demo,
    settings,
  ) => {
    await demo.page.evaluate(() => {
      const { promise, resolve } = Promise.withResolvers();
      const original = window.fetch;
      window.fetch = async (url, init) => {
        if (`${url}`.endsWith("/log")) await promise;
        return original(url, init);
      };
      window.releaseLog = resolve;
    });
    await grantElsewhere(settings);
    await demo.generate(7);
    await demo.generate(8);
    await demo.page.evaluate(() => window.releaseLog());
    await demo.page.waitForSelector('[data-number="6"]');
    const dead = [7, 6, 5, 4].map((number) => `Token ${number}: Dead`);
    assert.deepEqual(await demo.states(), ["Token 8: Live", ...dead]);
    const replacements = (await demo.texts(".token .caption")).slice(1).map((text) => text.match(/Token \d/)?.[0]);
    assert.deepEqual(replacements, ["Token 8", "Token 7", "Token 6", "Token 5"]);
  },

  ...clean,
};
