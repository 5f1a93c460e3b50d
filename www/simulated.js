// The upstreams that simulate Daraja: in this page, or behind its server. The package asks both for tokens.
import { generateToken, memoryStore, TokenManager } from "./daraja-auth/index.js";
import { Simulator } from "./daraja-auth/simulator.js";
import { witness } from "./exchange.js";
import { failureOf } from "./finding.js";
import { ask } from "./server.js";

const STK_PUSH = "/mpesa/stkpush/v1/processrequest";
/** The sandbox's passkey for the paybill 174379, which Daraja publishes for tests. */
const PASSKEY = "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919";
const HOSTS = { sandbox: "https://sandbox.safaricom.co.ke", production: "https://api.safaricom.co.ke" };

/** The part that both upstreams have in common. */
class Simulated {
  isSimulated = true;
  /**
   * The number of the page's last token, if the simulator also counts the tokens of other programs.
   *
   * @type {number | undefined}
   */
  granted = undefined;
  isPrecious = false;

  /**
   * @this {SimulatorHere | SimulatorThere}
   *
   * @param {Page.App} app
   * @returns {Promise<Page.Generated>}
   */
  async generate(app) {
    const { consumerKey = "", consumerSecret = "" } = app;
    const { baseUrl, environment } = this.place(app);
    const where = environment ? { environment } : { baseUrl };
    const { fetch, last } = witness(this.fetch);
    try {
      const token = await generateToken({ consumerKey, consumerSecret, ...where, fetch });
      // The package uses the real clock, but the simulator's clock may have been moved.
      const expiresAt = token.expiresAt + this.now() - Date.now();
      return { exchange: last(), token: { ...token, expiresAt, number: this.granted } };
    } catch (error) {
      return { exchange: last(), error: failureOf(error) };
    }
  }

  /**
   * @this {SimulatorHere | SimulatorThere}
   *
   * @param {Page.App} app
   * @param {string} accessToken
   * @returns {Promise<Page.Used>}
   */
  async use(app, accessToken) {
    const api = "STK push";
    const { fetch, last } = witness(this.fetch);
    const headers = { Authorization: `Bearer ${accessToken}`, "Content-Type": "application/json" };
    try {
      const body = pushBody(this.now());
      const response = await fetch(this.place(app).baseUrl + STK_PUSH, { method: "POST", headers, body });
      await response.text();
      return { exchange: last(), api };
    } catch (error) {
      return { error: failureOf(error), api };
    }
  }

  /**
   * The call of `use` by a TokenManager that has this token. `exchanges` are all its requests and their answers.
   * `granted` is its new token, if it needed one.
   *
   * @this {SimulatorHere | SimulatorThere}
   * @param {Page.App} app
   * @param {Page.Token} token
   * @returns {Promise<Page.UsedManaged>}
   */
  async useManaged(app, token) {
    const { consumerKey = "", consumerSecret = "" } = app;
    const { baseUrl, environment } = this.place(app);
    /** @type {Page.Exchange[]} */
    const exchanges = [];
    /** @type {Page.Grant | undefined} */
    let granted;
    let seconds = Math.floor((token.expiresAt - this.now()) / 1000);
    /** @type {Page.Fetch} */
    const fetch = async (url, init) => {
      const isForToken = new URL(url).pathname.startsWith("/oauth/");
      if (isForToken && seconds > 0) {
        // The manager gets the token that the page has. For this, no request is sent.
        const held = { access_token: token.accessToken, expires_in: `${seconds}` };
        seconds = 0;
        return Response.json(held);
      }
      const watched = witness(this.fetch);
      const response = await watched.fetch(url, init);
      const body = await response.text();
      exchanges.push(watched.last());
      if (isForToken && response.ok) granted = grantOf(JSON.parse(body), this.now(), this.granted);
      return new Response(body === "" ? null : body, response);
    };
    const tokens = new TokenManager({
      consumerKey,
      consumerSecret,
      ...(environment ? { environment } : { baseUrl }),
      fetch,
      store: memoryStore(),
      now: () => this.now(),
    });
    const api = "STK push";
    try {
      const init = { method: "POST", headers: { "Content-Type": "application/json" }, body: pushBody(this.now()) };
      await (await tokens.fetch(STK_PUSH, init)).text();
      return { exchanges, granted, api };
    } catch (error) {
      return { exchanges, granted, error: failureOf(error), api };
    } finally {
      await tokens.close();
    }
  }
}

/**
 * A payment of one shilling by the sandbox's customer to the sandbox's paybill.
 *
 * @param {number} now
 */
function pushBody(now) {
  // The timestamp is in Kenya's time, which is three hours ahead of UTC.
  const timestamp = new Date(now + 3 * 3_600_000).toISOString().replace(/\D/g, "").slice(0, 14);
  return JSON.stringify({
    BusinessShortCode: 174379,
    Password: btoa(`174379${PASSKEY}${timestamp}`),
    Timestamp: timestamp,
    TransactionType: "CustomerPayBillOnline",
    Amount: 1,
    PartyA: 254708374149,
    PartyB: 174379,
    PhoneNumber: 254708374149,
    CallBackURL: "https://example.com/paid",
    AccountReference: "Order 1",
    TransactionDesc: "Shoes",
  });
}

/**
 * @param {{ access_token: string, expires_in: string }} answer
 * @param {number} now
 * @param {number | undefined} number
 * @returns {Page.Grant}
 */
function grantOf({ access_token, expires_in }, now, number) {
  const expiresIn = Number(expires_in);
  return { accessToken: access_token, expiresIn, expiresAt: now + expiresIn * 1000, number };
}

/** A simulator in this page. No request leaves the page, so the hosts can be Daraja's own. */
export class SimulatorHere extends Simulated {
  #simulator = new Simulator();
  /** @type {Page.Fetch} */
  fetch = this.#simulator.fetch;
  /** @type {readonly Page.App[]} */
  apps = this.#simulator.apps;

  static open() {
    return new SimulatorHere();
  }

  /**
   * @param {Page.App} app
   * @returns {Page.Place}
   */
  place({ environment = "sandbox" }) {
    return { baseUrl: HOSTS[environment], environment };
  }

  now() {
    return this.#simulator.now();
  }

  /** @param {number} ms */
  async skip(ms) {
    this.#simulator.advance(ms);
  }
}

/** The simulator behind the page's server. Other programs on this machine reach it, too. */
export class SimulatorThere extends Simulated {
  #ahead = 0;
  /** @type {readonly Page.App[]} */
  apps = [];
  /**
   * All kinds of faults.
   *
   * @type {readonly string[]}
   */
  kinds = [];
  lifetimeSeconds = 0;
  /** How many requests there were before this page. */
  count = 0;
  /** Marks the requests of this page in the server's log, which also has those of other programs and pages. */
  id = crypto.randomUUID();

  static async open() {
    const upstream = new SimulatorThere();
    const { apps, kinds, lifetimeSeconds, count } = await upstream.#ask("apps");
    return Object.assign(upstream, { apps, kinds, lifetimeSeconds, count });
  }

  /** @returns {Page.Place} */
  place() {
    return { baseUrl: location.origin };
  }

  now() {
    return Date.now() + this.#ahead;
  }

  /** @param {number} ms */
  async skip(ms) {
    await this.#ask("clock", { ms });
  }

  /**
   * The entries of the log after the one with this number, also those of other programs.
   *
   * @param {number} after
   * @returns {Promise<readonly Page.LogEntry[]>}
   */
  async log(after) {
    const { entries } = await this.#ask("log", { after });
    return entries;
  }

  /**
   * @param {string} kind
   * @param {boolean} isLasting
   */
  fault(kind, isLasting) {
    return this.#ask("fault", { kind, isLasting });
  }

  clear() {
    return this.#ask("clear");
  }

  /** @type {Page.Shared} */
  get shared() {
    return this;
  }

  /**
   * Sends the request as the body of another one, which is answered with 200. A browser would print each error status
   * on the console, and here errors are intended.
   *
   * @type {Page.Fetch}
   */
  fetch = async (url, { method = "GET", headers, body } = {}) => {
    const { pathname, search } = new URL(url);
    const question = { page: this.id, method, path: pathname + search, headers, body };
    const { response, token } = await this.#ask("exchange", question);
    if (pathname.startsWith("/oauth/")) this.granted = token;
    const isNull = [204, 205, 304].includes(response.status);
    return new Response(isNull ? null : response.body, { status: response.status, headers: response.headers });
  };

  /**
   * @param {string} endpoint
   * @param {object} [question]
   */
  async #ask(endpoint, question) {
    const answer = await ask(endpoint, question);
    this.#ahead = answer.now - Date.now();
    return answer;
  }
}
