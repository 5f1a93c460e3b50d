// A store in Postgres, by pg or postgres.js.
import { postgresStore } from "../../pkg/postgres.js";
import { UsageError } from "../failure.js";
import { clientOf } from "./client.js";
import { urlOf } from "./url.js";

/** Longer than a manager waits for an answer, and short enough for a person. */
const LIMIT_SECONDS = 5;

const MAKERS = {
  pg({ Pool }, url) {
    const ms = LIMIT_SECONDS * 1000;
    // With these, a server that stops answering cannot keep the process alive.
    const limits = { connectionTimeoutMillis: ms, query_timeout: ms, allowExitOnIdle: true };
    const client = new Pool({ connectionString: url, ...limits });
    client.on("error", () => {});
    return { client, close: () => client.end() };
  },
  postgres(exported, url) {
    const client = exported(url, { connect_timeout: LIMIT_SECONDS, onnotice() {} });
    return { client, close: () => client.end({ timeout: 1 }) };
  },
};

export function open(name, value, folders) {
  const { url, label, secrets } = urlOf(name, value);
  // `table` is removed, because a client would send it to the server.
  const table = url.searchParams.get("table") ?? undefined;
  url.searchParams.delete("table");
  if (url.searchParams.has("schema")) {
    const hint = "Only Prisma knows this parameter. Remove it, and name the table with its schema.";
    throw new UsageError(`${name}: ?schema= is not read; expected ?table=SCHEMA.TABLE`, hint);
  }
  const found = clientOf("Postgres", Object.keys(MAKERS), folders);
  const { client, close } = MAKERS[found.name](found.exported, url.href);
  const shown = table === undefined ? label : `${label}?table=${table}`;
  return { label: shown, client: found.file, secrets, close, store: postgresStore(client, { table }) };
}
