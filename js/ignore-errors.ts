/** Runs a function of the caller. Ignores its result, and what it throws, now or in its promise. */
export function ignoreErrors(action: () => unknown): void {
  try {
    (action() as Partial<PromiseLike<unknown>> | undefined)?.then?.(undefined, () => {});
  } catch {
    // No caller waits for it.
  }
}
