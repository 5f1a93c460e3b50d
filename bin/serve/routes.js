// Chooses the handler of a request by its path.
import { darajaError, json, send } from "./answer.js";
import { forward } from "./forward.js";
import { grant, TOKEN_PATH } from "./oauth.js";
import { nameOf, targetOf } from "./target.js";
import { give, hearAccepted, hearRejected } from "./token.js";

/** Envoy's ext_authz appends the path of the original request. */
const TOKEN = /^\/token(\/|$)/;
/** The paths for operators. Their answers have no secret. */
const ADMIN = ["/livez", "/readyz", "/metrics"];

const refusal = (status, message) => ({ answer: darajaError(status, "ERR_DARAJA_REFUSED", message) });
const nothing = () => refusal(404, "There is nothing at this path.");

/**
 * Answers a request to the server. Returns the outcome for the log and the metrics.
 *
 * @param {any} incoming
 * @param {import("node:http").ServerResponse} outgoing
 * @param {import("./server.js").Service & { bodies: import("./body.js").Bodies }} service
 * @returns {import("./server.js").Outcome | Promise<import("./server.js").Outcome>}
 */
export function route(incoming, outgoing, service) {
  const target = targetOf(incoming);
  const { pathname = "" } = target ?? {};
  if (ADMIN.includes(pathname) && !service.hasAdminPort) return administer(incoming, outgoing, service);
  const refuse = (answer) => reply(outgoing, "refused", answer);
  if (!target) return refuse(refusal(400, "This path is not valid."));
  if (!service.isHost(nameOf(target.host))) {
    return refuse(refusal(421, "The request names a host that is not this server."));
  }
  if (isOfTokens(pathname)) return answerAboutTokens(incoming, outgoing, target, service);
  // Nothing below /oauth/ is forwarded: Daraja would grant a token there, which ends the one in use.
  if (pathname.toLowerCase().startsWith("/oauth/")) return refuse(nothing());
  return forward(incoming, outgoing, target, service);
}

/** Answers a request for a token, or a report of one. */
async function answerAboutTokens(incoming, outgoing, target, service) {
  const { pathname } = target;
  const objection = service.guard.objection(incoming);
  if (objection !== undefined) return reply(outgoing, "refused", refusal(403, objection));
  if (TOKEN_PATH.test(pathname)) return reply(outgoing, "oauth", await grant(incoming, target, service.admission));
  if (pathname === "/rejected") return reply(outgoing, "report", await hearRejected(incoming, outgoing, service));
  if (pathname === "/accepted") return reply(outgoing, "report", await hearAccepted(incoming, outgoing, service));
  return reply(outgoing, "token", await give(incoming, service));
}

/**
 * @param {import("node:http").ServerResponse} outgoing
 * @param {string} route
 * @param {{ answer: import("./answer.js").Answer, client?: any }} given
 */
function reply(outgoing, route, { client, answer }) {
  send(outgoing, answer);
  return { route, client };
}

/** Answers an operator: is the server alive, can it serve, and what has it done. */
export async function administer(incoming, outgoing, { health, metrics }) {
  const { pathname = "" } = targetOf(incoming) ?? {};
  const answerOf = async () => {
    if (pathname === "/livez") return json(200, { live: true });
    if (pathname === "/metrics") {
      return { status: 200, headers: { "Content-Type": "text/plain; version=0.0.4" }, body: metrics.text() };
    }
    if (pathname !== "/readyz") return nothing().answer;
    const { ready, ...facts } = await health.look();
    return json(ready ? 200 : 503, { ready, ...facts });
  };
  send(outgoing, await answerOf());
  return { route: "admin", isQuiet: true };
}

function isOfTokens(pathname) {
  return TOKEN_PATH.test(pathname) || TOKEN.test(pathname) || pathname === "/rejected" || pathname === "/accepted";
}
