// The user's clock, and timers.

/** Longer timers would fire at once. */
export const MAX_TIMER_MS = 2_147_483_647;

/** The user's clock, or the runtime's where that throws or gives nonsense. */
export function wallClock(now: () => number): () => number {
  return () => {
    try {
      const wall = now();
      if (typeof wall === "number" && wall >= 0 && wall < Number.MAX_SAFE_INTEGER) return wall;
    } catch {
      // The runtime's clock is used, as for nonsense.
    }
    return Date.now();
  };
}

/** Starts a timer that keeps no process alive. */
export function unattended(run: () => void, ms: number): ReturnType<typeof setTimeout> {
  const timer = setTimeout(run, Math.min(Math.max(ms, 0), MAX_TIMER_MS));
  if (timer.unref) timer.unref();
  else (globalThis as { Deno?: { unrefTimer(timer: unknown): void } }).Deno?.unrefTimer(timer);
  return timer;
}
