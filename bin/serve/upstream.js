// Daraja, as the server reaches it: a client's request by node:http as it came, and a fetch for requests for a token.
import http from "node:http";
import https from "node:https";
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import { fetch } from "../../pkg/node-fetch.js";
import { requestHeaders } from "./headers.js";

/** As TokenManager.fetch: more of an error is not read, nor for longer, before it is judged. */
const MAX_ERROR_BYTES = 65_536;
const MAX_ERROR_MS = 3000;
/** An idle connection is closed after this time: before Daraja would close it under a request. */
const IDLE_CONNECTION_MS = 5000;
/** The longest that Daraja may be silent, as nginx has it. */
const SILENCE_MS = 60_000;

const DECODERS = { gzip: gunzipSync, "x-gzip": gunzipSync, br: brotliDecompressSync, deflate: inflateSync };

/** What has been read of an answer that is sent on as it comes. @type {Buffer[]} */
const NOTHING = [];

/** Daraja did not answer a request that was forwarded. */
export class UpstreamFailure extends Error {
  constructor(isLate, cause) {
    super(isLate ? `Daraja was silent for ${SILENCE_MS / 1000} seconds` : "Daraja cannot be reached", { cause });
    this.isLate = isLate;
  }
}

/** A request of a client's that is forwarded, and the answer. */
export class Exchange {
  /** How often it was sent. */
  sent = 0;
  #request;
  #isOver = false;

  /** @param {import("node:http").IncomingMessage} incoming @param {string} path @param {Buffer | undefined} body */
  constructor(incoming, path, body) {
    this.incoming = incoming;
    this.path = path;
    this.body = body;
  }

  /** The client has hung up: whatever is under way is ended. */
  abort() {
    this.#isOver = true;
    this.#request?.destroy();
  }

  /** Sends it with that token; gives a response that isTokenRejected can judge, with `message` and `chunks`. */
  send({ url, agent, request, path: base, host }, accessToken) {
    this.sent++;
    const { incoming, body } = this;
    const headers = requestHeaders(incoming, url.host, body);
    headers.push("Authorization", `Bearer ${accessToken}`);
    return new Promise((resolve, reject) => {
      if (this.#isOver) return reject(new UpstreamFailure(false));
      const { method } = incoming;
      const options = { host, port: url.port, agent, method, path: base + this.path, headers, servername: host };
      const outgoing = request(options, (message) => {
        const { statusCode: status } = message;
        // Of a success, and of a redirect, nothing is read before it is sent on.
        if (status < 400) resolve({ status, ok: status < 300 || undefined, message, chunks: NOTHING });
        else beginning(message).then((read) => resolve(judgeable(message, read)), reject);
      });
      this.#request = outgoing;
      outgoing.setTimeout(SILENCE_MS, () => outgoing.destroy(new UpstreamFailure(true)));
      outgoing.on("error", (error) => {
        reject(error instanceof UpstreamFailure ? error : new UpstreamFailure(false, error));
      });
      outgoing.end(body);
    });
  }
}

/** An error that can be judged. */
function judgeable(message, { chunks, isWhole }) {
  const text = isWhole ? decoded(Buffer.concat(chunks), message.headers["content-encoding"]) : undefined;
  return {
    status: message.statusCode,
    ok: false,
    // A body that was not read whole says nothing.
    bodyUsed: text === undefined,
    clone: () => ({ arrayBuffer: async () => text }),
    message,
    chunks,
  };
}

/** What a message begins with: all of it, if it is short and comes in time. The rest stays to be read. */
function beginning(message) {
  return new Promise((resolve) => {
    const chunks = [];
    let size = 0;
    const end = (isWhole) => {
      clearTimeout(timer);
      message.off("data", take).off("end", whole).off("close", broken).off("error", broken);
      message.pause();
      resolve({ chunks, isWhole });
    };
    const take = (chunk) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > MAX_ERROR_BYTES) end(false);
    };
    const whole = () => end(true);
    const broken = () => end(false);
    const timer = setTimeout(broken, MAX_ERROR_MS);
    message.on("data", take).on("end", whole).on("close", broken).on("error", broken);
  });
}

function decoded(bytes, encoding = "identity") {
  if (encoding === "identity") return bytes;
  try {
    return DECODERS[encoding.toLowerCase()]?.(bytes, { maxOutputLength: MAX_ERROR_BYTES });
  } catch {
    return undefined;
  }
}

/** Daraja, at a base URL. */
export class Upstream {
  /** How Daraja writes expires_in; a string until one of its answers says otherwise. */
  writesNumbers = false;
  /** Daraja's last answer to a request for a token, where that was an error. @type {import("./answer.js").Answer | undefined} */
  refusal;

  /** @param {URL} url */
  constructor(url) {
    const { Agent, request } = url.protocol === "https:" ? https : http;
    const proxyEnv = { HTTPS_PROXY: process.env.HTTPS_PROXY, NO_PROXY: process.env.NO_PROXY };
    // Node before 22.21 and 24.5 knows no proxyEnv, and ignores it.
    const options = { keepAlive: true, scheduling: "lifo", timeout: IDLE_CONNECTION_MS, proxyEnv };
    this.agent = new Agent(/** @type {any} */ (options));
    this.request = request;
    this.url = url;
    this.host = url.hostname.replace(/^\[|\]$/g, "");
    /** The path of the base URL, without a slash at its end. */
    this.path = url.pathname.replace(/\/$/, "");
    // Its manager calls it without its object.
    this.fetch = this.fetch.bind(this);
  }

  close() {
    this.agent.destroy();
  }

  /** Sends a request for a token, and remembers how Daraja answered. */
  async fetch(url, init) {
    this.refusal = undefined;
    const response = await fetch(url, init);
    const { status, headers } = response;
    const body = await response.text();
    if (status >= 400) {
      this.refusal = { status, headers: { "Content-Type": headers.get("content-type") ?? "text/plain" }, body };
    } else {
      this.writesNumbers = /"expires_in"\s*:\s*\d/.test(body);
    }
    return { status, headers, redirected: false, text: async () => body };
  }
}
