// One record is one row. Each operation is one statement, so any pooler works. The clock is the server's.

import type { TokenStore } from "daraja-auth";
import { copyOptions } from "../options.ts";
import { checkWellFormed, clientError, hearErrors } from "./client-error.ts";
import { hasMethods, invalidOption, kindOf } from "./invalid-option.ts";
import { watching } from "./watch.ts";

const TABLE = "daraja_auth_tokens";
const CHANNEL = "daraja_auth";
const NOW = "floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now";

/** pg's Pool or Client, postgres.js, or any object with `query(text, values)` that gives rows or `{ rows }`. */
export type PostgresClient = { query(...args: never[]): unknown } | { unsafe(...args: never[]): unknown };

/** A connection that stays open: pg's Client, postgres.js or PGlite. It must not be a pool or behind a pooler. */
export type PostgresSession =
  | { listen(...args: never[]): unknown }
  | { query(...args: never[]): unknown; on(...args: never[]): unknown; removeListener(...args: never[]): unknown };

/** The options of {@link postgresStore}. */
export interface PostgresStoreOptions {
  /** The table, or `schema.table`. Default: `daraja_auth_tokens`. The name is quoted, so case matters. */
  table?: string | undefined;
  /**
   * A session that listens for the other instances' swaps. With it, the store has a `watch` and notifies other
   * instances. Give one to every instance or to none.
   */
  listen?: PostgresSession | undefined;
}

/** A {@link TokenStore} in Postgres, which can create its table. */
export interface PostgresStore extends TokenStore {
  /**
   * Creates the table if it does not exist. The user needs the right to do so. Several instances may call it at once.
   */
  createTable(): Promise<void>;
}

/** The result of a statement: the server's clock, and the record or the outcome of a swap. */
interface Row {
  readonly now: number | string;
  readonly standby?: unknown;
  readonly version?: string | null;
  readonly value?: string;
  readonly swapped?: unknown;
}

type Query = (text: string, values: string[]) => Promise<Row[] | { rows: Row[] }>;

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
export function createTableSql(table: string = TABLE): string {
  return `CREATE TABLE IF NOT EXISTS ${quoted(table)} (
  key text PRIMARY KEY,
  version text NOT NULL,
  value text NOT NULL,
  expires_at timestamptz NOT NULL
)`;
}

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
export function postgresStore(client: PostgresClient, options: PostgresStoreOptions = {}): PostgresStore {
  const { table = TABLE, listen } = copyOptions(options ?? {}, "table, listen") as PostgresStoreOptions;
  const query = queryOf(client);
  const name = quoted(table);
  const watch = listen !== undefined && watchOf(listen);
  // Without a listener, a notification would only cost a lock, and would fail on an engine without notifications.
  const returning = watch ? `RETURNING pg_notify('${CHANNEL}', key)` : "RETURNING key";
  const outcome = `SELECT ${NOW}, EXISTS (SELECT FROM swap) AS swapped`;
  const until = "clock_timestamp() + $4::float8 * interval '1 millisecond'";

  /** Always gives one row, so that there is a clock with and without a record. */
  const load = `SELECT ${NOW}, pg_is_in_recovery() AS standby, held.version, held.value
    FROM (SELECT 1) AS one LEFT JOIN ${name} AS held ON held.key = $1 AND held.expires_at > clock_timestamp()`;

  // A record with the new version is replaced too: then this swap was sent twice, and the second also gives true.
  const create = `WITH swap AS (
    INSERT INTO ${name} AS held (key, version, value, expires_at) VALUES ($1, $2, $3, ${until})
    ON CONFLICT (key) DO UPDATE
      SET version = excluded.version, value = excluded.value, expires_at = excluded.expires_at
      WHERE held.expires_at <= clock_timestamp() OR held.version = excluded.version
    ${returning}) ${outcome}`;
  const replace = `WITH swap AS (
    UPDATE ${name} SET version = $2, value = $3, expires_at = ${until}
    WHERE key = $1 AND (version = $2 OR version = $5 AND expires_at > clock_timestamp())
    ${returning}) ${outcome}`;

  async function run(text: string, values: string[]): Promise<Row | undefined> {
    try {
      const result = await query(text, values);
      return (Array.isArray(result) ? result : result?.rows)?.[0];
    } catch (error) {
      const safe = clientError(error);
      if (safe.code === "42P01") safe.message += ". Create it by store.createTable(), or with createTableSql()";
      throw safe;
    }
  }

  /** The row that the statements of `load` and `compareAndSwap` always give. */
  async function row(text: string, values: string[]): Promise<Row> {
    const found = await run(text, values);
    if (Number(found?.now) > 0) return found as Row;
    throw new Error('the client gave no row that is an object with a column "now"');
  }

  return {
    async load(key) {
      const { now, standby, version, value } = await row(load, [key]);
      if (isTrue(standby))
        throw new Error("this server is a standby, so its records may be old: connect to the primary");
      const record = typeof version === "string" ? { version, value: value as string } : null;
      return { record, now: Number(now) };
    },

    async compareAndSwap(key, expected, next, { ttlMs }) {
      checkWellFormed(next);
      const values = [key, next.version, next.value, String(ttlMs)];
      try {
        const swap = expected === null ? row(create, values) : row(replace, [...values, expected]);
        const { now, swapped } = await swap;
        return { swapped: isTrue(swapped), now: Number(now) };
      } catch (error) {
        // With a stricter isolation level than the default, a lost race gives this error.
        if ((error as { code?: unknown }).code === "40001") return { swapped: false };
        throw error;
      }
    },

    async createTable() {
      try {
        await run(createTableSql(table), []);
      } catch (error) {
        // Two instances that create the table at once collide in the catalogue, in spite of IF NOT EXISTS.
        await run(`SELECT FROM ${name} LIMIT 0`, []).catch(() => {
          throw error;
        });
      }
    },

    ...(watch && { watch: watching(watch) }),
  };
}

/** Whether a boolean is true. A client with another parser of booleans gives a text or a number. */
function isTrue(value: unknown): boolean {
  return ["true", "t", "1"].includes(String(value));
}

/**
 * Clients that cannot be used. Their `query` takes other arguments or gives other rows, or they have none. A client is
 * known by its methods.
 */
const OTHERS: readonly (readonly [name: string, methods: string])[] = [
  ["Sequelize", "query define authenticate"],
  ["a client of MySQL", "query escapeId"],
  ["a client of SQLite", "query prepare"],
  ["a model of Objection", "query relatedQuery"],
  ["Knex", "raw batchInsert"],
  ["Prisma", "$queryRaw"],
  ["Kysely", "selectFrom"],
  ["Drizzle", "select execute"],
];

/**
 * Gives the function of a client that runs a statement. Neon's client has both methods, but its `unsafe` only makes a
 * part of a query. postgres.js has no `query`.
 */
function queryOf(given: unknown): Query {
  const client = given as { unsafe: Query; query: Query };
  const [other] = OTHERS.find(([, methods]) => hasMethods(client, methods)) ?? [];
  if (!other && hasMethods(client, "query")) {
    hearErrors(client);
    return (text, values) => client.query(text, values);
  }
  if (!other && hasMethods(client, "unsafe")) return (text, values) => client.unsafe(text, values);
  throw invalidOption(
    `client: expected pg's Pool, postgres.js, or anything with query(text, values), found ${other ?? kindOf(given)}`,
    "Give the store a pool of its own: postgresStore(new Pool({ connectionString })), of pg.",
  );
}

function quoted(table: unknown): string {
  const parts = typeof table === "string" ? table.split(".") : [];
  if (parts.length < 1 || parts.length > 2 || parts.some((part) => !/^[^"\0]{1,63}$/.test(part))) {
    const found = typeof table === "string" ? JSON.stringify(table) : kindOf(table);
    throw invalidOption(
      `table: expected a table's name, or schema.name, found ${found}`,
      "It is quoted, so case matters.",
    );
  }
  return parts.map((part) => `"${part}"`).join(".");
}

/** The result of listening: postgres.js gives an object with the function that ends it, PGlite gives that function. */
type Ending = (() => unknown) & { unlisten?: () => unknown };

interface Notification {
  readonly channel: string;
  readonly payload?: string;
}

interface Listening {
  listen(channel: string, hear: (payload: string) => void): Ending | Promise<Ending>;
}

interface Notified {
  query(text: string): unknown;
  on(event: "notification", hear: (notification: Notification) => void): unknown;
  removeListener(event: "notification", hear: (notification: Notification) => void): unknown;
}

/** Gives the `watch` that uses this session. Its errors are ignored, because a watch is only a hint. */
function watchOf(given: PostgresSession): (key: string, wake: () => void) => () => void {
  if (hasMethods(given, "listen")) {
    const session = given as unknown as Listening;
    return (key, wake) => {
      const listening = Promise.resolve(session.listen(CHANNEL, (payload) => void (payload === key && wake())));
      listening.catch(() => {});
      return () => {
        listening.then((ending) => (ending.unlisten ?? ending)()).catch(() => {});
      };
    };
  }
  if (!hasMethods(given, "on removeListener query") || "totalCount" in given) {
    throw invalidOption(
      `listen: expected a session (pg's Client, postgres.js, PGlite), found ${"totalCount" in Object(given) ? "a pool" : kindOf(given)}`,
      "Notifications reach the session that asked for them: give the store its own, past any pooler.",
    );
  }
  const session = given as unknown as Notified;
  hearErrors(session);
  return (key, wake) => {
    const hear = ({ channel, payload }: Notification) => void (channel === CHANNEL && payload === key && wake());
    session.on("notification", hear);
    Promise.resolve(session.query(`LISTEN ${CHANNEL}`)).catch(() => {});
    return () => void session.removeListener("notification", hear);
  };
}
