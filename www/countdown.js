// Shows the newest token of the chosen app, and how much of its hour is left.
import { copyButton } from "./copying.js";
import { drawing, element } from "./element.js";
import { clockText, livedPart, stateOf } from "./tokens.js";

const RADIUS = 52;
const LENGTH = 2 * Math.PI * RADIUS;
/** @type {Partial<Record<string, string>>} */
const WORDS = { live: "left", expired: "expired", replaced: "replaced", rejected: "rejected" };

export class Countdown {
  #circle = { cx: 60, cy: 60, r: RADIUS };
  #left = drawing("circle", { ...this.#circle, class: "countdown-left", transform: "rotate(-90 60 60)" });
  #time = element("span", { class: "countdown-time" });
  #word = element("span", { class: "countdown-word" });
  #dial;
  #details = element("div", { class: "details" });
  /** @type {Page.Token | undefined} */
  #shown;

  /** @param {HTMLElement} section */
  constructor(section) {
    const track = drawing("circle", { ...this.#circle, class: "countdown-track" });
    const svg = drawing("svg", { viewBox: "0 0 120 120" }, track, this.#left);
    // With the role `timer`, a screen reader does not read each change aloud.
    const text = element("div", { class: "countdown-text", role: "timer", "aria-label": "Time left" });
    text.append(this.#time, this.#word);
    this.#dial = element("div", { class: "dial" }, svg, text);
    section.append(element("div", { class: "countdown" }, this.#dial, this.#details));
  }

  /**
   * Shows a token at the time `now`, or that there is none.
   *
   * @param {Page.Token | undefined} token
   * @param {number} now
   */
  show(token, now) {
    const state = token ? stateOf(token, now) : "none";
    this.#dial.dataset.state = state;
    const isLive = token !== undefined && state === "live";
    const part = isLive ? 1 - livedPart(token, now) : 0;
    this.#left.setAttribute("stroke-dasharray", `${part * LENGTH} ${LENGTH}`);
    this.#time.textContent = isLive ? clockText(token.expiresAt - now) : "––:––";
    this.#word.textContent = WORDS[state] ?? "no token yet";
    if (this.#shown === token && this.#details.childElementCount > 0) return;
    this.#shown = token;
    this.#details.replaceChildren(...(token ? detailsOf(token) : [hint()]));
  }
}

function hint() {
  return element("p", { class: "empty" }, "Your token appears here.");
}

/** @param {Page.Token} token */
function detailsOf({ accessToken, expiresIn, expiresAt, number }) {
  const row = (/** @type {string} */ name, /** @type {(Node | string)[]} */ ...value) => [
    element("dt", {}, name),
    element("dd", {}, ...value),
  ];
  const end = new Date(expiresAt).toLocaleTimeString();
  return [
    element(
      "dl",
      {},
      ...row("accessToken", element("code", { id: "access-token" }, accessToken)),
      ...row("expiresIn", element("code", {}, `${expiresIn}`), " seconds"),
      ...row("expiresAt", element("code", {}, `${expiresAt}`), ` that is ${end}`),
    ),
    copyButton(`token ${number}`, () => accessToken),
  ];
}
