// The objects that the manager gets from the core. src/effect.rs declares the functions that make them.
import type { AccessToken } from "../access-token.ts";
import type { DarajaError } from "../error.ts";
import type { TokenEvent } from "./event.ts";
import type { RecordFields } from "./record.ts";

/** What js/manager/acquire.ts does next for an acquisition: an `Output` of the core. */
export type Effect =
  | { readonly kind: "load" }
  /** Write this record, by compare-and-swap. */
  | { readonly kind: "write"; readonly record: RecordFields }
  /** Ask Daraja for a token, once. */
  | { readonly kind: "generate" }
  | { readonly kind: "wait"; readonly ms: number }
  /** The acquisition is over. */
  | { readonly kind: "complete"; readonly token: AccessToken }
  /** The acquisition is over. `endpoint` says whether the endpoint, not the token, is probably at fault. */
  | { readonly kind: "fail"; readonly error: DarajaError; readonly endpoint: boolean }
  /** The acquisition is over, with the error of the last attempt. This or another acquisition made that attempt. */
  | {
      readonly kind: "fail-as-before";
      readonly error: unknown;
      readonly retryAfterMs: number | undefined;
      readonly attempts: number;
    };

/** The live token, and what is known about it. */
export interface LiveToken {
  readonly token: AccessToken;
  /** Until when the token may be given without an acquisition, by the wall clock and by the monotonic clock. */
  readonly freshByWall: number;
  readonly freshByMonotonic: number;
  /** How long until the token is due for renewal. 0 if it is due. */
  readonly renewInMs: number;
  /** Whether a caller that has waited long for a new token may have this one. */
  readonly isUsableDuringRenewal: boolean;
  /** Whether the record remembers an endpoint that rejected a token. */
  readonly tracksRejections: boolean;
}

/** The numbers of the policy that JavaScript uses, in milliseconds. */
export interface Limits {
  readonly deadlineMs: number;
  readonly timeoutMs: number;
  readonly storeTimeoutMs: number;
  readonly keepRecordMs: number;
  readonly renewalWaitMs: number;
}

/** A moment by both clocks. `random` has 53 random bits, or is 0 where none are needed. */
export interface Moment {
  readonly wall: number;
  readonly monotonic: number;
  readonly random: number;
}

export const effects = {
  load: (): Effect => ({ kind: "load" }),
  write: (record: RecordFields): Effect => ({ kind: "write", record }),
  generate: (): Effect => ({ kind: "generate" }),
  wait: (ms: number): Effect => ({ kind: "wait", ms }),
  complete: (token: AccessToken): Effect => ({ kind: "complete", token }),
  fail: (error: DarajaError, endpoint: boolean): Effect => ({ kind: "fail", error, endpoint }),
  failAsBefore: (error: unknown, retryAfterMs: number | undefined, attempts: number): Effect => ({
    kind: "fail-as-before",
    error,
    retryAfterMs,
    attempts,
  }),
  liveToken: (
    token: AccessToken,
    freshByWall: number,
    freshByMonotonic: number,
    renewInMs: number,
    isUsableDuringRenewal: boolean,
    tracksRejections: boolean,
  ): LiveToken => ({
    token,
    freshByWall,
    freshByMonotonic,
    renewInMs,
    isUsableDuringRenewal,
    tracksRejections,
  }),
  limits: (
    deadlineMs: number,
    timeoutMs: number,
    storeTimeoutMs: number,
    keepRecordMs: number,
    renewalWaitMs: number,
  ): Limits => ({
    deadlineMs,
    timeoutMs,
    storeTimeoutMs,
    keepRecordMs,
    renewalWaitMs,
  }),
  tokenEvent: (
    type: TokenEvent["type"],
    epoch: number,
    durationMs: number,
    reason: TokenEvent["reason"],
    code: TokenEvent["code"],
  ): TokenEvent =>
    Object.freeze({
      type,
      epoch,
      durationMs,
      ...(reason && { reason }),
      ...(code && { code }),
    }) as unknown as TokenEvent,
};
