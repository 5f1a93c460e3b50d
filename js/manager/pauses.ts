// The pauses between two reads of the record.

export class Pauses {
  readonly #wakers = new Set<() => void>();

  /** Waits until the time is up, or until {@link wake}. */
  pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(wake, ms);
      const wakers = this.#wakers;
      function wake() {
        clearTimeout(timer);
        wakers.delete(wake);
        resolve();
      }
      wakers.add(wake);
    });
  }

  /** Ends all pauses. */
  wake(): void {
    for (const wake of this.#wakers) wake();
  }
}
