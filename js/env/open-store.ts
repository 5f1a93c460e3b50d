// What fromEnv does on Node, Deno and Bun. The store that DARAJA_STORE names is opened by the code of the command line.
import { dirname } from "node:path";
import type { TokenStore } from "daraja-auth";
import { invalidOption } from "../stores/invalid-option.ts";
import { storeSchemeOf, type Used } from "./variables.ts";

/** How to set a missing variable in these runtimes. */
export const WAY_OUT =
  "Start Node by node --env-file=.env, or set them where your program runs. Deno shows them with --allow-env only.";

/** A connection is closed this long after its last operation. An open connection keeps a script from ending. */
const IDLE_MS = 1000;

/** A store that is open. */
interface OpenStore extends TokenStore {
  close(): Promise<void>;
}

/** Gives a store that connects when it is used, and closes its connection when it has not been used for a while. */
export function storeFor(used: Used): TokenStore {
  const scheme = storeSchemeOf(used);
  if (typeof scheme !== "string") {
    throw invalidOption(scheme.message, `${scheme.hint} Give such a store to fromEnv({ store }).`);
  }
  let opened: Promise<OpenStore> | undefined;
  let underWay = 0;
  let idle: ReturnType<typeof setTimeout> | undefined;

  function close() {
    const closing = opened;
    opened = undefined;
    closing?.then((store) => store.close()).catch(() => {});
  }

  async function within<T>(operation: (store: OpenStore) => Promise<T>): Promise<T> {
    underWay++;
    clearTimeout(idle);
    opened ??= open(used);
    try {
      return await operation(await opened);
    } catch (error) {
      // The next operation connects again. But if other operations are in flight, they still use this connection.
      if (underWay === 1) close();
      throw error;
    } finally {
      if (--underWay === 0) idle = setTimeout(close, IDLE_MS);
    }
  }

  return {
    load: (key) => within((store) => store.load(key)),
    compareAndSwap: (...args) => within((store) => store.compareAndSwap(...args)),
  };
}

async function open(used: Used): Promise<OpenStore> {
  const { openStore } = await import("../../bin/store.js");
  // The database's client is looked for in the folder of the program too, since a service may run in another folder.
  const folders = [process.cwd(), dirname(process.argv[1] ?? ".")];
  try {
    return (await openStore({ store: [{ name: used.name, value: String(used.value) }] }, folders)) as OpenStore;
  } catch (error) {
    const { message, hint } = error as { message: string; hint?: string };
    if (hint === undefined) throw new Error(message);
    // The manager does not try such a store again.
    throw invalidOption(message, `${hint} Or give the store to fromEnv({ store }).`);
  }
}
