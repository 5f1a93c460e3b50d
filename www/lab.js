// The failure lab: a person picks a fault, and sees the answer of Daraja and the result of the package.
import { element } from "./element.js";
import { commit, faults, groups } from "./faults.js";
import { errorCard, tokenCard } from "./finding.js";
import { requestCard, responseCard } from "./message.js";

/** @type {Record<string, string>} */
const ABSENCES = {
  whitespace: "Nothing was sent, so there is no answer.",
  latency: "No answer came within the time limit.",
  hang: "No answer came within the time limit.",
};

export class Lab {
  /** @type {Map<Page.Fault, HTMLElement>} */
  #buttons = new Map();
  #finding;
  #news;
  /** @type {Page.Fault | undefined} */
  #picked;

  /** @param {{ list: HTMLElement, finding: HTMLElement, news: HTMLElement }} elements */
  constructor({ list, finding, news }) {
    this.#finding = finding;
    this.#news = news;
    for (const { name, faults } of groups) {
      const buttons = faults.map((fault) => this.#button(fault));
      list.append(element("div", { class: "group" }, element("h3", {}, name), ...buttons));
    }
  }

  /** @param {Page.Fault} fault */
  #button(fault) {
    const button = element("button", { type: "button", class: "fault", "aria-pressed": "false" }, fault.name);
    button.dataset.id = fault.id;
    button.addEventListener("click", async () => {
      await this.pick(fault);
      this.#finding.scrollIntoView({ block: "nearest" });
    });
    this.#buttons.set(fault, button);
    return button;
  }

  /**
   * Commits a fault and shows the result. If the user asked for it, screen readers are told.
   *
   * @param {Page.Fault} fault
   */
  async pick(fault, { isAsked = true } = {}) {
    this.#picked = fault;
    for (const [other, button] of this.#buttons) button.setAttribute("aria-pressed", `${other === fault}`);
    if (isAsked) this.#news.textContent = `${fault.name}: waiting for the answer`;
    this.#finding.setAttribute("aria-busy", "true");
    const { exchange, error, token } = await commit(fault);
    // The user has picked another fault in the meantime.
    if (this.#picked !== fault) return;
    this.#finding.dataset.fault = fault.id;
    this.#finding.removeAttribute("aria-busy");
    this.#finding.replaceChildren(
      element("p", { class: "story" }, fault.story),
      ...(exchange.request ? [requestCard(exchange.request)] : []),
      responseCard(exchange.response, { title: "What Daraja sends", absence: ABSENCES[fault.id] }),
      ...(error ? [errorCard(error)] : []),
      ...(token ? [tokenCard(token)] : []),
    );
    if (isAsked) this.#news.textContent = `${fault.name}: ${error?.code ?? "a token"}`;
  }

  /**
   * Picks the fault with this id, for the buttons in the tables of the page.
   *
   * @param {string | undefined} id
   */
  pickById(id) {
    const fault = faults.find((fault) => fault.id === id);
    if (fault) this.pick(fault);
  }
}
