// The pauses between two reads of the record.

export class Pauses {
  readonly #isolated: boolean;
  readonly #wakers = new Set<() => void>();

  /** In an isolated runtime a request must not end the pause of another request. */
  constructor(isolated: boolean) {
    this.#isolated = isolated;
  }

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
      if (!this.#isolated) wakers.add(wake);
    });
  }

  /** Ends all pauses. */
  wake(): void {
    for (const wake of this.#wakers) wake();
  }
}
