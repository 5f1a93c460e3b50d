/** A record in a {@link TokenStore}: its contents, and the version that a swap must name. */
export interface StoredRecord {
  /** The version that this write gave the record. No version is used twice. */
  readonly version: string;
  /** The contents of the record: text that only the package reads. */
  readonly value: string;
}

/**
 * The place of the token that instances share: Redis, Postgres, … The package has a store for each. To write your own,
 * see docs/stores.md and `storeConformance` of `daraja-auth/testing`.
 *
 * A store does not retry. If the outcome of an operation is unknown, its promise rejects.
 */
export interface TokenStore {
  /**
   * Gives the current record, never an older one from a replica. `now` is the store's own clock in milliseconds. A
   * store with a clock gives it even if there is no record.
   */
  load(key: string): Promise<{ record: StoredRecord | null; now?: number }>;
  /**
   * Writes the next record if the stored version is `expected`. With `null`, it writes if there is no record. The
   * record counts as absent `ttlMs` after its last write.
   */
  compareAndSwap(
    key: string,
    expected: string | null,
    next: StoredRecord,
    options: { ttlMs: number },
  ): Promise<{ swapped: boolean; now?: number }>;
  /**
   * Calls `wake` when the record may have changed. Gives the function that ends the watch. This method may be absent,
   * and may miss a change: the package also reads the record from time to time.
   */
  watch?(key: string, wake: () => void): () => void;
}
