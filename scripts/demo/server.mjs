// The demo page's server: the page's files, its endpoints, and Daraja's paths below /oauth/ and /mpesa/ if Daraja is
// simulated.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { HEADERS, isForeign, isForHere, isFromPage } from "../../bin/simulate/guard.js";
import { Admission } from "./admission.mjs";
import { pageFiles, typeOf } from "./files.mjs";

/** The longest body of a request. The page sends shorter ones. */
const MAX_BYTES = 65_536;

/** @typedef {import("node:http").IncomingMessage} Incoming */
/** @typedef {import("node:http").ServerResponse} Outgoing */
/**
 * @typedef {object} Upstream The Daraja behind the page.
 * @property {string} mode
 * @property {Record<string, (question: any, origin: string) => unknown>} endpoints Each has a question of its own, and
 *   checks it. So the question is `any` here.
 * @property {(request: Incoming, response: Outgoing) => Promise<void>} [listen] Answers Daraja's paths.
 */

const addressOf = (/** @type {import("node:http").Server} */ server) =>
  /** @type {import("node:net").AddressInfo} */ (server.address());

/**
 * Listens on a port of loopback. Returns the address and a function that stops the server.
 *
 * @param {Upstream} upstream
 * @param {number} port
 */
export async function serveDemo({ mode, endpoints, listen }, port) {
  const files = pageFiles();
  // A token of production can move money, and a new one invalidates the token of the live systems.
  const admission = mode === "production" ? new Admission() : undefined;
  const server = createServer(async (request, response) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    const { port } = addressOf(server);
    if (!isForHere(request, port)) {
      refuse(response, 403, `This server answers to http://localhost:${port} and http://127.0.0.1:${port} only.`);
      return;
    }
    try {
      if (admission?.open(request, response, port)) return;
      if (admission && !admission.has(request, port)) {
        refuse(response, 403, "Open the address that npm start printed: it has a secret in it.");
        return;
      }
      await answer(request, response);
    } catch (error) {
      console.error(error);
      if (!response.headersSent) refuse(response, 500, "The demo's server failed; its terminal says why.");
    }
  });

  /**
   * @param {Incoming} request
   * @param {Outgoing} response
   */
  async function answer(request, response) {
    const path = (request.url ?? "").split("?")[0].slice(1);
    if (path.startsWith("demo/")) await answerPage(request, response, path.slice("demo/".length));
    else if (listen && /^(oauth|mpesa)\//.test(path)) {
      if (isForeign(request)) refuse(response, 403, "Another site's page may not use this server.");
      else await listen(request, response);
    } else await sendFile(request, response, files.get(path || "index.html"));
  }

  /**
   * @param {Incoming} request
   * @param {Outgoing} response
   * @param {string} name
   */
  async function answerPage(request, response, name) {
    if (request.method !== "POST" || !isFromPage(request)) {
      refuse(response, 403, "Only the demo's own page may ask that.");
      return;
    }
    if (!Object.hasOwn(endpoints, name)) {
      refuse(response, 404, "There is nothing at this path.");
      return;
    }
    const question = await read(request);
    if (question === undefined) {
      refuse(response, 400, "Expected a JSON object of at most 64 KiB.");
      return;
    }
    const answered = await endpoints[name](question, `http://${request.headers.host}`);
    response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(answered));
  }

  /**
   * @param {Incoming} request
   * @param {Outgoing} response
   * @param {string | undefined} file
   */
  async function sendFile(request, response, file) {
    if (!file) refuse(response, 404, "There is nothing at this path.");
    else if (request.method !== "GET" && request.method !== "HEAD") refuse(response, 405, "This can only be read.");
    else {
      const bytes = await readFile(file);
      const body = file.endsWith("index.html") ? inMode(bytes.toString(), mode) : bytes;
      response.writeHead(200, { "Content-Type": typeOf(file) }).end(body);
    }
  }

  await new Promise((/** @type {(value?: unknown) => void} */ resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const url = `http://127.0.0.1:${addressOf(server).port}/`;
  return {
    url: admission ? admission.addressOf(url) : url,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * The page, with the mode of this server.
 *
 * @param {string} html
 * @param {string} mode
 */
function inMode(html, mode) {
  return html.replace('name="daraja-mode" content="static"', `name="daraja-mode" content="${mode}"`);
}

/**
 * @param {Outgoing} response
 * @param {number} status
 * @param {string} why
 */
function refuse(response, status, why) {
  // The rest of the request is not read, so the connection cannot serve another request.
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8", Connection: "close" }).end(`${why}\n`);
}

/**
 * The object in the request's body, or undefined if there is none or the body is too long.
 *
 * @param {Incoming} request
 */
async function read(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BYTES) return undefined;
    chunks.push(chunk);
  }
  try {
    const value = JSON.parse(Buffer.concat(chunks).toString());
    return value !== null && typeof value === "object" && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
