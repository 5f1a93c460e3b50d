/** Runs a function of the caller. Ignores its result, its errors, and the rejection of its promise. */
export function ignoreErrors(action: () => unknown): void {
  try {
    (action() as Partial<PromiseLike<unknown>> | undefined)?.then?.(undefined, () => {});
  } catch {
    // No caller waits for this error.
  }
}
