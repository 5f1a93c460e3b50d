// The bench: asks the upstream for tokens and uses them, and shows what becomes of it.
import { Code } from "./code.js";
import { element } from "./element.js";
import { errorCard } from "./finding.js";
import { chooseApp, showKeys } from "./keys.js";
import { requestCard, responseCard } from "./message.js";
import { Ring } from "./ring.js";
import { Timeline } from "./timeline.js";
import { Tokens } from "./tokens.js";
import { verdictOf } from "./verdict.js";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const byId = (id) => document.getElementById(id);

export class Bench {
  #upstream;
  #app;
  #isAsking = false;
  #tokens = new Tokens();
  #ring = new Ring(byId("token"));
  #timeline;
  #code = new Code(byId("code"));
  #time = element("time");

  constructor(upstream) {
    this.#upstream = upstream;
    const use = (token) => this.#use(token);
    this.#timeline = new Timeline(byId("tokens"), { use, isCertain: upstream.isSimulated });
    chooseApp(byId("apps"), upstream.apps, (app) => this.#choose(app));
    byId("generate").addEventListener("click", () => this.#askFirst());
    if (upstream.skip) this.#showClock();
    setInterval(() => this.#render(), SECOND_MS);
    byId("bench").dataset.ready = "";
  }

  #choose(app) {
    this.#app = app;
    showKeys(byId("keys"), app);
    this.#code.show(this.#upstream.place(app));
    this.#render();
  }

  #render() {
    const now = this.#upstream.now();
    this.#ring.show(this.#tokens.of(this.#app), now);
    this.#timeline.show(this.#tokens.all, now);
    byId("ghost").hidden = this.#tokens.all.length > 0;
    this.#time.textContent = new Date(now).toLocaleTimeString();
  }

  #showClock() {
    const skip = (words, ms) => {
      const button = element("button", { type: "button", class: "small" }, `Skip ${words}`);
      button.addEventListener("click", async () => {
        const failure = await this.#upstream.skip(ms).catch((error) => error);
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

  /** In production a token costs the live systems theirs, so a person confirms it. */
  #askFirst() {
    if (this.#isAsking) return;
    if (!this.#upstream.isPrecious) {
      this.#generate();
      return;
    }
    const dialog = /** @type {HTMLDialogElement} */ (byId("confirm"));
    const answer = (isYes) => () => {
      dialog.close();
      if (isYes) this.#generate();
    };
    byId("confirm-yes").onclick = answer(true);
    byId("confirm-no").onclick = answer(false);
    dialog.showModal();
  }

  async #generate() {
    const app = this.#app;
    this.#setAsking(true);
    byId("news").textContent = "Asking…";
    const { exchange, token, error } = await this.#upstream.generate(app);
    this.#setAsking(false);
    this.#showExchange(app, exchange, error);
    byId("news").textContent = token ? this.#add(app, token) : `No token: ${error.code}`;
    this.#render();
  }

  /** The button stays where it is for the keyboard; only its use is withheld. */
  #setAsking(isAsking) {
    this.#isAsking = isAsking;
    byId("generate").setAttribute("aria-disabled", `${isAsking}`);
  }

  #add(app, token) {
    const { added, before } = this.#tokens.add(app, token, this.#upstream.now());
    const news = `Token ${added.number} lives for ${added.expiresIn} seconds.`;
    if (!before) return news;
    return `${news} Token ${before.number} of the same app ${this.#upstream.isSimulated ? "is dead" : "is replaced"}.`;
  }

  #showExchange({ consumerSecret }, { request, response }, error) {
    const isAskable = consumerSecret !== undefined;
    const messages = request ? [requestCard(request, { isAskable }), responseCard(response)] : [];
    byId("exchange").replaceChildren(...messages, ...(error ? [errorCard(error)] : []));
  }

  async #use(token) {
    byId("verdict").textContent = `Using token ${token.number}…`;
    const { exchange, error } = await this.#upstream.use(token.app, token.accessToken);
    const verdict = error ? { is: "unclear", text: `No verdict: ${error.message}` } : verdictOf(exchange.response);
    this.#tokens.judge(token, verdict, this.#upstream.now());
    byId("verdict").textContent = `Token ${token.number}: ${verdict.text}`;
    this.#render();
  }
}
