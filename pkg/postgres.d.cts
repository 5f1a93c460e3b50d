import { TokenStore } from 'daraja-auth';

/** pg's Pool or Client, postgres.js, or anything with `query(text, values)` that gives rows or `{ rows }`. */
type PostgresClient = {
    query(...args: never[]): unknown;
} | {
    unsafe(...args: never[]): unknown;
};
/** A connection that stays open: pg's Client, postgres.js, PGlite. Not a pool, and not behind a pooler. */
type PostgresSession = {
    listen(...args: never[]): unknown;
} | {
    query(...args: never[]): unknown;
    on(...args: never[]): unknown;
    removeListener(...args: never[]): unknown;
};
/** The options of {@link postgresStore}. */
interface PostgresStoreOptions {
    /** The table, or `schema.table`; `daraja_auth_tokens` if absent. It is quoted, so case matters. */
    table?: string | undefined;
    /**
     * A session that listens for the other instances' swaps. With it the store has a `watch`, and notifies others; give it
     * to every instance or to none.
     */
    listen?: PostgresSession | undefined;
}
/** A {@link TokenStore} in Postgres, which can create its table. */
interface PostgresStore extends TokenStore {
    /** Creates the table unless it is there. Needs the right to. Several instances may call it at once. */
    createTable(): Promise<void>;
}
/**
 * The SQL that `createTable` executes, for those who keep their tables in migrations.
 *
 * @throws {DarajaError} `ERR_DARAJA_INVALID_OPTION`, when that is no table's name.
 *
 * @example
 * ```js
 * console.log(createTableSql("app.daraja_tokens"));
 * ```
 */
declare function createTableSql(table?: string): string;
/**
 * A store in a Postgres table.
 *
 * Each operation is one statement outside any transaction of yours: pass a pool rather than a client that you use for
 * transactions. No prepared statement and no state of a session is needed, so it works behind PgBouncer and its kin. The
 * clock is the server's. A standby is refused, since its record may be old.
 *
 * @throws {DarajaError} `ERR_DARAJA_INVALID_OPTION`, when an argument is not what it should be.
 *
 * @example
 * ```js
 * import { Pool } from "pg";
 * import { TokenManager } from "daraja-auth";
 * import { postgresStore } from "daraja-auth/postgres";
 *
 * const store = postgresStore(new Pool({ connectionString: process.env.DATABASE_URL }));
 * await store.createTable();
 * const tokens = new TokenManager({ consumerKey, consumerSecret, store });
 * ```
 */
declare function postgresStore(client: PostgresClient, options?: PostgresStoreOptions): PostgresStore;

export { createTableSql, postgresStore };
export type { PostgresClient, PostgresSession, PostgresStore, PostgresStoreOptions };
