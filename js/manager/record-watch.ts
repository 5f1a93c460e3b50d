// The store's watch on the record of one app.
import { ignoreErrors } from "../ignore-errors.ts";
import type { TokenStore } from "../stores/store.ts";

export class RecordWatch {
  readonly #store: TokenStore;
  readonly #changed: () => void;
  #end: (() => void) | undefined;

  /** `changed` is called when the record may have changed. */
  constructor(store: TokenStore, changed: () => void) {
    this.#store = store;
    this.#changed = changed;
  }

  /** Watches the record of that key instead of the previous one. Does nothing if the store has no `watch`. */
  start(key: string): void {
    this.stop();
    ignoreErrors(() => {
      this.#end = this.#store.watch?.(key, this.#changed);
      return this.#end;
    });
  }

  stop(): void {
    ignoreErrors(() => this.#end?.());
    this.#end = undefined;
  }
}
