// The clocks that a manager reads, and its timers.
import { invalidOption } from "../stores/invalid-option.ts";
import type { Moment } from "./effect.ts";

/** The longest delay of a timer. A timer with a longer delay fires at once. */
export const MAX_TIMER_MS = 2_147_483_647;

/** The clocks of one manager. */
export class Clock {
  readonly #now: (() => number) | undefined;

  /** Takes the option `now`. Without it, each call looks up Date.now, because tests replace that function. */
  constructor(now: (() => number) | undefined) {
    this.#now = now;
  }

  /** The wall clock. It is the runtime's clock if the option throws or does not give a valid time. */
  wall(): number {
    const now = this.#now;
    try {
      const wall = now?.();
      if (typeof wall === "number" && wall >= 0 && wall < Number.MAX_SAFE_INTEGER) return wall;
    } catch {
      // The runtime's clock is used, as for an invalid time.
    }
    return Date.now();
  }

  /** This moment. Only a step of the core needs random bits. The global scope of a worker gives none. */
  moment(random = 0): Moment {
    return { wall: this.wall(), monotonic: performance.now(), random };
  }

  /** Throws if the machine's clock cannot be right, because the end of a token is counted from it. */
  check(): void {
    if (this.wall() >= 0) return;
    const hint = "Set this machine's clock, or give the option now.";
    throw invalidOption("now: expected a clock after 1970, found one before", hint);
  }
}

/** Starts a timer that keeps no process alive. */
export function unrefTimer(run: () => void, ms: number): ReturnType<typeof setTimeout> {
  const timer = setTimeout(run, Math.min(Math.max(ms, 0), MAX_TIMER_MS));
  if (timer.unref) timer.unref();
  else (globalThis as { Deno?: { unrefTimer(timer: unknown): void } }).Deno?.unrefTimer(timer);
  return timer;
}
