// The body of a request. It is kept, because the request may be sent twice.

/** Far more than the body of any request to Daraja. */
export const MAX_BODY_BYTES = 1_048_576;
/** The limit for all bodies together: the server runs in 110 MB. */
const MAX_KEPT_BYTES = 33_554_432;

/** The reasons why a body was not read. */
export const TOO_LARGE = Symbol("too large");
export const NO_ROOM = Symbol("no room");
export const BROKEN_OFF = Symbol("broken off");

/** Whether a request has a body: RFC 9112, section 6.3. @param {import("node:http").IncomingMessage} request */
export function hasBody({ headers }) {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"]) > 0;
}

/** Reads bodies, and limits the bytes of all of them together. */
export class Bodies {
  #kept = 0;

  /**
   * The body of a request, undefined if it has none, or one of the symbols above. Call `release` with it when the
   * request is over.
   *
   * @param {import("node:http").IncomingMessage} incoming
   * @param {import("node:http").ServerResponse} outgoing
   * @returns {Promise<Buffer | symbol | undefined>}
   */
  read(incoming, outgoing) {
    const { "content-length": length, expect } = incoming.headers;
    if (!hasBody(incoming)) return Promise.resolve(undefined);
    if (Number(length) > MAX_BODY_BYTES) return Promise.resolve(TOO_LARGE);
    // RFC 9110, section 10.1.1: the client waits for this before it sends the body.
    if (expect !== undefined) outgoing.writeContinue();
    return new Promise((resolve) => {
      /** @type {Buffer[]} */
      const chunks = [];
      let size = 0;
      const refuse = (/** @type {symbol} */ outcome) => {
        incoming.off("data", take).off("close", cut);
        this.#kept -= size;
        // The rest is read and forgotten, until the answer closes the connection.
        incoming.resume();
        resolve(outcome);
      };
      const take = (/** @type {Buffer} */ chunk) => {
        size += chunk.length;
        this.#kept += chunk.length;
        chunks.push(chunk);
        if (size > MAX_BODY_BYTES) refuse(TOO_LARGE);
        else if (this.#kept > MAX_KEPT_BYTES) refuse(NO_ROOM);
      };
      const cut = () => {
        if (!incoming.readableEnded) refuse(BROKEN_OFF);
      };
      incoming.on("data", take).once("close", cut);
      incoming.once("end", () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
    });
  }

  /** @param {Buffer | symbol | undefined} body */
  release(body) {
    if (Buffer.isBuffer(body)) this.#kept -= body.length;
  }
}
