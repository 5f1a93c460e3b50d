// The server: limits the resources of a client, and logs each request.
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { noToken, send } from "./answer.js";
import { Bodies } from "./body.js";
import { administer, route } from "./routes.js";

/** The limits of a client: the size of its headers, and the times to send them and the whole request. */
const LIMITS = {
  maxHeaderSize: 16_384,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 2000,
};
/** The most connections at one time. An idle one takes 10 KB. A further one is closed at once. */
const MAX_CONNECTIONS = 2048;

/**
 * @typedef {object} Service The parts that the server uses.
 * @property {import("./admission.js").Admission} admission
 * @property {(host: string) => boolean} isHost whether a request may name that host
 * @property {import("./guard.js").Guard} guard
 * @property {import("./health.js").Health} health
 * @property {import("./metrics.js").Metrics} metrics
 * @property {import("./log.js").Log} log
 * @property {boolean} hasAdminPort whether operators have a port or a socket of their own
 */

/**
 * @typedef {object} Outcome How a request ended.
 * @property {string} route
 * @property {{ name: string }} [client]
 * @property {boolean} [retried] whether it was sent to Daraja twice
 * @property {boolean} [isQuiet] whether it is not logged
 */

/** A server that does not listen yet. @param {Service} service @param {object} [tls] */
export function makeServer(service, tls) {
  const all = { ...service, bodies: new Bodies() };
  return serverOf(service, (incoming, outgoing) => route(incoming, outgoing, all), tls);
}

/** A server for operators only. @param {Service} service */
export function makeAdminServer(service) {
  return serverOf(service, (incoming, outgoing) => administer(incoming, outgoing, service));
}

/**
 * @param {Service} service
 * @param {(incoming: any, outgoing: any) => Outcome | Promise<Outcome>} respond
 * @param {object} [tls]
 */
function serverOf({ log, metrics }, respond, tls) {
  const answer = async (incoming, outgoing) => {
    const begun = performance.now();
    /** @type {Outcome} */
    let outcome = { route: "failed" };
    try {
      outcome = await respond(incoming, outgoing);
    } catch (error) {
      // This is a bug of this server. The next request may succeed.
      if (outgoing.headersSent) outgoing.destroy();
      else send(outgoing, noToken(error));
    }
    const { route, client, retried, isQuiet } = outcome;
    const status = outgoing.headersSent && !outgoing.errored ? outgoing.statusCode : 0;
    const ms = Math.round((performance.now() - begun) * 10) / 10;
    metrics.request({ route, status, ms, retried });
    if (isQuiet) return;
    const { method, url } = incoming;
    log.request({ client: client?.name, method, url, status, ms, retried });
  };
  const server = tls ? createSecureServer({ ...LIMITS, ...tls }, answer) : createServer(LIMITS, answer);
  server.maxConnections = MAX_CONNECTIONS;
  // A client with `Expect: 100-continue` gets its 100 when it is admitted: RFC 9110, section 10.1.1.
  server.on("checkContinue", answer);
  return server;
}
