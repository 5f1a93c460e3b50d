// The store that DARAJA_STORE names, where servers share their token: what it is, and how it is opened and closed.
import { storeSchemeOf } from "../pkg/internal.js";
import { UsageError } from "./failure.js";
import { reasonOf } from "./terminal.js";

const ENGINES = {
  "redis:": () => import("./store/redis.js"),
  "rediss:": () => import("./store/redis.js"),
  "postgres:": () => import("./store/postgres.js"),
  "postgresql:": () => import("./store/postgres.js"),
  "file:": () => import("./store/file.js"),
};

/** An engine that does not answer must not keep the command from ending. */
const CLOSE_MS = 1000;

/** What each help says of it. */
export const help = "With DARAJA_STORE the token is shared with your servers: redis://…, postgres://… or file:…";

/**
 * Opens the store that DARAJA_STORE names; undefined if it names none. The store connects at its first operation.
 *
 * The client of a database is looked for in the projects that these folders belong to.
 *
 * @param {{ store: { name: string, value: string }[] }} found
 */
export async function openStore({ store: [used] }, folders = [process.cwd()]) {
  if (!used) return undefined;
  const { name, value } = used;
  const scheme = storeSchemeOf(used);
  if (typeof scheme !== "string") throw new UsageError(scheme.message, scheme.hint);
  const { open } = await ENGINES[scheme]();
  const { label, client, store, close, secrets = [] } = await open(name, value, folders);
  const told =
    (operation) =>
    async (...args) => {
      try {
        return await store[operation](...args);
      } catch (error) {
        throw hidden(error, secrets);
      }
    };
  return {
    name: label,
    /** The file of the database client, if there is one. */
    client,
    // Without `watch`, which would open a second connection. A command does not wait for a change of the record.
    load: told("load"),
    compareAndSwap: told("compareAndSwap"),
    close: () => within(CLOSE_MS, close).catch(() => {}),
  };
}

/** The error without passwords, and without other members that a client may have put into it. */
function hidden(error, secrets) {
  const { code, message } = error;
  // An AggregateError has no message of its own.
  const said = String(message || reasonOf(error) || code);
  const text = secrets.reduce((shown, secret) => shown.replaceAll(secret, "[redacted]"), said);
  return Object.assign(new Error(text), { code });
}

/** What a promise gives within a time. After that it rejects. */
export async function within(ms, run) {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([run(), limit]);
  } finally {
    clearTimeout(timer);
  }
}
