// The upstreams that simulate Daraja: in this page, or behind its server. Both are met by the package as it is.
import { generateToken } from "./daraja-auth/index.js";
import { Simulator } from "./daraja-auth/simulator.js";
import { witness } from "./exchange.js";
import { ask } from "./server.js";

/** A query of nothing: it changes nothing, and its answer tells whether the token is accepted. */
const HARMLESS = "/mpesa/stkpushquery/v1/query";
const HOSTS = { sandbox: "https://sandbox.safaricom.co.ke", production: "https://api.safaricom.co.ke" };

/** What both have in common. */
class Simulated {
  isSimulated = true;
  isPrecious = false;

  /** @this {SimulatorHere | SimulatorThere} */
  async generate(app) {
    const { consumerKey, consumerSecret } = app;
    const { baseUrl, environment } = this.place(app);
    const where = environment ? { environment } : { baseUrl };
    const { fetch, last } = witness(this.fetch);
    try {
      const token = await generateToken({ consumerKey, consumerSecret, ...where, fetch });
      // The package counts by the real clock, and this one may have been moved.
      const expiresAt = token.expiresAt + this.now() - Date.now();
      return { exchange: last(), token: { ...token, expiresAt } };
    } catch (error) {
      return { exchange: last(), error };
    }
  }

  /** @this {SimulatorHere | SimulatorThere} */
  async use(app, accessToken) {
    const { fetch, last } = witness(this.fetch);
    const headers = { Authorization: `Bearer ${accessToken}`, "Content-Type": "application/json" };
    try {
      const response = await fetch(this.place(app).baseUrl + HARMLESS, { method: "POST", headers, body: "{}" });
      await response.text();
      return { exchange: last() };
    } catch (error) {
      return { error };
    }
  }
}

/** A simulator in this page: nothing leaves it, so the hosts can be Daraja's own. */
export class SimulatorHere extends Simulated {
  #simulator = new Simulator();
  fetch = this.#simulator.fetch;
  apps = this.#simulator.apps;

  static open() {
    return new SimulatorHere();
  }

  place({ environment = "sandbox" }) {
    return { baseUrl: HOSTS[environment], environment };
  }

  now() {
    return this.#simulator.now();
  }

  async skip(ms) {
    this.#simulator.advance(ms);
  }
}

/** The simulator behind the page's server, which other programs on this machine reach too. */
export class SimulatorThere extends Simulated {
  #ahead = 0;

  static async open() {
    const upstream = new SimulatorThere();
    const { apps } = await upstream.#ask("apps");
    return Object.assign(upstream, { apps });
  }

  place() {
    return { baseUrl: location.origin };
  }

  now() {
    return Date.now() + this.#ahead;
  }

  async skip(ms) {
    await this.#ask("clock", { ms });
  }

  /**
   * Carried in an envelope: browsers print each refusal on the console, and here a refusal is what one came to see.
   */
  fetch = async (url, /** @type {RequestInit} */ { method = "GET", headers, body } = {}) => {
    const { pathname, search } = new URL(url);
    const { response } = await this.#ask("exchange", { method, path: pathname + search, headers, body });
    const isNull = [204, 205, 304].includes(response.status);
    return new Response(isNull ? null : response.body, { status: response.status, headers: response.headers });
  };

  async #ask(endpoint, question) {
    const answer = await ask(endpoint, question);
    this.#ahead = answer.now - Date.now();
    return answer;
  }
}
