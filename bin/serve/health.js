// Whether the server can serve. This never asks Daraja: a health check must not cost a token.
import { within } from "../store.js";

const STORE_MS = 2000;
/** The store is asked at most once in this time, however many programs check the health. */
const REMEMBERED_MS = 1000;

export class Health {
  #apps;
  #store;
  #now;
  #isDraining = false;
  /** @type {{ at: number, isReachable: Promise<boolean> } | undefined} */
  #looked;

  /** @param {() => Iterable<import("./app.js").App>} apps @param {any} store */
  constructor(apps, store, now = Date.now) {
    this.#apps = apps;
    this.#store = store;
    this.#now = now;
  }

  /** From now on the server is not ready, because it is about to stop. */
  drain() {
    this.#isDraining = true;
  }

  async look() {
    const store = await this.#storeState();
    const apps = [...this.#apps()];
    // An app without requests so far has no token. That does not count as failing.
    const failing = apps.filter((app) => app.isFailing && app.peek() === null).length;
    const tokens = apps.filter((app) => app.peek() !== null).length;
    const canServe = failing === 0 || failing < apps.length;
    const ready = !this.#isDraining && canServe && (store !== "unreachable" || tokens > 0);
    return { ready, draining: this.#isDraining, store, tokens, failing };
  }

  async #storeState() {
    if (!this.#store) return "none";
    const now = this.#now();
    if (!this.#looked || now - this.#looked.at >= REMEMBERED_MS) {
      const asked = within(STORE_MS, () => this.#store.load("daraja-auth:v1:health"));
      const isReachable = asked.then(
        () => true,
        () => false,
      );
      this.#looked = { at: now, isReachable };
    }
    return (await this.#looked.isReachable) ? "reachable" : "unreachable";
  }
}
