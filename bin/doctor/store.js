// Judges the store where servers share their token, and the token that it gives.
import { reasonOf } from "../terminal.js";
import { fail, ok, skip, warn } from "./finding.js";

/** @type {Partial<Record<string, string>>} */
const SEEN = {
  live: "has a live token",
  due: "has a live token, which is due for renewal",
  expired: "has a token that has expired",
  dead: "has a token that an API rejected",
  empty: "has a record without a token",
};

/**
 * The state of the shared record. `platform` is a variable of a platform with several processes.
 *
 * @typedef {{ name?: string, client?: string, state?: string, error?: any, platform?: string }} Shared
 */

/**
 * Judges the shared record, or the error of the store. Without a store there is a finding only on a platform that runs
 * several processes.
 *
 * @param {Shared} shared
 */
export function judgeStore({ name, client, state, error, platform }) {
  if (error) {
    const problem = error.code === "ERR_DARAJA_STORE_UNAVAILABLE" ? "store-unavailable" : "store-unusable";
    const reason = reasonOf(error.cause);
    return [fail("store", problem, reason ? `${error.message} (${reason})` : error.message, error.hint)];
  }
  if (name === undefined) return platform ? [judgeNoStore(platform)] : [];
  if (state === undefined) return [skip("store", `${name} was not looked at, because of the above`)];
  if (state !== "none") return [ok("store", `${name} ${SEEN[state]}${client ? ` (read by ${client})` : ""}`)];
  const remedy =
    "If your servers run, they use another store, table, Daraja or consumer key: a token from here would end theirs.";
  return [warn("store", "no-record", `${name} has no record of this consumer key`, remedy)];
}

/**
 * The finding for a platform without a store. TokenManager warns of the same there.
 *
 * @param {string} platform
 */
function judgeNoStore(platform) {
  const message = `DARAJA_AUTH_NO_STORE: ${platform} is set, so there may be several processes, and no store is named`;
  const remedy =
    "Each would get its own token, which ends the others'. Share one token: docs/stores.md of this package says how.";
  return warn("store", "none", message, remedy);
}

/**
 * The finding if the store had a live token. Then Daraja was not asked, so the credentials were not tried.
 *
 * @param {string} name
 */
export function judgeShared(name) {
  const remedy = "To try them, unset DARAJA_STORE; that ends the token in use.";
  return [skip("credentials", `not tried: ${name} gave the token in use, and Daraja was asked for none`, remedy)];
}

/** Says why the doctor asks for no further token after Daraja refused the credentials. */
export function judgeRestraint() {
  const remedy = "To try them the other way round, and elsewhere, unset DARAJA_STORE; that may end a token in use.";
  return [skip("swap", "not tried: with DARAJA_STORE no token is asked for beside the shared one", remedy)];
}
