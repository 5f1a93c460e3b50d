// Translates the record that a fleet shares between its JSON in a store and the core. src/record.rs has the other half.
//
// The contents of a store are not trusted. Each member is checked here, and the core gets an object that we made.
import { type JsonObject, ownOf, parseObject } from "../json.ts";
import { MAX_TEXT_LENGTH, propertyOf } from "../options.ts";

/** The schema of the record that this version reads and writes. */
export const SCHEMA = 1;
/** The number of rejections that the core remembers. */
const MAX_REJECTIONS = 8;

/** A record as the core reads and writes it. Identifiers are numbers. 0 means none. */
export interface RecordFields {
  history: number;
  epoch: number;
  /** The unsealed token. It is empty if there is none. */
  token: string;
  obtainedAt: number;
  expiresAt: number;
  renewAt: number;
  dead: boolean;
  notBefore: number;
  failures: number;
  lease: Lease | undefined;
  budget: Budget;
  /** The endpoints that rejected a token. They are read in the order of `nextForcedAt`. A new one comes last. */
  readonly refusals: EndpointRejection[];
}

interface Lease {
  readonly nonce: number;
  /** For people only. */
  readonly reason: string;
  readonly durationMs: number;
  readonly until: number;
}

interface Budget {
  readonly left: number;
  readonly refilledAt: number;
}

interface EndpointRejection {
  readonly endpoint: number;
  readonly epoch: number;
  readonly nextForcedAt: number;
  readonly gapMs: number;
}

export const records = {
  /**
   * The core sets the other members. The record inherits nothing, so a setter on Object.prototype cannot get them.
   */
  storedRecord: () => ({ __proto__: null, refusals: [] }) as object as RecordFields,
};

/** Parses a store's text into an object that inherits nothing. It is empty if that fails or the text is too long. */
export function parseRecord(value: unknown): JsonObject {
  const isText = typeof value === "string" && value.length <= MAX_TEXT_LENGTH;
  return ownOf(isText ? parseObject(value) : undefined);
}

/**
 * Reads a record of this schema. `token` is its opened token. `json` inherits nothing. A member that is missing or of
 * another type counts as 0 or none. A lease without `until` ends for a member of the fleet that has seen it unchanged
 * for its `durationMs`.
 */
export function readRecord(json: JsonObject, token: string): RecordFields {
  const { lease } = json;
  const budget = membersOf(json.budget, "left", "refilledAt");
  return {
    history: idOf(json.history),
    epoch: numberOf(json.epoch),
    token,
    obtainedAt: numberOf(json.obtainedAt),
    expiresAt: numberOf(json.expiresAt),
    // Version 0.1 wrote rotateAt.
    renewAt: numberOf(json.renewAt ?? json.rotateAt),
    dead: json.dead === true,
    notBefore: numberOf(json.notBefore),
    failures: numberOf(json.failures),
    lease: lease ? leaseOf(membersOf(lease, "nonce", "reason", "durationMs", "until")) : undefined,
    budget: { left: numberOf(budget.left), refilledAt: numberOf(budget.refilledAt) },
    refusals: Object.entries(json.refusals ?? {})
      .map(([endpoint, rejection]) => rejectionOf(endpoint, membersOf(rejection, "epoch", "nextForcedAt", "gapMs")))
      .sort((a, b) => a.nextForcedAt - b.nextForcedAt)
      .slice(-MAX_REJECTIONS),
  };
}

/** Gives the members of the record in JSON, without its token. */
export function writeRecord(record: RecordFields): JsonObject {
  const { history, epoch, obtainedAt, expiresAt, renewAt, dead, notBefore, failures, lease, budget } = record;
  const refusals = record.refusals.map(({ endpoint, ...rejection }) => [hex(endpoint), rejection]);
  return {
    schema: SCHEMA,
    history: hex(history),
    epoch,
    obtainedAt,
    expiresAt,
    renewAt,
    rotateAt: undefined,
    dead,
    notBefore,
    failures,
    lease: lease ? { ...lease, nonce: hex(lease.nonce) } : null,
    budget,
    refusals: Object.fromEntries(refusals),
  };
}

function leaseOf({ nonce, reason, durationMs, until = Number.MAX_SAFE_INTEGER }: JsonObject): Lease {
  return {
    nonce: idOf(nonce),
    reason: typeof reason === "string" ? reason : "",
    durationMs: numberOf(durationMs),
    until: numberOf(until),
  };
}

function rejectionOf(endpoint: string, { epoch, nextForcedAt, gapMs }: JsonObject): EndpointRejection {
  return {
    endpoint: idOf(endpoint),
    epoch: numberOf(epoch),
    nextForcedAt: numberOf(nextForcedAt),
    gapMs: numberOf(gapMs),
  };
}

/** Copies members of an object in the record. A value of another type has no members. */
function membersOf(value: unknown, ...names: string[]): JsonObject {
  const isObject = typeof value === "object" && value !== null;
  return Object.fromEntries(names.map((name) => [name, isObject ? propertyOf(value, name) : undefined]));
}

function numberOf(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

/** Identifiers are hexadecimal text in JSON, since they are not quantities. */
function idOf(value: unknown): number {
  return typeof value === "string" ? Number.parseInt(value, 16) || 0 : 0;
}

function hex(number: number): string {
  return number.toString(16);
}
