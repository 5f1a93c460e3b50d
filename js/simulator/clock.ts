// The simulator's clock, and what waits by it.
import { orAborted } from "./http.ts";
import { invalidOption } from "./input.ts";

/** Something that waits. */
interface Wait {
  readonly until: number;
  readonly release: () => void;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** A clock that runs with the caller's, or with `Date.now`, and can be moved forward. */
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

  /** Moves the clock forward. What has waited for that long is released. */
  advance(ms: number): void {
    if (typeof ms !== "number" || !(ms >= 0 && ms < Number.MAX_SAFE_INTEGER)) {
      throw invalidOption("ms: expected a number of milliseconds, not negative");
    }
    this.#advanced += ms;
    for (const wait of this.#waits) this.#schedule(wait);
  }

  /** Waits until that much time has passed, by the runtime's timer and by advance(); rejects when the signal aborts. */
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

  /** Sets the timer of a wait to what is left of it. */
  #schedule(wait: Wait): void {
    clearTimeout(wait.timer);
    const left = wait.until - this.now();
    if (left <= 0) wait.release();
    else if (left !== Number.POSITIVE_INFINITY) wait.timer = setTimeout(wait.release, left);
  }
}
