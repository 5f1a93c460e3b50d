// The option renewInBackground: renewals that no caller asks for.
import { unrefTimer } from "./clock.ts";

/** The pause after a failed renewal. */
const AFTER_FAILURE_MS = 10_000;

export class Renewal {
  readonly #renew: () => Promise<unknown>;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(renew: () => Promise<unknown>) {
    this.#renew = renew;
  }

  /** Renews the token after that time, or soon if there is no token. */
  schedule(ms: number | undefined): void {
    this.stop();
    this.#timer = unrefTimer(() => this.#renew().catch(() => {}), ms || AFTER_FAILURE_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
