// The core of a manager, as src/manager.rs exports it.
import type { AttemptEnd, TokenRequest } from "../http.ts";
import type { Effect, Limits, LiveToken, Moment } from "./effect.ts";
import type { TokenEvent } from "./event.ts";
import type { RecordFields } from "./record.ts";

/**
 * One member of a fleet, and its acquisitions. `begin…` gives the number of an acquisition. Deadlines are on the
 * monotonic clock.
 */
export interface ManagerCore {
  url(): string;
  limits(): Limits;
  requestFor(credentials: unknown): TokenRequest;

  beginGet(now: Moment, deadline: number): number;
  beginRevalidate(now: Moment, deadline: number): number;
  beginReport(now: Moment, deadline: number, token: string, endpoint: number): number;
  beginAccept(now: Moment, deadline: number, token: string, endpoint: number): number;
  join(id: number, deadline: number): void;

  stepBegun(id: number, now: Moment): Effect;
  stepWoke(id: number, now: Moment): Effect;
  stepLoaded(id: number, now: Moment, record: RecordFields | undefined, storeNow: number | undefined): Effect;
  stepUnreadable(id: number, now: Moment): Effect;
  stepSwapped(id: number, now: Moment, swapped: boolean, storeNow: number | undefined): Effect;
  stepStoreFailed(id: number, now: Moment): Effect;
  /** Tells the core that an attempt has ended. `sent` is the moment of its request. */
  stepAttempted(id: number, now: Moment, request: TokenRequest, end: AttemptEnd, sent: Moment): Effect;
  /** Tells the core that nothing was sent, because of this error. */
  stepNotSent(id: number, now: Moment, error: unknown, retryable: boolean): Effect;

  live(now: Moment): LiveToken | undefined;
  isAcceptedAfterRejection(token: string, endpoint: number): boolean;
  takeEvent(): TokenEvent | undefined;
  forgetFailure(): void;
  close(): void;
}

/** Tells the core the result of an acquisition's last effect. Gives the acquisition's next effect. */
export type Step = (core: ManagerCore, id: number, now: Moment) => Effect;
