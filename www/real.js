// Daraja itself, asked by the page's server. No secret comes here: the server holds the keys and masks the request.
import { ask, serverFailure } from "./server.js";

/** It changes nothing, and its answer tells whether the token is accepted. */
const EMPTY_QUERY = "STK query, empty so that it changes nothing,";

export class Daraja {
  #place;

  constructor(environment, { apps, baseUrl }) {
    this.apps = apps.map((app) => ({ ...app, environment }));
    this.isSimulated = false;
    this.isPrecious = environment === "production";
    this.#place = { baseUrl, environment };
  }

  static async open(environment) {
    return new Daraja(environment, await ask("apps"));
  }

  place() {
    return this.#place;
  }

  now() {
    return Date.now();
  }

  async generate() {
    try {
      return await ask("token");
    } catch (error) {
      return { exchange: {}, error: serverFailure(error) };
    }
  }

  async use(_app, accessToken) {
    try {
      return { api: EMPTY_QUERY, ...(await ask("use", { accessToken })) };
    } catch (error) {
      return { api: EMPTY_QUERY, error: serverFailure(error) };
    }
  }
}
