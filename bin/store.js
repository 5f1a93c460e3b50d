// Opens the store that DARAJA_STORE names, where servers share their token.
import { remedyFor, storeSchemeOf } from "../pkg/internal.js";
import { UsageError } from "./failure.js";
import { reasonOf } from "./terminal.js";

const ENGINES = {
  "redis:": () => import("./store/redis.js"),
  "rediss:": () => import("./store/redis.js"),
  "postgres:": () => import("./store/postgres.js"),
  "postgresql:": () => import("./store/postgres.js"),
  "file:": () => import("./store/file.js"),
};

/** A database that does not answer must not keep the command from ending. */
const CLOSE_MS = 1000;

/** The line of each help text that describes the store. */
export const help = "With DARAJA_STORE the token is shared with your servers: redis://…, postgres://… or file:…";

/**
 * Opens the store that DARAJA_STORE names. Without the variable it returns undefined. The store connects at its first
 * operation.
 *
 * The client library of a database is looked for in the projects of these folders.
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
  const guarded =
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
    // Without `watch`, which would open a second connection.
    load: guarded("load"),
    compareAndSwap: guarded("compareAndSwap"),
    close: () => within(CLOSE_MS, close).catch(() => {}),
  };
}

/** The error with its passwords replaced, and only with its code: a client library may add other members. */
function hidden(error, secrets) {
  const { code, message } = error;
  // An AggregateError has no message of its own.
  const said = String(message || reasonOf(error) || code);
  const remedy = remedyFor(error);
  // The package's stores have put it into the message, unless the connection failed before they were asked.
  const whole = !remedy || said.endsWith(remedy) ? said : `${said}. ${remedy}`;
  const text = secrets.reduce((shown, secret) => shown.replaceAll(secret, "[redacted]"), whole);
  return Object.assign(new Error(text), { code });
}

/** The result of `run`, or a rejection after `ms`. */
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
