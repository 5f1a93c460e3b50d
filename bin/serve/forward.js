// A request to a business API: the client's, with the live token in place of its own.
import { darajaError, noToken, send, wrongHeader, wrongToken } from "./answer.js";
import { BROKEN_OFF, NO_ROOM, TOO_LARGE } from "./body.js";
import { responseHeaders } from "./headers.js";
import { Exchange, UpstreamFailure } from "./upstream.js";

const BEARER = /^bearer +(\S+)$/i;
/** RFC 9110, section 9.3.8: a TRACE would be answered with the token in it. */
const REFUSED_METHODS = ["CONNECT", "TRACE"];

/**
 * Forwards a request, and sends the answer as Daraja sent it. Gives what the log says of it.
 *
 * @param {import("node:http").IncomingMessage} incoming
 * @param {import("node:http").ServerResponse} outgoing
 * @param {{ path: string, pathname: string }} target
 * @param {{ admission: import("./admission.js").Admission, bodies: import("./body.js").Bodies }} server
 */
export async function forward(incoming, outgoing, { path, pathname }, { admission, bodies }) {
  const refuse = (answer, client) => {
    send(outgoing, answer);
    return { client };
  };
  if (REFUSED_METHODS.includes(incoming.method ?? "")) {
    return refuse(darajaError(405, "ERR_DARAJA_REFUSED", "This method is not forwarded."));
  }
  const [, bearer] = BEARER.exec(incoming.headers.authorization ?? "") ?? [];
  if (bearer === undefined) return refuse(wrongHeader());
  const client = await admission.holderOf(bearer).catch((error) => error);
  if (client instanceof Error) return refuse(noToken(client));
  if (!client) return refuse(wrongToken());
  if (client.client?.mayAsk(pathname) === false) {
    return refuse(darajaError(403, "ERR_DARAJA_REFUSED", "This client may not ask for this path."), client);
  }

  const body = await bodies.read(incoming, outgoing);
  if (body === BROKEN_OFF) return { client };
  if (body === TOO_LARGE) return refuse(darajaError(413, "ERR_DARAJA_REFUSED", "The body has over 1 MiB."), client);
  if (body === NO_ROOM) {
    const message = "The server has more requests in hand than it can keep.";
    return refuse(darajaError(503, "ERR_DARAJA_UNAVAILABLE", message, { "Retry-After": "1" }), client);
  }
  const exchange = new Exchange(incoming, path, /** @type {Buffer | undefined} */ (body));
  const hungUp = () => exchange.abort();
  outgoing.once("close", hungUp);
  try {
    const { message, chunks } = await client.app.forward(pathname, exchange);
    outgoing.off("close", hungUp);
    await copy(message, chunks, outgoing);
    return { client, retried: exchange.sent > 1 };
  } catch (error) {
    if (outgoing.destroyed) return { client };
    if (!(error instanceof UpstreamFailure)) return refuse(noToken(error), client);
    const [status, code] = error.isLate ? [504, "ERR_DARAJA_TIMEOUT"] : [502, "ERR_DARAJA_NETWORK"];
    return refuse(
      darajaError(status, code, `${error.message}. Whether it carried the request out is not known.`),
      client,
    );
  } finally {
    bodies.release(body);
  }
}

/** Sends Daraja's answer on. An answer that breaks off breaks off here, too. */
function copy(message, chunks, outgoing) {
  const headers = responseHeaders(message);
  if (message.headers.date !== undefined) outgoing.sendDate = false;
  outgoing.writeHead(message.statusCode, message.statusMessage, headers);
  for (const chunk of chunks) outgoing.write(chunk);
  return new Promise((/** @type {(value?: unknown) => void} */ resolve) => {
    if (message.readableEnded) {
      outgoing.end(resolve);
      outgoing.once("close", resolve);
      return;
    }
    const broken = () => {
      if (!message.complete) outgoing.destroy();
    };
    message.once("error", broken);
    message.once("close", broken);
    outgoing.once("close", () => {
      message.destroy();
      resolve();
    });
    outgoing.once("finish", resolve);
    message.pipe(outgoing);
  });
}
