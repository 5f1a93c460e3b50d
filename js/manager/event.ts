import type { DarajaErrorCode } from "../error.ts";

/** What every {@link TokenEvent} says. */
interface EventBase {
  /** Which token of the record's history it was about, counted from 1; 0 before there was any. */
  readonly epoch: number;
  /** How long it took, in milliseconds; 0 where it took no time. */
  readonly durationMs: number;
}

/** On the way to a token: its lease, and the token. */
interface GenerationEvent extends EventBase {
  /**
   * What happened.
   *
   * - `generated`, `renewed`: this instance asked Daraja for a token, since there was none or ahead of time.
   * - `lease-taken`, `lease-lost`: it became the one who generates, or was too slow to stay it.
   */
  readonly type: "generated" | "renewed" | "lease-taken" | "lease-lost";
  /** Why a token was asked for. */
  readonly reason: "missing" | "rejected" | "renewal";
  /** Only `rejected` has a code. */
  readonly code?: undefined;
}

/** An API refused the token. */
interface RejectionEvent extends EventBase {
  /** An API refused the token; with a `code` it was not replaced, and that says why. */
  readonly type: "rejected";
  /** Only events on the way to a token have a reason. */
  readonly reason?: undefined;
  /** Why a token that was refused is not replaced. */
  readonly code?: DarajaErrorCode;
}

/** Anything else. */
interface OtherEvent extends EventBase {
  /**
   * What happened.
   *
   * - `shared`: this instance took over another instance's token.
   * - `waited`: a call waited for another instance or for the store.
   * - `store-error`: an operation of the store failed.
   * - `contention`: somebody else generates tokens with this consumer key.
   */
  readonly type: "shared" | "waited" | "store-error" | "contention";
  /** Only events on the way to a token have a reason. */
  readonly reason?: undefined;
  /** Only `rejected` has a code. */
  readonly code?: undefined;
}

/** What a {@link TokenManager} tells: `onEvent`. It is frozen, and shows no secret and no token. */
export type TokenEvent = GenerationEvent | RejectionEvent | OtherEvent;
