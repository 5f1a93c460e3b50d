import { TokenStore } from 'daraja-auth';

/** pg's Pool or Client, postgres.js, or any object with `query(text, values)` that gives rows or `{ rows }`. */
type PostgresClient = {
    query(...args: never[]): unknown;
} | {
    unsafe(...args: never[]): unknown;
};
/** A connection that stays open: pg's Client, postgres.js or PGlite. It must not be a pool or behind a pooler. */
type PostgresSession = {
    listen(...args: never[]): unknown;
} | {
    query(...args: never[]): unknown;
    on(...args: never[]): unknown;
    removeListener(...args: never[]): unknown;
};
/** The options of {@link postgresStore}. */
interface PostgresStoreOptions {
    /** The table, or `schema.table`. Default: `daraja_auth_tokens`. The name is quoted, so case matters. */
    table?: string | undefined;
    /**
     * A session that listens for the other instances' swaps. With it, the store has a `watch` and notifies other
     * instances. Give one to every instance or to none.
     */
    listen?: PostgresSession | undefined;
}
/** A {@link TokenStore} in Postgres, which can create its table. */
interface PostgresStore extends TokenStore {
    /**
     * Creates the table if it does not exist. The user needs the right to do so. Several instances may call it at once.
     */
    createTable(): Promise<void>;
}
/**
 * Gives the SQL that `createTable` executes, for a migration.
 *
 * @throws {DarajaError} `ERR_DARAJA_INVALID_OPTION`, if the argument is not the name of a table.
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
 * Each operation is one statement, outside your transactions. So pass a pool, not a client that you use for
 * transactions. The store needs no prepared statement and no session state, so it works behind poolers such as
 * PgBouncer. The clock is the server's. The store refuses a standby, because its record may be old.
 *
 * @throws {DarajaError} `ERR_DARAJA_INVALID_OPTION`, if an argument is of a wrong kind.
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
