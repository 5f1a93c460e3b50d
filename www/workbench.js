// The workbench: asks the upstream for tokens, uses them, and shows each exchange.

import { Countdown } from "./countdown.js";
import { byId, element } from "./element.js";
import { errorCard, failureOf } from "./finding.js";
import { chooseApp, showKeys } from "./keys.js";
import { Live } from "./live.js";
import { requestCard, responseCard } from "./message.js";
import { Snippets } from "./snippets.js";
import { Timeline } from "./timeline.js";
import { stateOf, Tokens } from "./tokens.js";
import { verdictOf } from "./verdict.js";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

export class Workbench {
  /** @type {Page.Upstream} */
  #upstream;
  /** @type {Page.App | undefined} */
  #app;
  #isAsking = false;
  #tokens = new Tokens();
  #countdown = new Countdown(byId("token"));
  #timeline;
  #snippets = new Snippets(byId("code"));
  #time = element("time");
  #managedSwitch = /** @type {HTMLInputElement} */ (byId("managed-switch"));

  /** @param {Page.Upstream} upstream */
  constructor(upstream) {
    this.#upstream = upstream;
    const use = (/** @type {Page.Token} */ token) => this.#use(token);
    this.#timeline = new Timeline(byId("tokens"), { use, isCertain: upstream.isSimulated });
    chooseApp(byId("apps"), upstream.apps, (app) => this.#choose(app));
    byId("generate").addEventListener("click", () => this.#askFirst());
    if (upstream.skip) this.#showClock();
    const parts = {
      section: byId("live"),
      controls: byId("live-controls"),
      rows: byId("log"),
      news: byId("live-news"),
    };
    if (upstream.shared) new Live(upstream.shared, parts, (entry) => this.#addForeign(entry));
    setInterval(() => this.#render(), SECOND_MS);
    byId("workbench").dataset.ready = "";
  }

  /** @param {Page.App} app */
  #choose(app) {
    this.#app = app;
    showKeys(byId("keys"), app);
    this.#snippets.show(this.#upstream.place(app));
    this.#render();
  }

  #render() {
    const now = this.#upstream.now();
    this.#countdown.show(this.#tokens.of(this.#app), now);
    this.#timeline.show(this.#tokens.all, now);
    byId("ghost").hidden = this.#tokens.all.length > 0;
    const isAnyDead = this.#tokens.all.some((token) => stateOf(token, now) !== "live");
    byId("managed").hidden = !(isAnyDead && this.#upstream.useManaged);
    this.#time.textContent = new Date(now).toLocaleTimeString();
  }

  #showClock() {
    const skip = (/** @type {string} */ words, /** @type {number} */ ms) => {
      const button = element("button", { type: "button", class: "small" }, `Skip ${words}`);
      button.addEventListener("click", async () => {
        const failure = await this.#upstream.skip?.(ms).then(() => undefined, failureOf);
        byId("verdict").textContent = failure ? `Not skipped: ${failure.message}` : `Skipped ${words}`;
        this.#render();
      });
      return button;
    };
    byId("clock").append(
      element("span", {}, "Clock ", this.#time),
      skip("10 minutes", 10 * MINUTE_MS),
      skip("an hour", 60 * MINUTE_MS),
    );
  }

  /** In production a new token ends the token of the live systems, so a person must confirm it. */
  #askFirst() {
    if (this.#isAsking) return;
    if (!this.#upstream.isPrecious) {
      this.#generate();
      return;
    }
    const dialog = /** @type {HTMLDialogElement} */ (byId("confirm"));
    const answer = (/** @type {boolean} */ isYes) => () => {
      dialog.close();
      if (isYes) this.#generate();
    };
    byId("confirm-yes").onclick = answer(true);
    byId("confirm-no").onclick = answer(false);
    dialog.showModal();
  }

  async #generate() {
    const app = this.#app;
    if (!app) return;
    this.#setAsking(true);
    byId("news").textContent = "Asking…";
    const { exchange, token, error } = await this.#upstream.generate(app);
    this.#setAsking(false);
    this.#showExchanges("The request for a token", { app, exchanges: [exchange], error });
    byId("news").textContent = token ? this.#add(app, token) : `No token: ${error?.code}`;
    this.#render();
    reveal(byId(token ? "token" : "exchange-title"));
  }

  /**
   * The button is not disabled, because it would lose the keyboard's focus. During a request a click does nothing.
   *
   * @param {boolean} isAsking
   */
  #setAsking(isAsking) {
    this.#isAsking = isAsking;
    byId("generate").setAttribute("aria-disabled", `${isAsking}`);
  }

  /**
   * @param {Page.App} app
   * @param {Page.Grant} token
   */
  #add(app, token) {
    const { added, before } = this.#tokens.add(app, token, this.#upstream.now());
    const news = `Token ${added.number} lives for ${added.expiresIn} seconds.`;
    if (!before) return news;
    return `${news} Token ${before.number} of the same app ${this.#upstream.isSimulated ? "is dead" : "is replaced"}.`;
  }

  /**
   * Adds a token that another program got. It ends the token of the same app on this page.
   *
   * @param {Page.LogEntry} entry
   */
  #addForeign({ app: name, token: number, at }) {
    const app = this.#upstream.apps.find((known) => known.name === name);
    if (!app || this.#tokens.all.some((token) => token.number === number)) return;
    const expiresIn = this.#upstream.shared?.lifetimeSeconds ?? 0;
    const grant = { accessToken: "", number, expiresIn, expiresAt: at + expiresIn * 1000 };
    const { before } = this.#tokens.add(app, grant, at);
    const fate = before ? `: token ${before.number} is dead` : "";
    byId("news").textContent = `Another program got token ${number} of ${name}${fate}.`;
    this.#render();
  }

  /**
   * Shows requests with their responses, in the order in which they were sent.
   *
   * @param {string} what
   * @param {{ app: Page.App, exchanges: Page.Exchange[], error: Page.Failure | undefined }} result
   */
  #showExchanges(what, { app, exchanges, error }) {
    const isAskable = app.consumerSecret !== undefined;
    const messages = exchanges.flatMap(({ request, response }) =>
      request ? [requestCard(request, { isAskable }), responseCard(response)] : [],
    );
    byId("exchange-what").textContent = what;
    byId("exchange").replaceChildren(...messages, ...(error ? [errorCard(error)] : []));
  }

  /** @param {Page.Token} token */
  async #use(token) {
    const isManaged = this.#managedSwitch.checked;
    byId("verdict").textContent = `Using token ${token.number}…`;
    if (isManaged) await this.#useManaged(token);
    else await this.#useAlone(token);
    this.#render();
    reveal(byId("exchange-title"));
  }

  /**
   * One call with the token, as code without TokenManager sends it.
   *
   * @param {Page.Token} token
   */
  async #useAlone(token) {
    const { app } = token;
    const { exchange, error, api } = await this.#upstream.use(app, token.accessToken);
    /** @type {Page.Verdict} */
    const verdict = error
      ? { is: "unclear", text: `No verdict: ${error.message}` }
      : await verdictOf(exchange?.response);
    const exchanges = exchange ? [exchange] : [];
    this.#showExchanges(`${api} with token ${token.number}`, { app, exchanges, error });
    this.#tokens.judge(token, verdict, this.#upstream.now());
    byId("verdict").textContent = `Token ${token.number}: ${verdict.text}`;
  }

  /**
   * The same call by a TokenManager that holds this token.
   *
   * @param {Page.Token} token
   */
  async #useManaged(token) {
    const { app, number } = token;
    const used = await this.#upstream.useManaged?.(app, token);
    if (!used) return;
    const { exchanges, granted, error, api } = used;
    const what = `${api} by a TokenManager that holds token ${number}: one call in your code`;
    this.#showExchanges(what, { app, exchanges, error });
    // An expired token is not sent, so there is no verdict on it. The first request then asks for a token.
    const isSent = !exchanges[0]?.request?.path.startsWith("/oauth/");
    if (isSent) this.#tokens.judge(token, await verdictOf(exchanges[0]?.response), this.#upstream.now());
    if (granted) byId("news").textContent = this.#add(app, granted);
    const text = error ? `No verdict: ${error.message}` : (await verdictOf(exchanges.at(-1)?.response)).text;
    byId("verdict").textContent = `Token ${number}: with TokenManager: ${text}`;
  }
}

/**
 * Scrolls to the result of a tap on a phone, where it is below the button. On a wide screen both are in view.
 *
 * @param {HTMLElement} target
 */
function reveal(target) {
  if (!matchMedia("(max-width: 959px)").matches) return;
  const { top } = target.getBoundingClientRect();
  // The content below the heading must be in view, too.
  if (top < 0 || top > innerHeight / 3) target.scrollIntoView({ block: "start" });
}
