// The live token that getToken gives, and how long it may be given without entering the core.
import { isolated } from "#wasm";
import type { AccessToken } from "../access-token.ts";
import { type Clock, unrefTimer } from "./clock.ts";
import type { LiveToken } from "./effect.ts";

export class Freshness {
  /** The live token. The same token is always the same object. */
  token: AccessToken | undefined;
  /** What the core says about the token. */
  live: LiveToken | undefined;
  /** Whether the store's watch says that the record may have changed since it was read. */
  isStale = false;
  readonly #clock: Clock;
  #untilWall = 0;
  #untilMonotonic = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether the token may be given at once. */
  isFresh(): boolean {
    const wall = this.#clock.wall();
    return wall >= 0 && wall < this.#untilWall && (!isolated || performance.now() < this.#untilMonotonic);
  }

  /** Stores what the core says about the live token, and gives the token. */
  update(live: LiveToken | undefined): AccessToken | undefined {
    const isFresh = live !== undefined && !this.isStale;
    this.#untilWall = isFresh ? live.freshByWall : 0;
    this.#untilMonotonic = isFresh ? live.freshByMonotonic : 0;
    this.live = live;
    clearTimeout(this.#timer);
    if (!isolated && live) {
      // This uses a timer. To read the monotonic clock at each call would take as long as the rest of getToken.
      const end = () => {
        this.#untilWall = 0;
      };
      this.#timer = unrefTimer(end, this.#untilMonotonic - performance.now());
    }
    const token = live?.token;
    if (token?.expiresAt !== this.token?.expiresAt || token?.accessToken !== this.token?.accessToken) {
      this.token = token;
    }
    return this.token;
  }

  /** Is called when the record may have changed. The next call of getToken then loads the record. */
  markStale(): void {
    this.isStale = true;
    this.#untilWall = 0;
  }
}
