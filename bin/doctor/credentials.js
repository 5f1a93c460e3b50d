// Judges Daraja's answers to the credentials: as they are, swapped, and in the other environment.
import { fail, ok, skip } from "./finding.js";

const REFUSED = "ERR_DARAJA_INVALID_CREDENTIALS";
/** Errors that say nothing about the credentials. */
const UNJUDGED = ["BLOCKED", "RATE_LIMITED", "UNAVAILABLE", "TIMEOUT", "NETWORK", "REDIRECT", "STORE_UNAVAILABLE"];

/** @typedef {{ grant?: any, error?: any }} Result The answer to a request for a token. */

/** @param {Result} result */
export const isRefused = ({ error }) => error?.code === REFUSED;

/**
 * Judges the answer to the credentials as they are.
 *
 * @param {string} host
 * @param {Result} result
 */
export function judgeCredentials(host, { grant, error }) {
  if (grant) return [ok("credentials", `${host} grants a token, for ${grant.expiresIn} seconds`)];
  if (error.code === REFUSED) return [fail("credentials", "refused", error.message, error.hint)];
  const kind = error.code.replace("ERR_DARAJA_", "");
  const incident = error.incidentId ? ` (incident ${error.incidentId})` : "";
  const unjudged = UNJUDGED.includes(kind) ? " The credentials were not judged." : "";
  const problem = kind.toLowerCase().replaceAll("_", "-");
  return [fail("credentials", problem, `${error.message}${incident}`, `${error.hint}${unjudged}`)];
}

/**
 * Judges the answer to the same credentials with key and secret exchanged.
 *
 * @param {string[]} names
 * @param {Result} result
 */
export function judgeSwap([key, secret], { grant, error }) {
  if (grant) {
    const remedy = `Exchange the values of ${key} and ${secret}.`;
    return [fail("swap", "swapped", "Daraja accepts them the other way round: key and secret are swapped", remedy)];
  }
  const isJudged = [REFUSED, "ERR_DARAJA_INVALID_OPTION"].includes(error.code);
  return isJudged ? [ok("swap", "refused the other way round, too")] : [skip("swap", `not known: ${error.message}`)];
}

/**
 * Judges the answer of the environment `other`, or says that it was not tried. `how` names what chose the environment.
 *
 * @param {{ chosen: string, other: string, how: string }} choice
 */
export function judgeElsewhere({ chosen, other, how }, /** @type {Result | undefined} */ result = undefined) {
  if (!result) {
    const remedy = `If they may belong to ${other}, use --try-${other}. A token there ends the one in use there.`;
    return [skip("environment", `not tried on ${other}, whose token in use would stop working`, remedy)];
  }
  const { grant, error } = result;
  if (grant) {
    const message = `the pair belongs to ${other}, and ${chosen} was asked`;
    return [
      fail(
        "environment",
        "other-environment",
        message,
        how === "--environment" ? `Use --environment ${other}.` : `Set ${how}=${other}.`,
      ),
    ];
  }
  return error.code === REFUSED
    ? [ok("environment", `refused on ${other}, too`)]
    : [skip("environment", `${other} not known: ${error.message}`)];
}
