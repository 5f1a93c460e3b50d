// The server: takes each request, finds out what it is, and lets one of the other files answer.
import { createServer } from "node:http";
import { darajaError, noToken, send } from "./answer.js";
import { Bodies } from "./body.js";
import { forward } from "./forward.js";
import { grant, TOKEN_PATH } from "./oauth.js";
import { nameOf, targetOf } from "./target.js";

/** Limits of what a client may take: its headers, how long it may take to send them, and how long it may be idle. */
const LIMITS = {
  maxHeaderSize: 16_384,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 2000,
};
/** Connections at one time; a further one is closed at once. */
const MAX_CONNECTIONS = 4096;

/**
 * @typedef {object} Service What the server asks of the rest.
 * @property {(pair: string, incoming: import("node:http").IncomingMessage) => Promise<any>} admit gives the client with a pair
 * @property {(bearer: string) => Promise<any>} holderOf gives the client with a token
 * @property {(host: string) => boolean} isHost whether a request may name that host
 * @property {import("./log.js").Log} log
 * @property {() => number} [monotonic]
 */

/** A server of node:http that answers; where and how it listens is the caller's business. @param {Service} service */
export function makeServer(service) {
  const { log, monotonic = () => performance.now() } = service;
  const bodies = new Bodies();
  const answer = async (incoming, outgoing) => {
    const begun = monotonic();
    const ended = handle(incoming, outgoing, { ...service, bodies });
    let outcome = {};
    try {
      outcome = await ended;
    } catch (error) {
      // A fault of ours. The next request may pass.
      if (outgoing.headersSent) outgoing.destroy();
      else send(outgoing, noToken(error));
    }
    const { client, retried } = outcome;
    const status = outgoing.headersSent && !outgoing.errored ? outgoing.statusCode : 0;
    const ms = Math.round((monotonic() - begun) * 10) / 10;
    const { method } = incoming;
    log.request({ client: client?.name, method, path: pathOf(incoming.url), status, ms, retried });
  };
  const server = createServer(LIMITS, answer);
  server.maxConnections = MAX_CONNECTIONS;
  // The body is asked for when its client is known: RFC 9110, section 10.1.1.
  server.on("checkContinue", answer);
  return server;
}

function pathOf(url) {
  return url.split("?", 1)[0];
}

async function handle(incoming, outgoing, service) {
  /** @param {{ answer: import("./answer.js").Answer, client?: any }} given */
  const reply = ({ client, answer }) => {
    send(outgoing, answer);
    return { client };
  };
  const target = targetOf(incoming);
  if (!target)
    return reply({ answer: darajaError(400, "ERR_DARAJA_REFUSED", "This is no path that can be asked for.") });
  if (!service.isHost(nameOf(target.host))) {
    return reply({
      answer: darajaError(421, "ERR_DARAJA_REFUSED", "The request names a host that is not this server."),
    });
  }
  const { pathname } = target;
  if (TOKEN_PATH.test(pathname)) {
    return reply(await grant(incoming, target, (pair) => service.admit(pair, incoming)));
  }
  // Nothing below it is forwarded: Daraja would grant a token there, and kill the one in use.
  if (pathname.toLowerCase().startsWith("/oauth/")) {
    return reply({ answer: darajaError(404, "ERR_DARAJA_REFUSED", "There is nothing at this path.") });
  }
  return forward(incoming, outgoing, target, service);
}
