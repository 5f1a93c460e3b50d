// A button that copies a text, and says whether the copy succeeded.
import { element, unseen } from "./element.js";

/** How long the button shows the result: long enough to read two words. */
const SHOWN_MS = 2500;

/**
 * @param {string} what
 * @param {() => string} textOf
 */
export function copyButton(what, textOf) {
  const word = element("span", {}, "Copy");
  const button = element("button", { type: "button", class: "small" }, word, unseen(` ${what}`));
  const news = element("span", { class: "unseen", role: "status" });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let back;
  button.addEventListener("click", async () => {
    const copied = await copy(textOf());
    word.textContent = copied ? "Copied" : "Not copied";
    news.textContent = copied ? `Copied ${what}` : `The browser did not allow copying ${what}; select the text instead`;
    clearTimeout(back);
    back = setTimeout(() => {
      word.textContent = "Copy";
      news.textContent = "";
    }, SHOWN_MS);
  });
  return element("span", { class: "copying" }, button, news);
}

/** @param {string} text */
async function copy(text) {
  try {
    // A page that comes over plain http from another machine has no clipboard.
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
