// The endpoints of the page's server with --sandbox or --production. They call the real Daraja. The keys stay here.
import { BASE_URLS, find, named, optionsOf, VARIABLES } from "../../bin/credentials.js";
import { masked, witness } from "../../www/exchange.js";

/**
 * The path of a query that is sent empty. It changes nothing, and its answer shows whether Daraja accepts the token.
 */
const HARMLESS = "/mpesa/stkpushquery/v1/query";
/** The headers of a response that help to explain it. Only these go to the page, and not the firewall's cookies. */
const SHOWN = ["content-type", "content-length", "date", "retry-after", "server"];
/** The characters of a token by RFC 6750, because the text goes into a header. */
const TOKEN = /^[A-Za-z0-9._~+/-]{1,4096}=*$/;
const TIMEOUT_MS = 10_000;
/** The fields of an error that the page gets. None of them contains a secret or a token. */
const FIELDS = [
  ["name", "code", "message", "hint", "status", "errorCode"],
  ["requestId", "incidentId", "retryable", "retryAfterMs", "attempts"],
].flat();

/** @typedef {import("../../pkg/index.js").DarajaError} DarajaError */

/** @type {("consumerKey" | "consumerSecret")[]} */
const PAIR = ["consumerKey", "consumerSecret"];

/**
 * The variables that are not set. Each is a list of its possible names.
 *
 * @param {NodeJS.ProcessEnv} env
 */
export function missingVariables(env) {
  return PAIR.map((option) => VARIABLES[option]).filter((names) => !names.some((name) => env[name]));
}

/**
 * Returns the endpoints of the page, for the keys in `env`.
 *
 * @param {"sandbox" | "production"} environment
 * @param {NodeJS.ProcessEnv} env
 * @param {typeof import("../../pkg/index.js")} daraja
 */
export function real(environment, env, { DarajaError, generateToken }) {
  const found = find({ environment }, env);
  const options = optionsOf(found);
  const baseUrl = BASE_URLS[environment];

  return {
    mode: environment,
    endpoints: {
      apps() {
        const variables = PAIR.map((option) => found[option][0].name);
        return { apps: [{ name: "Your app", variables }], baseUrl };
      },

      async token() {
        const asked = witness(fetch);
        try {
          const token = await generateToken({ ...options, fetch: asked.fetch });
          return { exchange: tellable(asked.last(), options), token };
        } catch (error) {
          if (!(error instanceof DarajaError)) throw error;
          return { exchange: tellable(asked.last(), options), error: told(named(error, found)) };
        }
      },

      /** @param {{ accessToken?: unknown }} question */
      async use({ accessToken }) {
        if (typeof accessToken !== "string" || !TOKEN.test(accessToken))
          return { error: { message: "that is not a token" } };
        const asked = witness(fetch);
        const headers = { Authorization: `Bearer ${accessToken}`, "Content-Type": "application/json" };
        const signal = AbortSignal.timeout(TIMEOUT_MS);
        try {
          /** @type {RequestInit} */
          const init = { method: "POST", headers, body: "{}", redirect: "manual", signal };
          await (await asked.fetch(baseUrl + HARMLESS, init)).text();
          return { exchange: tellable(asked.last(), options) };
        } catch (error) {
          return { error: { message: `Daraja did not answer: ${/** @type {Error} */ (error).message}` } };
        }
      },
    },
  };
}

/**
 * An exchange as the page may see it: without the secret, even if an answer repeats it.
 *
 * @param {Page.Exchange} exchange
 * @param {{ consumerKey?: string | undefined, consumerSecret?: string | undefined }} pair
 */
function tellable({ request, response }, { consumerKey = "", consumerSecret = "" }) {
  const pair = Buffer.from(`${consumerKey}:${consumerSecret}`).toString("base64");
  const secrets = [pair, consumerSecret].filter((secret) => secret !== "");
  const scrub = (/** @type {string} */ text) =>
    secrets.reduce((rest, secret) => rest.replaceAll(secret, "[redacted]"), text);
  return {
    request: request && masked(request),
    response: response && {
      ...response,
      headers: response.headers.filter(([name]) => SHOWN.includes(name)),
      body: scrub(response.body),
    },
  };
}

/** @param {DarajaError} error */
function told(error) {
  const fields = /** @type {Record<string, unknown>} */ (/** @type {object} */ (error));
  return Object.fromEntries(FIELDS.filter((name) => fields[name] !== undefined).map((name) => [name, fields[name]]));
}
