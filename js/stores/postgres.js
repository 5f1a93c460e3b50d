// One record is one row. Each operation is one statement, so that any pooler will do, and the clock is the server's.
import { can, failure, kindOf, refusal, refuseHalfPairs } from "./refusal.js";
import { watching } from "./watch.js";

const TABLE = "daraja_auth_tokens";
const CHANNEL = "daraja_auth";
const NOW = "floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now";

/** What `createTable` executes, for those who keep their tables in migrations. */
export function createTableSql(table = TABLE) {
  return `CREATE TABLE IF NOT EXISTS ${quoted(table)} (
  key text PRIMARY KEY,
  version text NOT NULL,
  value text NOT NULL,
  expires_at timestamptz NOT NULL
)`;
}

export function postgresStore(client, { table = TABLE, listen } = {}) {
  const query = queryOf(client);
  const name = quoted(table);
  const watch = listen !== undefined && watchOf(listen);
  // One that nobody listens to would only cost a lock, and an engine that has none would fail.
  const returning = watch ? `RETURNING pg_notify('${CHANNEL}', key)` : "RETURNING key";
  const outcome = `SELECT ${NOW}, EXISTS (SELECT FROM swap) AS swapped`;
  const until = "clock_timestamp() + $4::float8 * interval '1 millisecond'";

  /** A row always comes, and with it the clock, record or not. */
  const load = `SELECT ${NOW}, pg_is_in_recovery() AS standby, held.version, held.value
    FROM (SELECT 1) AS one LEFT JOIN ${name} AS held ON held.key = $1 AND held.expires_at > clock_timestamp()`;

  // The version that is to be written counts as expected: a swap that was sent twice is told that it swapped.
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

  async function run(text, values) {
    try {
      const result = await query(text, values);
      return (Array.isArray(result) ? result : result.rows)[0];
    } catch (error) {
      const told = failure(error);
      if (told.code === "42P01") told.message += ". Create it by store.createTable(), or with createTableSql()";
      throw told;
    }
  }

  return {
    async load(key) {
      const { now, standby, version, value } = await run(load, [key]);
      if (standby) throw new Error("this server is a standby, whose records may be old: connect to the primary");
      return { record: typeof version === "string" ? { version, value } : null, now: Number(now) };
    },

    async compareAndSwap(key, expected, next, { ttlMs }) {
      refuseHalfPairs(next);
      const values = [key, next.version, next.value, String(ttlMs)];
      try {
        const swap = expected === null ? run(create, values) : run(replace, [...values, expected]);
        const { now, swapped } = await swap;
        return { swapped, now: Number(now) };
      } catch (error) {
        // Under a stricter isolation level than the default this is how a race is lost.
        if (error.code === "40001") return { swapped: false };
        throw error;
      }
    },

    /** Creates the table unless it is there. */
    async createTable() {
      try {
        await run(createTableSql(table), []);
      } catch (error) {
        // Two that create at once collide in the catalogue in spite of IF NOT EXISTS.
        await run(`SELECT FROM ${name} LIMIT 0`, []).catch(() => {
          throw error;
        });
      }
    },

    ...(watch && { watch: watching(watch) }),
  };
}

function queryOf(client) {
  if (can(client, "unsafe")) return (text, values) => client.unsafe(text, values);
  if (can(client, "query")) return (text, values) => client.query(text, values);
  throw refusal(
    `client: expected pg's Pool, postgres.js, or anything with query(text, values), found ${kindOf(client)}`,
    "Make the client as you do elsewhere and pass it: postgresStore(new Pool({ connectionString })).",
  );
}

function quoted(table) {
  const parts = typeof table === "string" ? table.split(".") : [];
  if (parts.length < 1 || parts.length > 2 || parts.some((part) => !/^[^"\0]{1,63}$/.test(part))) {
    const found = typeof table === "string" ? JSON.stringify(table) : kindOf(table);
    throw refusal(`table: expected a table's name, or schema.name, found ${found}`, "It is quoted, so case matters.");
  }
  return parts.map((part) => `"${part}"`).join(".");
}

/** What `watch` is with a session of this client's. Its faults are nobody's business: a watch is a hint. */
function watchOf(listen) {
  if (can(listen, "listen")) {
    return (key, wake) => {
      const listening = Promise.resolve(listen.listen(CHANNEL, (payload) => payload === key && wake()));
      listening.catch(() => {});
      return () => {
        // PGlite gives the function that ends it, postgres.js an object that has it.
        listening.then((ending) => (ending.unlisten ?? ending)()).catch(() => {});
      };
    };
  }
  if (!can(listen, "on removeListener query") || "totalCount" in listen) {
    throw refusal(
      `listen: expected a session (pg's Client, postgres.js, PGlite), found ${can(listen, "query") ? "a pool" : kindOf(listen)}`,
      "Notifications reach the session that asked for them: give it a connection of its own, past any pooler.",
    );
  }
  return (key, wake) => {
    const hear = ({ channel, payload }) => channel === CHANNEL && payload === key && wake();
    listen.on("notification", hear);
    Promise.resolve(listen.query(`LISTEN ${CHANNEL}`)).catch(() => {});
    return () => void listen.removeListener("notification", hear);
  };
}
