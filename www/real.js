// The upstream for Daraja itself, which the page's server asks. The server holds the keys and masks the request, so no
// secret comes here.
import { ask, serverFailure } from "./server.js";

/** What the page calls the server's query, which is empty. Its answer says whether the token is accepted. */
const EMPTY_QUERY = "STK query, empty so that it changes nothing,";

export class Daraja {
  #place;

  /**
   * @param {"sandbox" | "production"} environment
   * @param {{ apps: Page.App[], baseUrl: string }} settings
   */
  constructor(environment, { apps, baseUrl }) {
    /** @type {Page.App[]} */
    this.apps = apps.map((app) => ({ ...app, environment }));
    this.isSimulated = false;
    this.isPrecious = environment === "production";
    this.#place = { baseUrl, environment };
  }

  /** @param {"sandbox" | "production"} environment */
  static async open(environment) {
    return new Daraja(environment, await ask("apps"));
  }

  place() {
    return this.#place;
  }

  now() {
    return Date.now();
  }

  /** @returns {Promise<Page.Generated>} */
  async generate() {
    try {
      return await ask("token");
    } catch (error) {
      return { exchange: {}, error: serverFailure(error) };
    }
  }

  /**
   * @param {Page.App} _app
   * @param {string} accessToken
   * @returns {Promise<Page.Used>}
   */
  async use(_app, accessToken) {
    try {
      return { api: EMPTY_QUERY, ...(await ask("use", { accessToken })) };
    } catch (error) {
      return { api: EMPTY_QUERY, error: serverFailure(error) };
    }
  }
}
