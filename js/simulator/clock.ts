// The simulator's clock and its timers.
import { orAborted } from "./http.ts";
import { invalidOption } from "./input.ts";

/** A wait of this clock. */
interface Wait {
  readonly until: number;
  readonly release: () => void;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** A clock that follows the caller's clock or `Date.now`, and can be moved forward. */
export class Clock {
  #read: (() => number) | undefined;
  #advanced = 0;
  #waits = new Set<Wait>();

  constructor(read: (() => number) | undefined) {
    this.#read = read;
  }

  /** The time, in milliseconds since the epoch. */
  now(): number {
    const now = this.#read ? this.#read() : Date.now();
    if (!(now >= 0)) throw invalidOption("now: expected a function that gives milliseconds since the epoch");
    return Math.trunc(now + this.#advanced);
  }

  /** Moves the clock forward. Waits whose time has come end. */
  advance(ms: number): void {
    if (typeof ms !== "number" || !(ms >= 0 && ms < Number.MAX_SAFE_INTEGER)) {
      throw invalidOption("ms: expected a number of milliseconds, not negative");
    }
    this.#advanced += ms;
    for (const wait of this.#waits) this.#schedule(wait);
  }

  /** Waits until that much time has passed, by the runtime's timer or by advance(). Rejects when the signal aborts. */
  async wait(ms: number, signal?: AbortSignal): Promise<void> {
    let release: () => void = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const wait: Wait = { until: this.now() + ms, release, timer: undefined };
    this.#waits.add(wait);
    this.#schedule(wait);
    try {
      await orAborted(released, signal);
    } finally {
      clearTimeout(wait.timer);
      this.#waits.delete(wait);
    }
  }

  /** Sets the timer of a wait to the time that is left. */
  #schedule(wait: Wait): void {
    clearTimeout(wait.timer);
    const left = wait.until - this.now();
    if (left <= 0) wait.release();
    else if (left !== Number.POSITIVE_INFINITY) wait.timer = setTimeout(wait.release, left);
  }
}
