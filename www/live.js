// Shows the log of the simulator behind the page's server, with the requests of all programs, and injects faults there.
import { element } from "./element.js";

const POLL_MS = 1000;
/** The limit of rows. A person does not read a longer list. */
const MAX_ROWS = 100;

/** Shows the log, and calls `onGrant(entry)` for each token that Daraja granted to another program. */
export class Live {
  #upstream;
  #rows;
  #news;
  #onGrant;
  #last;

  /**
   * @param {Page.Shared} upstream
   * @param {{ section: HTMLElement, controls: HTMLElement, rows: HTMLElement, news: HTMLElement }} parts
   * @param {(entry: Page.LogEntry) => void} onGrant
   */
  constructor(upstream, { section, controls, rows, news }, onGrant) {
    this.#upstream = upstream;
    this.#rows = rows;
    this.#news = news;
    this.#onGrant = onGrant;
    this.#last = upstream.count;
    section.hidden = false;
    this.#addControls(controls);
    this.#poll();
  }

  /** @param {HTMLElement} controls */
  #addControls(controls) {
    const kinds = element(
      "select",
      { id: "fault-kind" },
      this.#upstream.kinds.map((kind) => element("option", {}, kind)),
    );
    /**
     * @param {string} text
     * @param {(kind: string) => Promise<string>} act
     */
    const button = (text, act) => {
      const made = element("button", { type: "button", class: "small" }, text);
      made.addEventListener("click", async () => {
        this.#news.textContent = await act(/** @type {HTMLSelectElement} */ (kinds).value).catch(
          (error) => `Not done: ${error.message}`,
        );
      });
      return made;
    };
    /**
     * @param {string} kind
     * @param {boolean} isLasting
     */
    const inject = async (kind, isLasting) => {
      const { error } = await this.#upstream.fault(kind, isLasting);
      if (error) return `Not injected: ${error}`;
      return isLasting ? `${kind} affects every request until you clear it.` : `${kind} affects the next request.`;
    };
    controls.append(
      element("label", { for: "fault-kind" }, "Fault"),
      kinds,
      button("Next request", (kind) => inject(kind, false)),
      button("Until cleared", (kind) => inject(kind, true)),
      button("Clear faults", async () => {
        await this.#upstream.clear();
        return "All faults are cleared.";
      }),
    );
  }

  async #poll() {
    const entries = await this.#upstream.log(this.#last).catch(() => []);
    for (const entry of entries) this.#show(entry);
    setTimeout(() => this.#poll(), POLL_MS);
  }

  /** @param {Page.LogEntry} entry */
  #show(entry) {
    const { number, at, method, path, status, outcome, app = "", token, replaces, page } = entry;
    const isOurs = page === this.#upstream.id;
    this.#last = number;
    const ofToken = token === undefined ? "" : ` ${token}`;
    const fate = replaces === undefined ? "" : `, which replaces token ${replaces}`;
    const cells = {
      Time: new Date(at).toLocaleTimeString(),
      Request: `${method} ${path}`,
      Status: outcome === "hang" ? "none" : `${status}`,
      App: app,
      Outcome: outcome === "token" ? `token${ofToken}${fate}` : `${outcome}${ofToken && `, with token${ofToken}`}`,
      From: isOurs ? "this page" : "another program",
    };
    const row = element(
      "tr",
      { "data-outcome": outcome },
      Object.entries(cells).map(([name, text]) => element("td", { "data-label": name }, text)),
    );
    this.#rows.prepend(row);
    while (this.#rows.children.length > MAX_ROWS) this.#rows.lastElementChild?.remove();
    if (outcome === "token" && !isOurs) this.#onGrant(entry);
  }
}
