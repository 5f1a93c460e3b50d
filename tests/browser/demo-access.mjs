// Checks the demo page with axe-core, and that it does not scroll sideways, at the width of a phone and of a desktop.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { clean } from "./demo-clean.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const WIDTHS = [390, 1280];

async function violations(demo) {
  const found = await demo.page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document);
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
  });
  assert.deepEqual(found, []);
}

/** Checks that the page is not wider than the window. */
async function overflow(demo) {
  const [page, window] = await demo.page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(page <= window, `the page is ${page} pixels wide, the window ${window}`);
}

/** Makes a check of the page, and that of its width, at each width of the window. */
async function state(demo, check) {
  for (const width of WIDTHS) {
    await demo.page.setViewport({ width, height: 900 });
    await check(demo);
    await overflow(demo);
  }
}

export const walk = {
  "axe-core finds nothing at the start": async (demo) => {
    await demo.page.evaluate(axe);
    await state(demo, violations);
  },

  "axe-core finds nothing with live and dead tokens, each used": async (demo, { isProduction }) => {
    for (const number of [1, 2]) {
      await demo.click("#generate");
      if (isProduction) await demo.click("#confirm-yes");
      await demo.page.waitForSelector(`[data-number="${number}"]`);
    }
    await demo.use(1);
    await demo.use(2);
    await state(demo, violations);
  },

  "axe-core finds nothing with expired tokens, where the clock can be moved": async (demo) => {
    const [skip] = await demo.page.$$("#clock button:last-child");
    if (skip) {
      await skip.click();
      await demo.until(() => document.querySelector(".countdown-word").textContent === "expired");
    }
    await state(demo, violations);
  },

  "nothing moves if the system asks for less motion": async (demo) => {
    await demo.pick("swapped");
    await demo.page.$eval(".token", (token) => token.parentElement.prepend(token.cloneNode(true)));
    assert.equal(await demo.page.evaluate(() => document.getAnimations().length), 0);
    await demo.page.$eval(".token", (token) => token.remove());
  },

  "axe-core finds nothing in the lab": async (demo) => {
    for (const id of ["blocked-200", "cut", "hang", "wrong-type"]) {
      await demo.pick(id);
      await state(demo, violations);
    }
  },

  "axe-core finds nothing in the dialog of production": async (demo, { isProduction }) => {
    await demo.page.setViewport({ width: 390, height: 900 });
    if (!isProduction) await demo.page.$eval("#confirm", (dialog) => dialog.showModal());
    else await demo.click("#generate");
    await demo.page.waitForSelector("#confirm[open]");
    await violations(demo);
    await overflow(demo);
    await demo.click("#confirm-no");
  },

  ...clean,
};
