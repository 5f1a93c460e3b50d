// The store of one machine: several processes and a folder of a local disk.
//
// Each key has a folder with one head, an empty file whose NAME says which version is current, and one file for each
// version's value:
//
//   head.<version>    exactly one, at every moment
//   value.<version>   written and synced before any head can name it, never changed after
//
// A swap writes its value and then renames `head.<expected>` to `head.<next>`. A rename takes its source away, so of all
// who expect the same version it succeeds for exactly one, and for the others there is no such file. Versions are never
// used twice, so neither is a name: a process that stopped for hours between two steps finds its source gone and loses.
// (To rename onto a fixed name would be no compare-and-swap: it succeeds for everyone. With numbered versions published
// by link, a number that was cleaned up could be taken again.) The folder itself is made under another name, with its
// first head in it, which no version names, and then renamed. That rename fails for all but one, because the folder is
// never empty.
//
// kill -9 at any byte: before the rename nothing has happened, except that a value may be left that no head names; after
// the rename everything has happened. Nothing is locked, so nothing can stay locked. Such values are removed an hour
// later. If the writer of one still lives, its head names nothing. That counts as no record, and the next swap goes on.
//
// There is no `now`: the machine's clock is one that the caller has, too.
import { createHash } from "node:crypto";
import { constants, type FSWatcher, watch as watchFolder } from "node:fs";
import { mkdir, mkdtemp, open, readdir, rename, rm, stat, unlink, utimes, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { StoredRecord, TokenStore } from "daraja-auth";
import { invalidOption, kindOf } from "./invalid-option.ts";

/** A version is part of a file's name. */
const VERSION = /^[\w-]{1,128}$/;
const STRAY_AFTER_MS = 3_600_000;
/** A listing that is made while a head is renamed may miss it. This many listings in a row do not. */
const MAX_LISTINGS = 1000;
/** No record comes near it. */
const MAX_BYTES = 1_048_576;
/** A local disk answers within milliseconds. A mount that has hung for so long is not asked again. */
const HUNG_AFTER_MS = 10_000;

/**
 * A store for the processes of one machine: pm2, cluster, cron, the command line. For Node, Deno and Bun.
 *
 * `path` is a folder on a local disk that is the store's own; it is made when it is first needed, readable by its owner
 * only. A process that is killed, at whatever moment, leaves no lock and no half-written record. Network file systems are
 * not for this, and neither is a folder that several machines or users share.
 *
 * @throws {DarajaError} `ERR_DARAJA_INVALID_OPTION`, when that is no path.
 *
 * @example
 * ```js
 * import { TokenManager } from "daraja-auth";
 * import { fileStore } from "daraja-auth/file";
 *
 * const tokens = new TokenManager({ consumerKey, consumerSecret, store: fileStore("/var/lib/shop/daraja-tokens") });
 * ```
 */
export function fileStore(path: string): TokenStore {
  if (typeof path !== "string" || path === "" || path.includes("\0")) {
    const found = path === "" ? "an empty string" : kindOf(path);
    throw invalidOption(`path: expected the path of a folder, found ${found}`, "It is made when it is first needed.");
  }
  const root = resolve(path);
  const folderOf = (key: string) => join(root, createHash("sha256").update(key).digest("hex").slice(0, 32));
  const turns = new Turns(root);
  let isSwept = false;

  async function swap(folder: string, expected: string | null, { version, value }: StoredRecord, ttlMs: number) {
    let { head, names, record } = await contentsOf(root, folder);
    if ((record?.version ?? null) !== expected) return { swapped: false };
    if (head === null) await rename(folder, join(root, `new-${version}`)).catch(unlessGone);
    if (head === undefined || head === null) {
      await make(root, folder);
      head = "";
    }
    const written = join(folder, `value.${version}`);
    const next = join(folder, `head.${version}`);
    try {
      await write(written, JSON.stringify({ value, expiresAt: Date.now() + ttlMs }));
      await rename(join(folder, `head.${head}`), next);
    } catch (error) {
      const code = codeOf(error);
      if (code !== "EEXIST") await unlink(written).catch(unlessGone);
      if (code !== "ENOENT") throw error;
      return { swapped: false };
    }
    // It is done; what follows is housekeeping. A renamed file keeps its age, and what deletes old files would find it.
    const now = new Date();
    await utimes(next, now, now).catch(() => {});
    if (head !== "") await unlink(join(folder, `value.${head}`)).catch(() => {});
    await sweep(folder, names, head);
    if (!isSwept) await sweepUnfinished(root);
    isSwept = true;
    return { swapped: true };
  }

  return {
    load(key) {
      return turns.next(async () => ({ record: (await contentsOf(root, folderOf(key))).record }));
    },

    async compareAndSwap(key, expected, next, { ttlMs }) {
      if (!VERSION.test(next.version))
        throw invalidOption("version: expected letters, digits, - and _, found others", "Use hex digits.");
      return turns.next(() => swap(folderOf(key), expected, next, ttlMs));
    },

    watch(key, wake) {
      let watcher: FSWatcher | undefined;
      let isOver = false;
      function start() {
        if (isOver) return;
        watcher = watchFolder(folderOf(key), { persistent: false }, () => wake());
        watcher.on("error", () => {});
        // The record may have changed before the watch began.
        wake();
      }
      // On a file system that hangs, fs.watch would stop the whole process. Without a folder there is nothing to watch.
      turns
        .next(() => stat(folderOf(key)))
        .then(start, () => {})
        .catch(() => {});
      return () => {
        isOver = true;
        watcher?.close();
      };
    },
  };
}

/** What a folder holds. */
interface Contents {
  /** The current version: empty before the first one, undefined without a folder, null if something deleted its file. */
  readonly head: string | null | undefined;
  readonly names: readonly string[];
  readonly record: StoredRecord | null;
}

/**
 * Lets one operation follow the other. On a file system that hangs, each operation takes one of the four threads that Node
 * has for files and host names, and never gives it back.
 */
class Turns {
  readonly #root: string;
  #last: Promise<unknown> = Promise.resolve();
  #begunAt: number | undefined;

  constructor(root: string) {
    this.#root = root;
  }

  async next<T>(operation: () => Promise<T>): Promise<T> {
    if (this.#begunAt !== undefined && performance.now() - this.#begunAt > HUNG_AFTER_MS) {
      throw new Error(`${this.#root} has not answered for ${HUNG_AFTER_MS} ms: its file system hangs`);
    }
    const turn = this.#last.then(async () => {
      this.#begunAt = performance.now();
      try {
        return await operation();
      } finally {
        this.#begunAt = undefined;
      }
    });
    this.#last = turn.catch(() => {});
    return turn;
  }
}

async function contentsOf(root: string, folder: string): Promise<Contents> {
  await refuseOpenFolder(root);
  await refuseOpenFolder(folder);
  let orphan: string | undefined;
  for (let listing = 0; listing < MAX_LISTINGS; listing++) {
    const names = await readdir(folder).catch(unlessGone);
    if (names === undefined) return { head: undefined, names: [], record: null };
    const heads = names.filter((name) => name.startsWith("head."));
    // None or two: the head was renamed in the midst of the listing.
    const [only] = heads;
    if (only === undefined || heads.length > 1) continue;
    const head = only.slice("head.".length);
    if (head === "") return { head, names, record: null };
    const text = await read(join(folder, `value.${head}`)).catch(unlessGone);
    if (text !== undefined) return { head, names, record: recordOf(head, text) };
    // Its successor has removed it, and another head will be found; or it is lost, and the head is the same again.
    if (orphan === head) return { head, names, record: null };
    orphan = head;
  }
  // Something that deletes old files has been here. The next swap makes a new folder.
  return { head: null, names: [], record: null };
}

/** Throws for a folder that every user of the machine may write to: any of them could put a token of their own there. */
async function refuseOpenFolder(path: string): Promise<void> {
  // Windows has no such bits, and Node shows them as set.
  if (process.platform === "win32") return;
  const found = await stat(path).catch(unlessGone);
  if (found && (found.mode & 0o002) !== 0) {
    throw new Error(`${path} may be written by every user of this machine: use a folder of your own (chmod 700)`);
  }
}

/** Reads a regular file, and opens no other kind so that it waits: a pipe without a writer never answers. */
async function read(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const found = await file.stat();
    if (!found.isFile()) throw new Error(`${path} is no regular file: remove it`);
    if (found.size > MAX_BYTES) throw new Error(`${path} has over ${MAX_BYTES} bytes and is no record: remove it`);
    return await file.readFile("utf8");
  } finally {
    await file.close();
  }
}

/** Gives null for a record that has expired, or of which the machine lost a part with its power. */
function recordOf(version: string, text: string): StoredRecord | null {
  try {
    const { value, expiresAt } = JSON.parse(text);
    return expiresAt > Date.now() ? { version, value } : null;
  } catch {
    return null;
  }
}

async function make(root: string, folder: string): Promise<void> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  const beside = await mkdtemp(join(root, "new-"));
  await writeFile(join(beside, "head."), "", { mode: 0o600 });
  await rename(beside, folder).catch(async (error) => {
    await rm(beside, { recursive: true });
    // If the folder is there, another process was first. The error's code for that depends on the system.
    await stat(folder).catch(() => {
      throw error;
    });
  });
}

async function write(path: string, text: string): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Removes the values of processes that ended just before or after their rename. */
async function sweep(folder: string, names: readonly string[], head: string): Promise<void> {
  for (const name of names) {
    if (!name.startsWith("value.") || name === `value.${head}`) continue;
    const found = await stat(join(folder, name)).catch(() => undefined);
    if (found && found.mtimeMs < Date.now() - STRAY_AFTER_MS) await unlink(join(folder, name)).catch(() => {});
  }
}

/** Removes the folders of processes that ended while they made one. */
async function sweepUnfinished(root: string): Promise<void> {
  for (const name of await readdir(root).catch(() => [])) {
    if (!name.startsWith("new-")) continue;
    const found = await stat(join(root, name)).catch(() => undefined);
    if (!found || found.mtimeMs >= Date.now() - STRAY_AFTER_MS) continue;
    await rm(join(root, name), { recursive: true, force: true }).catch(() => {});
  }
}

function codeOf(error: unknown): unknown {
  return (error as NodeJS.ErrnoException).code;
}

/** Ignores the error of a file that is not there. */
function unlessGone(error: unknown): undefined {
  if (codeOf(error) !== "ENOENT") throw error;
  return undefined;
}
