// The timeline: a line for each token, with its hour as a bar. The part that is left is solid, a lost part is hatched.
import { drawing, element, unseen } from "./element.js";
import { clockText, livedPart, shortened, stateOf } from "./tokens.js";

/** @type {Partial<Record<Page.State, string>>} */
const WORDS = { live: "Live", expired: "Expired", rejected: "Dead" };

export class Timeline {
  #list;
  #use;
  #isCertain;
  /** @type {Map<Page.Token, Row>} */
  #rows = new Map();

  /**
   * The button of a line calls `use(token)`. `isCertain` says whether a replaced token is certainly dead. At the real
   * Daraja only a call proves it, although its documentation says so.
   *
   * @param {HTMLElement} list
   * @param {{ use: (token: Page.Token) => void, isCertain: boolean }} settings
   */
  constructor(list, { use, isCertain }) {
    this.#list = list;
    this.#use = use;
    this.#isCertain = isCertain;
  }

  /**
   * Shows the tokens at the time `now`, newest first.
   *
   * @param {readonly Page.Token[]} tokens
   * @param {number} now
   */
  show(tokens, now) {
    for (const [token, row] of this.#rows) {
      if (tokens.includes(token)) continue;
      row.item.remove();
      this.#rows.delete(token);
    }
    /** @type {Element | null} */
    let older = null;
    for (const token of tokens.toReversed()) {
      const row = this.#rows.get(token) ?? new Row(token, () => this.#use(token));
      if (!this.#rows.has(token)) this.#list.insertBefore(row.item, older);
      this.#rows.set(token, row);
      older = row.item;
    }
    for (const [token, row] of this.#rows) row.update(token, now, this.#isCertain);
  }
}

class Row {
  #state = element("strong", { class: "state" });
  #caption = element("p", { class: "caption" });
  #verdict = element("p", { class: "verdict", hidden: true });
  #life = element("div", { class: "life" });
  #mark = mark();

  /**
   * @param {Page.Token} token
   * @param {() => void} use
   */
  constructor({ number, app, accessToken }, use) {
    // The page does not know the text of another program's token.
    const isOurs = accessToken !== "";
    const button = isOurs
      ? element("button", { type: "button", class: "small" }, "Use it", unseen(` (token ${number})`))
      : element("span", { class: "whose" }, "another program’s");
    if (isOurs) button.addEventListener("click", use);
    this.#life.append(element("span", { class: "life-left" }));
    const title = element("div", { class: "title" });
    title.append(
      element("span", { class: "number" }, `Token ${number}`),
      this.#state,
      element("span", { class: "whose" }, app.name),
      ...(isOurs ? [element("code", {}, shortened(accessToken))] : []),
    );
    this.item = element("li", { class: "token", "data-number": number }, this.#mark, title, button);
    this.item.append(this.#life, this.#caption, this.#verdict);
  }

  /**
   * @param {Page.Token} token
   * @param {number} now
   * @param {boolean} isCertain
   */
  update(token, now, isCertain) {
    const state = stateOf(token, now);
    const isDead = isCertain || token.verdict?.is === "rejected";
    const word = WORDS[state] ?? (isDead ? "Dead" : "Replaced");
    this.item.dataset.state = state;
    if (this.#state.textContent !== word) this.#state.textContent = word;
    this.#life.style.setProperty("--lived", `${livedPart(token, now)}`);
    const caption = captionOf(token, state, now);
    if (this.#caption.textContent !== caption) this.#caption.textContent = caption;
    this.#verdict.hidden = !token.verdict;
    if (token.verdict && this.#verdict.textContent !== token.verdict.text) {
      this.#verdict.textContent = token.verdict.text;
      this.#verdict.dataset.is = token.verdict.is;
    }
  }
}

/**
 * @param {Page.Token} token
 * @param {Page.State} state
 * @param {number} now
 */
function captionOf({ grantedAt, endedAt = 0, expiresAt, replacedBy }, state, now) {
  const lived = clockText(endedAt - grantedAt);
  const lost = clockText(expiresAt - endedAt);
  switch (state) {
    case "live":
      return `${clockText(expiresAt - now)} left`;
    case "expired":
      return "Lived its whole lifetime";
    case "replaced":
      return `Lived ${lived}. Token ${replacedBy} replaced it: ${lost} lost`;
    default:
      return `Lived ${lived} at most. Another program may have a newer one: ${lost} lost`;
  }
}

/** A disc, a cross or an empty circle, by the state. A word beside it says the same. */
function mark() {
  return drawing(
    "svg",
    { class: "mark", viewBox: "0 0 24 24" },
    drawing("circle", { class: "mark-disc", cx: 12, cy: 12, r: 7 }),
    drawing("path", { class: "mark-cross", d: "M6 6l12 12M18 6L6 18" }),
    drawing("circle", { class: "mark-circle", cx: 12, cy: 12, r: 7 }),
  );
}
