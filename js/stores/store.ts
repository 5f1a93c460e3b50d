/** A record in a {@link TokenStore}: what it says, and the version that a swap must name. */
export interface StoredRecord {
  /** The version that this write gave the record. No version is used twice. */
  readonly version: string;
  /** What the record says: text that only the package reads. */
  readonly value: string;
}

/**
 * Where the token is kept that instances share: Redis, Postgres, … The package has one for each; to write your own, see
 * docs/stores.md and `storeConformance` of `daraja-auth/testing`.
 *
 * Nothing in a store retries, and an operation whose outcome is unknown rejects.
 */
export interface TokenStore {
  /**
   * Gives the record, as it is now: never an older one that a replica still has.
   * `now` is the store's own clock in milliseconds, where it has one; then it comes without a record too.
   */
  load(key: string): Promise<{ record: StoredRecord | null; now?: number }>;
  /**
   * Writes the next record if the version there is `expected`; `null`: if there is none.
   * A record may be forgotten `ttlMs` after it was written last.
   */
  compareAndSwap(
    key: string,
    expected: string | null,
    next: StoredRecord,
    options: { ttlMs: number },
  ): Promise<{ swapped: boolean; now?: number }>;
  /** Calls `wake` when the record may have changed; gives the way to end that. It is a hint, and may be absent. */
  watch?(key: string, wake: () => void): () => void;
}
