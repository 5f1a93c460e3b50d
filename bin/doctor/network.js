// Judges the way to Daraja, and this machine's clock.
import { MORE_TIME, TRUST } from "../../pkg/internal.js";
import { fail, ok, skip, warn } from "./finding.js";

/** A smaller difference does no harm, and Date counts in whole seconds. */
const SKEW_MS = 30_000;

const UNKNOWN_HOST = ["dns", "the name is not known here", "Check the name, the network and its DNS."];
const ON_THE_WAY = "Check the network, and whether a firewall or a proxy stands in the way.";
const NOT_REACHED = ["unreachable", "no answer", ON_THE_WAY];
const TOO_LATE = ["unreachable", "no answer", `${ON_THE_WAY} ${MORE_TIME} if the host has several addresses.`];
const CUT = ["cut", "the connection is cut", "A firewall or a proxy may cut it. Try another network."];
const TLS = [
  "tls",
  "no trusted TLS connection is possible",
  `A proxy may present its own certificate, or this machine's clock is wrong. ${TRUST}.`,
];
/** @type {[RegExp, string[]][]} */
const FAILURES = [
  [/^(ENOTFOUND|EAI_AGAIN|ENODATA)$/, UNKNOWN_HOST],
  [/^(ECONNREFUSED|TIMEOUT)$/, NOT_REACHED],
  [/^(ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/, TOO_LATE],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, CUT],
  [/^(CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO|ERR_TLS|ERR_SSL|EPROTO|HOSTNAME_MISMATCH)/, TLS],
];
const OTHERWISE = ["network", "it cannot be asked", "Check network, DNS, proxy and TLS."];

/**
 * @typedef {object} Facts
 * @property {{ code?: string, reason?: string }} [failure]
 * @property {number} [status]
 * @property {boolean} [isBlocked]
 * @property {string} [incidentId]
 * @property {number} [serverTime]
 * @property {number} [sent]
 * @property {number} [received]
 */

/**
 * @param {string} host
 * @param {Facts} facts
 */
export function judgeNetwork(host, { failure, status, isBlocked, incidentId }) {
  if (failure) {
    const [, why] = FAILURES.find(([pattern]) => pattern.test(failure.code ?? "")) ?? [undefined, OTHERWISE];
    const [problem, what, remedy] = why;
    return [
      fail("network", problem, `${host}: ${what} (${failure.reason ?? failure.code ?? "no reason given"})`, remedy),
    ];
  }
  if (isBlocked) {
    const incident = incidentId ? ` (incident ${incidentId})` : "";
    const remedy =
      "This is no problem of the credentials. Try another network, or send the incident's id to " +
      "apisupport@safaricom.co.ke.";
    return [warn("network", "firewall", `${host}: the firewall answers with its page${incident}`, remedy)];
  }
  return [ok("network", `${host} answers (HTTP ${status})`)];
}

/** @param {Facts} facts */
export function judgeClock({ failure, serverTime, sent = 0, received = 0 }) {
  if (failure) return [skip("clock", "not compared: no answer")];
  if (serverTime === undefined) return [skip("clock", "not compared: the answer has no Date")];
  // The server's clock ran while the request and the answer were on their way.
  const ahead = sent > serverTime ? sent - serverTime : Math.min(0, received - serverTime);
  if (Math.abs(ahead) < SKEW_MS) return [ok("clock", "agrees with the server's")];
  const message = `this machine's clock is ${Math.round(Math.abs(ahead) / 1000)} s ${ahead > 0 ? "ahead of" : "behind"} the server's`;
  const remedy =
    "Let NTP set it. Otherwise a token seems to end too early or too late on machines that share it, and here after the " +
    "clock is corrected.";
  return [warn("clock", "clock-skew", message, remedy)];
}
