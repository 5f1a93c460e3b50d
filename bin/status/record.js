// Loads the record that servers share, and keeps what a person may see of it: all but the token.
import { createHash } from "node:crypto";
import { parseRecord, readRecord, recordKey, SCHEMA, sharedName } from "../../pkg/internal.js";
import { Failure } from "../failure.js";
import { within } from "../store.js";

/** A first connection to a distant server over TLS takes a while. */
const LOAD_MS = 5000;
/** The last instant that a Date can hold. */
const LAST_MS = 8_640_000_000_000_000;
const REASONS = ["missing", "rejected", "renewal"];

const sha256 = (text) => createHash("sha256").update(text).digest("hex");

/** The key of the record in the store. */
export async function keyOf(baseUrl, consumerKey) {
  return recordKey(baseUrl.href, await sharedName(consumerKey));
}

/**
 * Loads the record and returns `{ state, now, record }`. The state is "live", "due", "expired", "dead", "empty", or
 * "none" if there is no record. `now` is the time by the store's clock, or by this machine's if the store has none.
 */
export async function look(store, key) {
  let answer;
  try {
    answer = await within(LOAD_MS, () => store.load(key));
  } catch (cause) {
    const hint = "Check the store and DARAJA_STORE.";
    throw new Failure("ERR_DARAJA_STORE_UNAVAILABLE", `${store.name} cannot be read`, hint, { cause });
  }
  const { record: found, now = Date.now() } = answer;
  if (found === null) return { state: "none", now, record: null };
  const record = recordOf(found.value, now);
  return { state: stateOf(record, now), now, record };
}

/** Reads the record as the manager does, and keeps the parts that may be printed. */
function recordOf(text, now) {
  const json = parseRecord(text);
  if (json.schema !== SCHEMA) throw unknownSchema(json.schema);
  const { token, sealed } = json;
  const record = readRecord(json, "");
  return {
    schema: SCHEMA,
    history: hexOf(record.history),
    ...printable(record, "epoch"),
    fingerprint: typeof token === "string" && token !== "" ? sha256(token).slice(0, 8) : null,
    sealed: sealed === true,
    ...printable(record, "obtainedAt", "expiresAt", "renewAt"),
    dead: record.dead,
    lease: record.lease ? leaseOf(record.lease, now) : null,
    ...printable(record, "notBefore", "failures"),
    budget: printable(record.budget, "left", "refilledAt"),
    refusals: record.refusals
      .map((refusal) => ({
        endpoint: hexOf(refusal.endpoint),
        ...printable(refusal, "epoch", "nextForcedAt", "gapMs"),
      }))
      .filter(({ endpoint }) => endpoint !== "")
      .sort((a, b) => b.nextForcedAt - a.nextForcedAt),
  };
}

function leaseOf(lease, now) {
  const { durationMs, until } = printable(lease, "durationMs", "until");
  return {
    holder: hexOf(lease.nonce),
    reason: REASONS.includes(lease.reason) ? lease.reason : REASONS[0],
    durationMs,
    until,
    // A lease without an end is over after a member has watched it for its duration. This command does not watch.
    isHeld: until === 0 || until > now,
  };
}

function unknownSchema(schema) {
  const found = Number.isSafeInteger(schema) ? `one of schema ${schema}` : "something else";
  const hint = "Another version or program wrote it. Use the version of daraja-auth that your servers have.";
  const message = `Expected a record of schema ${SCHEMA} in the store, found ${found}`;
  return new Failure("ERR_DARAJA_STORE_UNAVAILABLE", message, hint);
}

function stateOf({ fingerprint, dead, expiresAt, renewAt }, now) {
  if (fingerprint === null) return "empty";
  if (now >= expiresAt) return "expired";
  if (dead) return "dead";
  return now >= renewAt ? "due" : "live";
}

/** Copies numbers of the record. A number that a Date cannot hold counts as 0. */
function printable(object, ...names) {
  return Object.fromEntries(
    names.map((name) => [name, object[name] >= 0 && object[name] <= LAST_MS ? object[name] : 0]),
  );
}

function hexOf(id) {
  return id === 0 ? "" : id.toString(16);
}
