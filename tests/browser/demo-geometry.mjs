// The positions of elements on the demo page, at several sizes and scroll positions.
import assert from "node:assert/strict";
import { clean } from "./demo-clean.mjs";

const SIZES = [
  { width: 390, height: 844 },
  { width: 768, height: 1024 },
  { width: 1024, height: 700 },
  { width: 1280, height: 900 },
  { width: 1680, height: 1050 },
];
const STEP = 120;

/** How far the panel that asks for tokens lies over the messages below it, at each scroll position. */
function overlaps(demo) {
  return demo.page.evaluate(async (step) => {
    const found = [];
    const bottom = document.querySelector(".traffic").getBoundingClientRect().bottom + scrollY;
    for (let top = 0; top <= bottom; top += step) {
      scrollTo({ top, behavior: "instant" });
      await new Promise(requestAnimationFrame);
      const panel = document.querySelector("#ask").getBoundingClientRect();
      const messages = document.querySelector(".traffic").getBoundingClientRect();
      // Firefox rounds to parts of a pixel.
      if (panel.bottom > messages.top + 0.5) found.push(`${panel.bottom - messages.top} pixels at ${top}`);
    }
    return found;
  }, STEP);
}

/** Whether the element is at least partly in the window. */
function isInView(demo, selector) {
  return demo.page.$eval(selector, (element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  });
}

export const walk = {
  "the panel that asks for tokens never lies over the messages": async (demo) => {
    for (const [i, size] of SIZES.entries()) {
      await demo.page.setViewport(size);
      assert.deepEqual(await overlaps(demo), [], `${size.width} × ${size.height}, ${i} tokens`);
      await demo.page.$eval("#generate", (button) => button.click());
      await demo.page.waitForSelector(`[data-number="${i + 1}"]`);
      assert.deepEqual(await overlaps(demo), [], `${size.width} × ${size.height}, ${i + 1} tokens`);
    }
  },

  "on a phone the result of a tap comes into view": async (demo) => {
    await demo.page.setViewport({ width: 390, height: 844 });
    await demo.page.evaluate(() => scrollTo({ top: 0, behavior: "instant" }));
    await demo.generate(SIZES.length + 1);
    await demo.until(() => document.querySelector("#news").textContent.startsWith("Token 6"));
    assert.ok(await isInView(demo, "#token"));
    await demo.use(1);
    assert.ok(await isInView(demo, ".traffic .response"));
  },

  "on a phone the name errorMessage in a JSON body is on one line": async (demo) => {
    const isOnOneLine = await demo.page.$eval(".traffic .response pre", (pre) => {
      const walker = document.createTreeWalker(pre, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const start = node.data.indexOf("errorMessage");
        if (start < 0) continue;
        const word = new Range();
        word.setStart(node, start);
        word.setEnd(node, start + "errorMessage".length);
        return word.getClientRects().length === 1;
      }
    });
    assert.equal(isOnOneLine, true);
  },

  "on a phone the tables are cards, and no table scrolls sideways": async (demo) => {
    await demo.page.setViewport({ width: 390, height: 844 });
    const wide = await demo.page.$$eval(".scroll", (frames) =>
      frames.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).map(({ ariaLabel }) => ariaLabel),
    );
    assert.deepEqual(wide, []);
    const [display, label] = await demo.page.$eval("td[data-label]", (cell) => [
      getComputedStyle(cell.parentElement).display,
      cell.dataset.label,
    ]);
    assert.deepEqual([display, label], ["block", "In words"]);
  },

  ...clean,
};
