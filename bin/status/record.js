// The record that servers share, as a person may see it: without the token.
import { createHash } from "node:crypto";
import { Failure } from "../failure.js";
import { within } from "../store.js";

/** The schema of the package's own records; js/manager/record.ts has the same. */
const SCHEMA = 1;
/** A first connection over TLS, far away, takes a while. */
const LOAD_MS = 5000;
/** The last instant that a Date can be. */
const LAST_MS = 8_640_000_000_000_000;
const REASONS = ["missing", "rejected", "renewal"];

const sha256 = (text) => createHash("sha256").update(text).digest("hex");

/** The record's name in the store; js/manager/credentials.ts has the same. */
export function keyOf(baseUrl, consumerKey) {
  return `daraja-auth:v1:${baseUrl.origin}:${sha256(consumerKey).slice(0, 16)}`;
}

/**
 * Loads the record and gives `{ state, now, record }`: the state is "live", "due", "expired", "dead", "empty", or
 * "none" for no record; `now` is the instant by the store's clock, where it has one.
 */
export async function look(store, key) {
  let answer;
  try {
    answer = await within(LOAD_MS, () => store.load(key));
  } catch (cause) {
    const hint = "Check the store, and what DARAJA_STORE says of it.";
    throw new Failure("ERR_DARAJA_STORE_UNAVAILABLE", `${store.name} cannot be read`, hint, { cause });
  }
  const { record: found, now = Date.now() } = answer;
  if (found === null) return { state: "none", now, record: null };
  const record = recordOf(found.value, now);
  return { state: stateOf(record, now), now, record };
}

/** Whatever stands in the store may be anybody's: what is not as it should be counts as nothing, as it does there. */
function recordOf(text, now) {
  const { schema, token, sealed, history, dead, lease, budget, refusals, ...rest } = parsed(text);
  // Version 0.1 wrote rotateAt.
  rest.renewAt ??= rest.rotateAt;
  const of = (object, ...names) => Object.fromEntries(names.map((name) => [name, numberOf(object?.[name])]));
  return {
    schema,
    history: hexOf(history),
    ...of(rest, "epoch"),
    fingerprint: typeof token === "string" && token !== "" ? sha256(token).slice(0, 8) : null,
    sealed: sealed === true,
    ...of(rest, "obtainedAt", "expiresAt", "renewAt"),
    dead: dead === true || dead === 1,
    lease: lease ? leaseOf(lease, of(lease, "durationMs", "until"), now) : null,
    ...of(rest, "notBefore", "failures"),
    budget: of(budget, "left", "refilledAt"),
    refusals: Object.entries(refusals ?? {})
      .map(([endpoint, refusal]) => ({ endpoint: hexOf(endpoint), ...of(refusal, "epoch", "nextForcedAt", "gapMs") }))
      .filter(({ endpoint }) => endpoint !== "")
      .sort((a, b) => b.nextForcedAt - a.nextForcedAt),
  };
}

function leaseOf({ nonce, reason }, { durationMs, until }, now) {
  return {
    holder: hexOf(nonce),
    reason: REASONS.includes(reason) ? reason : REASONS[0],
    durationMs,
    until,
    // Without its end, only who has watched it can say.
    isHeld: until === 0 || until > now,
  };
}

function parsed(text) {
  let record;
  try {
    record = JSON.parse(text);
  } catch {
    // As for what is no record.
  }
  if (record?.schema === SCHEMA) return record;
  const isNumber = Number.isSafeInteger(record?.schema);
  const found = isNumber ? `one of schema ${record.schema}` : "something else";
  const hint = "Another version or program wrote it. Use the version of daraja-auth that your servers have.";
  const message = `Expected a record of schema ${SCHEMA} in the store, found ${found}`;
  throw new Failure("ERR_DARAJA_STORE_UNAVAILABLE", message, hint);
}

function stateOf({ fingerprint, dead, expiresAt, renewAt }, now) {
  if (fingerprint === null) return "empty";
  if (now >= expiresAt) return "expired";
  if (dead) return "dead";
  return now >= renewAt ? "due" : "live";
}

function numberOf(value) {
  return typeof value === "number" && value >= 0 && value <= LAST_MS ? value : 0;
}

function hexOf(text) {
  return /^[0-9a-f]{1,32}$/.test(text) ? text : "";
}
