// An HTTP server on Node that calls a function like fetch for each request, such as a Simulator's.
import { createServer } from "node:http";
import { Failure } from "./failure.js";

/** A request to Daraja is far smaller. A mistake, or a stranger's request, must not fill the memory. */
const MAX_BODY_BYTES = 1_048_576;

/**
 * Listens on a host and a port (0 takes a free one). Returns the address, and a function that stops the server.
 *
 * @param {Answer} fetch
 * @param {{ host?: string, port?: number, refused?: Refused }} options
 */
export async function listen(fetch, { host = "127.0.0.1", port = 0, refused } = {}) {
  const answer = listener(fetch, refused);
  /** @type {Set<Promise<unknown>>} */
  const underWay = new Set();
  const server = createServer((incoming, outgoing) => {
    /** @type {Promise<unknown>} */
    const ended = answer(incoming, outgoing).then(() => underWay.delete(ended));
    underWay.add(ended);
  });
  await new Promise((/** @type {(value?: unknown) => void} */ resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const { address, family, port: bound } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    url: `http://${family === "IPv6" ? `[${address}]` : address}:${bound}`,
    /** Closes all connections, and resolves when all requests in flight have ended. */
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await Promise.all(underWay);
    },
  };
}

/** @typedef {{ status: number, headers: Headers, body: AsyncIterable<Uint8Array> }} Answered */
/** @typedef {(request: Request) => Promise<Answered>} Answer */
/** @typedef {import("node:http").IncomingMessage} Incoming */
/** @typedef {(incoming: Incoming, outcome: string, status?: number) => void} Refused */

/**
 * Whether only this machine reaches that host.
 *
 * @param {string} host
 */
export function isLoopback(host) {
  return ["localhost", "::1", "[::1]"].includes(host) || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/**
 * Turns a failure to listen into an error for people. Other errors stay as they are.
 *
 * @param {any} error
 * @param {string} host
 * @param {number} port
 */
export function listenFailure(error, host, port) {
  /** @type {Partial<Record<string, [string, string]>>} */
  const reasons = {
    EADDRINUSE: [
      `port ${port} of ${host} is in use`,
      "Stop what listens there, or choose another --port; 0 takes a free one.",
    ],
    EACCES: [`this user may not use port ${port}`, "Ports below 1024 are for root. Choose another --port."],
    EADDRNOTAVAIL: [`${host} is not an address of this machine`, "127.0.0.1 always is."],
    ENOTFOUND: [`the host ${host} is not known here`, "127.0.0.1 always works."],
  };
  const why = reasons[error.code];
  return why ? new Failure(error.code, ...why) : error;
}

/**
 * The address for clients on this machine. 0.0.0.0 and :: mean all addresses, and clients cannot use them.
 *
 * @param {string} url
 */
export function reachable(url) {
  return url.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:");
}

/**
 * A listener for node:http that answers with `fetch`. Of a response it uses only `status`, `headers` and `body`.
 *
 * If the response's body breaks off, the connection is closed. If the client hangs up, the request's signal is aborted.
 * A request that does not reach `fetch` is reported to `refused(incoming, outcome, status)`. The status is undefined if
 * the client has gone.
 *
 * @param {Answer} fetch
 * @param {Refused} refused
 * @returns {(incoming: Incoming, outgoing: import("node:http").ServerResponse) => Promise<void>}
 */
export function listener(fetch, refused = () => {}) {
  return async (incoming, outgoing) => {
    const hangUp = new AbortController();
    outgoing.once("close", () => hangUp.abort());
    const refuse = (/** @type {string} */ outcome, /** @type {number} */ status) => {
      refused(incoming, outcome, status);
      outgoing.writeHead(status).end();
    };
    try {
      const body = await bodyOf(incoming);
      if (!body) return refuse("too-large", 413);
      const request = requestOf(incoming, body, hangUp.signal);
      if (!request) return refuse("bad-request", 400);
      const response = await fetch(request);
      // Not writeHead: after it Node sends no Content-Length: 0 for an answer without a body. Daraja does send it.
      outgoing.statusCode = response.status;
      outgoing.setHeaders(response.headers);
      if (response.body) await write(response.body, outgoing);
      outgoing.end();
    } catch {
      if (!incoming.complete) refused(incoming, "broken-off");
      outgoing.destroy();
    }
  };
}

/**
 * The body, or undefined if it is too large. It is always read to its end, because clients read the answer only then.
 *
 * @param {Incoming} incoming
 */
async function bodyOf(incoming) {
  const chunks = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return size <= MAX_BODY_BYTES ? Buffer.concat(chunks) : undefined;
}

/**
 * The request, or undefined if fetch could not send it, because of its method or its address.
 *
 * @param {Incoming} incoming
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {AbortSignal} signal
 */
function requestOf(incoming, bytes, signal) {
  const { method = "GET", url: target = "/" } = incoming;
  const body = ["GET", "HEAD"].includes(method) ? undefined : bytes;
  const base = `http://${incoming.headers.host || "localhost"}`;
  try {
    const headers = new Headers();
    for (let i = 0; i < incoming.rawHeaders.length; i += 2) {
      headers.append(incoming.rawHeaders[i], incoming.rawHeaders[i + 1]);
    }
    // Relative to the base, a path that begins with two slashes would name another host.
    const url = target.startsWith("/") ? new URL(base + target) : new URL(target, base);
    return new Request(url, { method, headers, body, signal });
  } catch {
    return undefined;
  }
}

/**
 * @param {AsyncIterable<Uint8Array>} body
 * @param {import("node:http").ServerResponse} outgoing
 */
async function write(body, outgoing) {
  for await (const chunk of body) {
    if (outgoing.destroyed) return;
    // If the body breaks off next, only what has left this process arrives.
    await new Promise((resolve) => outgoing.write(chunk, resolve));
  }
}
