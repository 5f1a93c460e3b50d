/** Runs something of the caller's whose outcome does not matter. Ignores what it throws, now or in its promise. */
export function ignoreErrors(action: () => unknown): void {
  try {
    (action() as Partial<PromiseLike<unknown>> | undefined)?.then?.(undefined, () => {});
  } catch {
    // No caller waits for it.
  }
}
