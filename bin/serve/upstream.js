// The server's requests to Daraja: a client's request is forwarded by node:http, and a request for a token uses fetch.
import http from "node:http";
import https from "node:https";
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import { fetch } from "../../pkg/node-fetch.js";
import { Connections, Silence } from "./connections.js";
import { requestHeaders } from "./headers.js";

/** Before an error is judged, at most this much is read, and for this long. TokenManager.fetch has the same limits. */
const MAX_ERROR_BYTES = 65_536;
const MAX_ERROR_MS = 3000;

const DECODERS = { gzip: gunzipSync, "x-gzip": gunzipSync, br: brotliDecompressSync, deflate: inflateSync };

/** The chunks of an answer that is forwarded unread. @type {Buffer[]} */
const NOTHING = [];

/** Daraja did not answer a request that was forwarded. */
export class UpstreamFailure extends Error {
  /** @param {Error} [cause] */
  constructor(cause) {
    super(cause instanceof Silence ? cause.message : "Daraja cannot be reached", { cause });
    this.isLate = cause instanceof Silence;
  }
}

/** A client's request that is forwarded, and its answer. */
export class Exchange {
  sent = 0;
  #request;
  #message;
  #isOver = false;

  /** @param {import("node:http").IncomingMessage} incoming @param {string} path @param {Buffer | undefined} body */
  constructor(incoming, path, body) {
    this.incoming = incoming;
    this.path = path;
    this.body = body;
  }

  /** Ends the request to Daraja, because the client has its answer or has hung up. */
  end() {
    this.#isOver = true;
    if (!this.#message?.complete) this.#request?.destroy();
  }

  /** Sends the request with this token. Returns a response for isTokenRejected, with `message` and `chunks`. */
  send({ connections, request, authority, host, port, path: base }, accessToken) {
    this.#message = undefined;
    const { incoming, body } = this;
    const headers = requestHeaders(incoming.rawHeaders, authority, body);
    headers.push("Authorization", `Bearer ${accessToken}`);
    return new Promise((resolve, reject) => {
      if (this.#isOver) return reject(new UpstreamFailure());
      this.sent++;
      const { method } = incoming;
      const { agent } = connections;
      const options = { host, port, agent, method, path: base + this.path, headers, servername: host };
      const outgoing = request(options, (message) => {
        const { statusCode: status } = message;
        this.#message = message;
        if (closesSoon(message)) outgoing.shouldKeepAlive = false;
        // Only errors are judged. Of other answers nothing is read here.
        if (status < 400) resolve({ status, ok: status < 300 || undefined, message, chunks: NOTHING });
        else beginning(message).then((read) => resolve(judgeable(message, read)), reject);
      });
      this.#request = outgoing;
      outgoing.on("error", (error) => reject(new UpstreamFailure(error)));
      connections.watch();
      outgoing.end(body);
    });
  }
}

/** Whether the other end announces that it closes the connection earlier than this server does. */
function closesSoon({ headers }) {
  const hint = headers["keep-alive"];
  return hint !== undefined && /timeout=[0-4]\b/.test(hint);
}

/** The response of an error, in a form that isTokenRejected can judge. */
function judgeable(message, { chunks, isWhole }) {
  const text = isWhole ? decoded(Buffer.concat(chunks), message.headers["content-encoding"]) : undefined;
  return {
    status: message.statusCode,
    ok: false,
    // A body that cannot be read whole is not judged.
    bodyUsed: text === undefined,
    clone: () => ({ arrayBuffer: async () => text }),
    text: text?.toString(),
    message,
    chunks,
  };
}

/** The beginning of a message: all of it, if it is short and comes in time. The rest is not read yet. */
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

export class Upstream {
  /** Whether Daraja writes expires_in as a number. It is a string until an answer shows a number. */
  writesNumbers = false;
  /**
   * Daraja's last answer to a request for a token, if it was an error.
   *
   * @type {import("./answer.js").Answer | undefined}
   */
  refusal;

  #protocol;
  /** @type {Connections | undefined} */
  #connections;

  /** @param {URL} url */
  constructor(url) {
    this.#protocol = url.protocol;
    this.request = url.protocol === "https:" ? https.request : http.request;
    // These are not read from the URL for each request, because its getters build a new text each time.
    this.authority = url.host;
    this.port = url.port;
    this.host = url.hostname.replace(/^\[|\]$/g, "");
    /** The path of the base URL, without a slash at its end. */
    this.path = url.pathname.replace(/\/$/, "");
    // The manager calls this function without its object.
    this.fetch = this.fetch.bind(this);
  }

  /** The connections for forwarded requests. */
  get connections() {
    this.#connections ??= new Connections(this.#protocol);
    return this.#connections;
  }

  /** Frees the memory of the connections, if none is open. */
  rest() {
    if (this.#connections?.isUnused) this.close();
  }

  close() {
    this.#connections?.close();
    this.#connections = undefined;
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
