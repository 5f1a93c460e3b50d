// Requests to the demo's server with any headers, as only a program can send them.
import { request } from "node:http";

/** The exact policy of the server. */
export const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Sends a request with exactly these headers. Gives the status, the headers and the body of the answer. */
export function send(url, { method = "GET", path = "/", headers = {}, body } = {}) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, method, path, headers }, async (response) => {
      let text = "";
      for await (const chunk of response.setEncoding("utf8")) text += chunk;
      resolve({ status: response.statusCode, headers: response.headers, body: text });
    });
    sent.once("error", reject);
    sent.end(body);
  });
}

/** The page's own request to an endpoint, in the form that `send` takes. */
export function asPage(url, endpoint, question = {}) {
  const headers = { origin: new URL(url).origin, "sec-fetch-site": "same-origin", "content-type": "application/json" };
  return { method: "POST", path: `/demo/${endpoint}`, headers, body: JSON.stringify(question) };
}

/** That request with other headers. A header that is undefined is left out. */
export function forged(question, headers) {
  const all = Object.entries({ ...question.headers, ...headers }).filter(([, value]) => value !== undefined);
  return { ...question, headers: Object.fromEntries(all) };
}
