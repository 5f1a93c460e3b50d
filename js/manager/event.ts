import type { DarajaErrorCode } from "../error.ts";

/** What every {@link TokenEvent} says. */
interface EventBase {
  /** The number of the record's token, counted from 1. It is 0 while this instance knows no token. */
  readonly epoch: number;
  /**
   * How long the reported work lasted, in milliseconds: getting a token, the time with the lease, the wait, or
   * the failed operation of the store. It is 0 for the other types.
   */
  readonly durationMs: number;
}

/** An event on the way to a new token. */
interface GenerationEvent extends EventBase {
  /**
   * What happened.
   *
   * - `generated`: this instance got a token from Daraja, because there was none or the old one was rejected.
   * - `renewed`: it got one from Daraja before the old one ended.
   * - `lease-taken`: it has become the instance that asks Daraja.
   * - `lease-lost`: the record no longer has its lease. Usually it was too slow, and another instance asks Daraja now.
   */
  readonly type: "generated" | "renewed" | "lease-taken" | "lease-lost";
  /** Why a token is needed: there was none, the old one was rejected, or it is about to end. */
  readonly reason: "missing" | "rejected" | "renewal";
  /** Only a `rejected` event has a code. */
  readonly code?: undefined;
}

/** An API rejected the token. */
interface RejectionEvent extends EventBase {
  /** An API rejected the token. */
  readonly type: "rejected";
  /** Only events on the way to a new token have a reason. */
  readonly reason?: undefined;
  /** Why the token is not replaced. Without a code it is replaced. */
  readonly code?: DarajaErrorCode;
}

/** Any other event. */
interface OtherEvent extends EventBase {
  /**
   * What happened.
   *
   * - `shared`: this instance took over another instance's token.
   * - `waited`: a call waited for another instance, for the store, or for the end of a back-off.
   * - `store-error`: an operation of the store failed, or gave no valid record.
   * - `contention`: another program probably generates tokens with this Consumer Key.
   */
  readonly type: "shared" | "waited" | "store-error" | "contention";
  /** Only events on the way to a new token have a reason. */
  readonly reason?: undefined;
  /** Only a `rejected` event has a code. */
  readonly code?: undefined;
}

/**
 * The event that {@link TokenManager} passes to the option `onEvent`. `type` says which members it has. It is frozen,
 * and contains no secret and no token.
 */
export type TokenEvent = GenerationEvent | RejectionEvent | OtherEvent;
