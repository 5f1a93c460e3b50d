// The user's clock, and timers.

/** Longer timers would fire at once. */
export const MAX_TIMER_MS = 2_147_483_647;

/** The user's clock, or the runtime's where that throws or gives nonsense. */
export function wallClock(now) {
  return () => {
    try {
      const wall = now();
      if (typeof wall === "number" && wall >= 0 && wall < Number.MAX_SAFE_INTEGER) return wall;
    } catch {
      // As for nonsense.
    }
    return Date.now();
  };
}

/** A timer that keeps no process alive. */
export function unattended(run, ms) {
  const timer = setTimeout(run, Math.min(Math.max(ms, 0), MAX_TIMER_MS));
  if (timer.unref) timer.unref();
  else globalThis.Deno?.unrefTimer(timer);
  return timer;
}
