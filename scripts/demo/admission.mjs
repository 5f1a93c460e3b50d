// For a server that holds keys of production. It answers only a browser that has opened the printed address, which
// contains a secret.
//
// Any user of this machine can connect to its loopback ports, but only one user can read this terminal.
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

const SECRET_BYTES = 32;

export class Admission {
  #secret = randomBytes(SECRET_BYTES).toString("base64url");

  /**
   * The address with the secret.
   *
   * @param {string} url
   */
  addressOf(url) {
    return `${url}?secret=${this.#secret}`;
  }

  /**
   * Answers a request that has the secret in its address: it sets the cookie, and redirects to the address without the
   * secret, so that the secret does not stay in the browser's history. Returns whether it answered.
   *
   * @param {import("node:http").IncomingMessage} request
   * @param {import("node:http").ServerResponse} response
   * @param {number} port
   */
  open(request, response, port) {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://127.0.0.1");
    if (!this.#isSecret(searchParams.get("secret"))) return false;
    // Browsers send a cookie to every port of a host, so its name has the port.
    const cookie = `${nameOf(port)}=${this.#secret}; HttpOnly; SameSite=Strict; Path=/`;
    response.writeHead(303, { "Set-Cookie": cookie, Location: pathname }).end();
    return true;
  }

  /**
   * Whether the request has the cookie.
   *
   * @param {import("node:http").IncomingMessage} request
   * @param {number} port
   */
  has({ headers }, port) {
    const cookies = (headers.cookie ?? "").split(";").map((cookie) => cookie.trim().split("="));
    return cookies.some(([name, value]) => name === nameOf(port) && this.#isSecret(value));
  }

  /**
   * Compares hashes, so that the time of the answer does not depend on the secret.
   *
   * @param {string | null | undefined} text
   */
  #isSecret(text) {
    const hash = (/** @type {string} */ value) => createHash("sha256").update(value).digest();
    return typeof text === "string" && timingSafeEqual(hash(text), hash(this.#secret));
  }
}

const nameOf = (/** @type {number} */ port) => `daraja-demo-${port}`;
