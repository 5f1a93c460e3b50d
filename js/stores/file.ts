// The store for one machine: several processes share a folder on a local disk.
//
// Each key has a folder. It contains one head, which is an empty file whose NAME gives the current version, and one
// file for each version's value:
//
//   head.<version>    exactly one, at every moment
//   value.<version>   written and synced before any head can name it, never changed after
//
// A swap writes its value and then renames `head.<expected>` to `head.<next>`. A rename removes its source. So it
// succeeds for exactly one of the processes that expect the same version, and the others find no such file. No version
// is used twice, so no name is used twice: a process that stopped for hours between two steps finds no source, and
// loses. (A rename to a fixed name is not a compare-and-swap, because it succeeds for every process. Nor is a link
// whose name is a number that counts up, because a number could be used again after a cleanup.) The folder is made
// under a temporary name, with a first head that names no version, and then renamed. That rename succeeds for only one
// process, because the folder is never empty.
//
// kill -9 at any moment: before the rename nothing has changed, but a value without a head may be left. After the
// rename the swap is complete. There are no locks, so no lock can be left. Values without a head are removed after an
// hour. If the writer of such a value is still alive, its head then names no value. That counts as no record, and the
// next swap works.
//
// The store gives no `now`, because the caller has the machine's clock too.
import { createHash } from "node:crypto";
import {
  constants,
  type FSWatcher,
  type MakeDirectoryOptions,
  type ObjectEncodingOptions,
  watch as watchFolder,
} from "node:fs";
import { mkdir, mkdtemp, open, readdir, rename, rm, stat, unlink, utimes, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { StoredRecord, TokenStore } from "daraja-auth";
import { invalidOption, kindOf } from "./invalid-option.ts";

/** A version is part of a file's name. */
const VERSION = /^[\w-]{1,128}$/;
const STRAY_AFTER_MS = 3_600_000;
/** A listing may miss a head that is renamed at the same time. This many listings in a row do not all miss it. */
const MAX_LISTINGS = 1000;
/** Every record is much shorter. */
const MAX_BYTES = 1_048_576;
/** A local disk answers within milliseconds. If an operation takes longer than this, later ones fail at once. */
const HUNG_AFTER_MS = 10_000;

/**
 * A store for the processes of one machine: pm2, cluster, cron, the command line. For Node, Deno and Bun.
 *
 * `path` is a folder on a local disk, for this store only. It is made when it is first needed. Only its owner can read
 * it. A process that is killed at any moment leaves no lock and no half-written record. Do not use a network file
 * system, or a folder that several machines or users share.
 *
 * @throws {DarajaError} `ERR_DARAJA_INVALID_OPTION`, if the argument is not a path.
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
    // The swap is done, and cleanup follows. A renamed file keeps its old date, so a tool that deletes old files would
    // take it.
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
      // If the file system hangs, fs.watch would block the whole process. Without a folder there is nothing to watch.
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

/** The contents of a folder. */
interface Contents {
  /** The current version. Empty: no version yet. Undefined: no folder. Null: another program has deleted the head. */
  readonly head: string | null | undefined;
  readonly names: readonly string[];
  readonly record: StoredRecord | null;
}

/**
 * Runs one operation after the other. If the file system hangs, an operation blocks one of the four threads that Node
 * has for files and host names. So only one operation may hang.
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
    // There is no head, or there are two: the head was renamed during the listing.
    const [only] = heads;
    if (only === undefined || heads.length > 1) continue;
    const head = only.slice("head.".length);
    if (head === "") return { head, names, record: null };
    const text = await read(join(folder, `value.${head}`)).catch(unlessGone);
    if (text !== undefined) return { head, names, record: recordOf(head, text) };
    // A later swap has removed the value, and the next listing finds another head. Or the value is lost, and the head
    // stays.
    if (orphan === head) return { head, names, record: null };
    orphan = head;
  }
  // A tool that deletes old files has removed the head. The next swap makes a new folder.
  return { head: null, names: [], record: null };
}

/** Throws for a folder that every user of the machine may write to: any user could put a false token there. */
async function refuseOpenFolder(path: string): Promise<void> {
  // Windows has no such permission bits, and Node shows them as set.
  if (process.platform === "win32") return;
  const found = await stat(path).catch(unlessGone);
  if (found && (found.mode & 0o002) !== 0) {
    throw new Error(`${path} may be written by every user of this machine: use a folder of your own (chmod 700)`);
  }
}

/** Reads a regular file. It does not wait when it opens another kind of file: a pipe without a writer never answers. */
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

/** Gives null for an expired record, and for one that lost a part when the machine's power failed. */
function recordOf(version: string, text: string): StoredRecord | null {
  try {
    const { value, expiresAt } = JSON.parse(text);
    return expiresAt > Date.now() ? { version, value } : null;
  } catch {
    return null;
  }
}

async function make(root: string, folder: string): Promise<void> {
  await mkdir(root, { __proto__: null, recursive: true, mode: 0o700 } as MakeDirectoryOptions);
  const beside = await mkdtemp(join(root, "new-"));
  await writeFile(join(beside, "head."), "", { __proto__: null, mode: 0o600 } as ObjectEncodingOptions);
  await rename(beside, folder).catch(async (error) => {
    await rm(beside, { recursive: true });
    // If the folder exists, another process was first. The error's code for this depends on the system.
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

/** Removes values without a head, after an hour. Their processes ended just before or after a rename. */
async function sweep(folder: string, names: readonly string[], head: string): Promise<void> {
  for (const name of names) {
    if (!name.startsWith("value.") || name === `value.${head}`) continue;
    const found = await stat(join(folder, name)).catch(() => undefined);
    if (found && found.mtimeMs < Date.now() - STRAY_AFTER_MS) await unlink(join(folder, name)).catch(() => {});
  }
}

/** Removes temporary folders after an hour. They are left if a process ends while it makes a folder. */
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
