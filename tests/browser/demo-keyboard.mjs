// The walk along the main path, with the keyboard only.
import assert from "node:assert/strict";
import { clean } from "./demo-clean.mjs";

const focused = (demo) =>
  demo.page.evaluate(() => {
    const { id, name, textContent } = document.activeElement;
    return id || name || textContent.trim();
  });

/** Presses Tab until an element has the focus. Checks that each element on the way shows its focus. */
async function tabTo(demo, name) {
  for (let i = 0; i < 40; i++) {
    await demo.page.keyboard.press("Tab");
    const outline = await demo.page.evaluate(() => {
      const { activeElement } = document;
      const shown = [activeElement, activeElement.nextElementSibling, activeElement.closest("label")];
      return shown.some((element) => element && getComputedStyle(element).outlineStyle === "solid");
    });
    assert.ok(outline, `the focus on ${await focused(demo)} cannot be seen`);
    if ((await focused(demo)).startsWith(name)) return;
  }
  assert.fail(`${name} is not reached`);
}

export const walk = {
  "the first stop skips to the simulator": async (demo) => {
    await demo.page.keyboard.press("Tab");
    assert.equal(await focused(demo), "Skip to the simulator");
    await demo.page.keyboard.press("Enter");
    await demo.until(() => document.activeElement.id === "ask");
  },

  "an app is chosen with an arrow, and Enter shows its secret": async (demo, { apps }) => {
    await tabTo(demo, "app");
    await demo.page.keyboard.press("ArrowDown");
    assert.equal(await demo.text("#key"), apps[1].consumerKey);
    await tabTo(demo, "Show the consumer secret");
    await demo.page.keyboard.press("Enter");
    assert.equal(await demo.text("#secret"), apps[1].consumerSecret);
    assert.equal(await focused(demo), "Hide the consumer secret");
    await demo.page.keyboard.press("Enter");
  },

  "two tokens are generated, and the focus stays on the button": async (demo) => {
    await tabTo(demo, "generate");
    for (const number of [1, 2]) {
      await demo.page.keyboard.press("Enter");
      await demo.page.waitForSelector(`[data-number="${number}"]`);
      await demo.until(() => document.querySelector("#generate").ariaDisabled === "false");
      assert.equal(await focused(demo), "generate");
    }
    assert.deepEqual(await demo.states(), ["Token 2: Live", "Token 1: Dead"]);
  },

  "the first token is used, and the focus is then on a button that uses a token": async (demo) => {
    await tabTo(demo, "Use it (token 2)");
    await tabTo(demo, "Use it (token 1)");
    await demo.page.keyboard.press("Enter");
    await demo.until(() => document.querySelector("#verdict").textContent.startsWith("Token 1: Rejected"));
    assert.match(await focused(demo), /^Use it/);
  },

  "the code is changed with an arrow": async (demo) => {
    await tabTo(demo, "code");
    for (let i = 0; i < 4; i++) await demo.page.keyboard.press("ArrowRight");
    assert.match(await demo.text("#code-text"), /^import \{ generateToken \} from "daraja-auth";/);
  },

  "a fault is picked, and the tables are reached": async (demo) => {
    await tabTo(demo, "Key and secret swapped");
    await demo.page.keyboard.press("Enter");
    await demo.finding("swapped");
    assert.equal(await demo.text("#finding .code"), "ERR_DARAJA_INVALID_CREDENTIALS");
    await demo.page.$eval('.fault[data-id="wrong-type"]', (button) => button.focus());
    await tabTo(demo, "Code");
    assert.equal(await demo.page.evaluate(() => document.activeElement.className), "scroll");
  },

  ...clean,
};
