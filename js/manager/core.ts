// The core of a manager, as src/manager.rs exports it.
import type { AttemptEnd, TokenRequest } from "../http.ts";
import type { Effect, LiveToken, Moment } from "./effect.ts";
import type { TokenEvent } from "./event.ts";
import type { RecordFields } from "./record.ts";

/** One member of a fleet, and its runs. `begin…` gives a run's number. Deadlines are on the monotonic clock. */
export interface ManagerCore {
  url(): string;
  policyNumber(name: string): number;
  requestFor(credentials: unknown): TokenRequest;

  beginGet(now: Moment, deadline: number): number;
  beginRevalidate(now: Moment, deadline: number): number;
  beginReport(now: Moment, deadline: number, token: string, endpoint: number): number;
  beginAccept(now: Moment, deadline: number, token: string, endpoint: number): number;
  join(run: number, deadline: number): void;

  stepBegun(run: number, now: Moment): Effect;
  stepWoke(run: number, now: Moment): Effect;
  stepLoaded(run: number, now: Moment, record: RecordFields | undefined, storeNow: number | undefined): Effect;
  stepUnreadable(run: number, now: Moment): Effect;
  stepSwapped(run: number, now: Moment, swapped: boolean, storeNow: number | undefined): Effect;
  stepStoreFailed(run: number, now: Moment): Effect;
  /** Tells the core that an attempt has ended. `sent` is the moment of its request. */
  stepAttempted(run: number, now: Moment, request: TokenRequest, end: AttemptEnd, sent: Moment): Effect;
  /** Tells the core that nothing was sent, because of this error. */
  stepNotSent(run: number, now: Moment, error: unknown, retryable: boolean): Effect;

  live(now: Moment): LiveToken | undefined;
  isAcceptedAfterRejection(token: string, endpoint: number): boolean;
  takeEvent(): TokenEvent | undefined;
  forgetFailure(): void;
  close(): void;
}

/** Enters the core with the result of a run's last effect. Gives the run's next effect. */
export type Step = (core: ManagerCore, run: number, now: Moment) => Effect;
