// The option renewInBackground: renewals that no caller asks for.
import { unrefTimer } from "./clock.ts";

/** The pause after an acquisition that failed, or that left a token whose renewal is already due. */
const AFTER_FAILURE_MS = 10_000;

export class Renewal {
  readonly #renew: () => Promise<unknown>;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(renew: () => Promise<unknown>) {
    this.#renew = renew;
  }

  /** Renews the token after that time. `undefined` means that there is no token, and 0 that its renewal is due. */
  schedule(ms: number | undefined): void {
    this.stop();
    this.#timer = unrefTimer(() => this.#renew().catch(() => {}), ms || AFTER_FAILURE_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
