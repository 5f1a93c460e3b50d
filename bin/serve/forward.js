// Forwards a client's request to a business API, with the live token in place of the client's.
import { darajaError, noToken, send, wrongHeader, wrongToken } from "./answer.js";
import { BROKEN_OFF, hasBody, NO_ROOM, TOO_LARGE } from "./body.js";
import { headerOf, responseHeaders } from "./headers.js";
import { Exchange, UpstreamFailure } from "./upstream.js";

const BEARER = /^bearer +(\S+)$/i;
/** RFC 9110, section 9.3.8: the answer to a TRACE would contain the token. */
const REFUSED_METHODS = ["CONNECT", "TRACE"];

/**
 * Forwards a request, and sends the answer as Daraja sent it. Returns the outcome for the log.
 *
 * @param {import("node:http").IncomingMessage} incoming
 * @param {import("node:http").ServerResponse} outgoing
 * @param {{ path: string, pathname: string }} target
 * @param {{ admission: import("./admission.js").Admission, bodies: import("./body.js").Bodies }} server
 */
export async function forward(incoming, outgoing, { path, pathname }, { admission, bodies }) {
  const route = "forward";
  const refuse = (answer, client) => {
    send(outgoing, answer);
    return { route, client };
  };
  if (REFUSED_METHODS.includes(incoming.method ?? "")) {
    return refuse(darajaError(405, "ERR_DARAJA_REFUSED", "This method is not forwarded."));
  }
  const [, bearer] = BEARER.exec(incoming.headers.authorization ?? "") ?? [];
  if (bearer === undefined) return refuse(wrongHeader());
  let client;
  try {
    const found = admission.clientWith(bearer);
    client = found instanceof Promise ? await found : found;
  } catch (error) {
    return refuse(noToken(error));
  }
  if (!client) return refuse(wrongToken());
  if (client.client?.mayAsk(pathname) === false) {
    return refuse(darajaError(403, "ERR_DARAJA_REFUSED", "This client may not ask for this path."), client);
  }

  const body = hasBody(incoming) ? await bodies.read(incoming, outgoing) : undefined;
  if (body === BROKEN_OFF) return { route, client };
  if (body === TOO_LARGE) return refuse(darajaError(413, "ERR_DARAJA_REFUSED", "The body has over 1 MiB."), client);
  if (body === NO_ROOM) {
    const message = "The server has too many requests in memory.";
    return refuse(darajaError(503, "ERR_DARAJA_UNAVAILABLE", message, { "Retry-After": "1" }), client);
  }
  const exchange = new Exchange(incoming, path, /** @type {Buffer | undefined} */ (body));
  const closed = new Promise((resolve) => {
    outgoing.once("close", () => {
      exchange.end();
      resolve(undefined);
    });
  });
  try {
    const { message, chunks } = await client.app.forward(pathname, exchange);
    copy(message, chunks, outgoing);
    await closed;
  } catch (error) {
    if (!outgoing.destroyed) send(outgoing, failed(error));
  } finally {
    bodies.release(body);
  }
  return { route, client, retried: exchange.sent > 1 };
}

/** The answer if Daraja gives none, or no token. */
function failed(error) {
  if (!(error instanceof UpstreamFailure)) return noToken(error);
  const [status, code] = error.isLate ? [504, "ERR_DARAJA_TIMEOUT"] : [502, "ERR_DARAJA_NETWORK"];
  return darajaError(status, code, `${error.message}. It may have carried out the request.`);
}

/** Sends Daraja's answer to the client. If Daraja's answer breaks off, the client's does too. */
function copy(message, chunks, outgoing) {
  const headers = responseHeaders(message.rawHeaders);
  if (headerOf(headers, "date") !== undefined) outgoing.sendDate = false;
  outgoing.writeHead(message.statusCode, message.statusMessage, headers);
  for (const chunk of chunks) outgoing.write(chunk);
  if (message.readableEnded) {
    outgoing.end();
    return;
  }
  message.on("data", (chunk) => {
    if (outgoing.write(chunk)) return;
    message.pause();
    outgoing.once("drain", () => message.resume());
  });
  message.once("end", () => outgoing.end());
  message.once("close", () => {
    if (!message.complete) outgoing.destroy();
  });
  // The answer is paused if it is an error that was judged first.
  message.resume();
}
