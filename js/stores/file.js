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
// used twice, so neither is a name: one that was stopped for hours between two steps finds its source gone and loses.
// (To rename onto a fixed name would be no compare-and-swap: it succeeds for everyone. With numbered versions published
// by link, a number that was cleaned up could be taken again.) The folder itself is made beside and renamed to its
// place, with its first head in it, which no version names; that fails for all but one, since it is never empty.
//
// kill -9 at any byte: before the rename nothing has happened, but a value that no head names may be left; after it
// everything has. Nothing is locked, so nothing can stay locked. Strays are removed an hour later. Should one be removed
// whose writer lives after all, its head names nothing, which counts as no record, and the next swap goes on from there.
//
// There is no `now`: the machine's clock is one that the caller has, too.
import { createHash } from "node:crypto";
import { watch as watchFolder } from "node:fs";
import { mkdir, mkdtemp, open, readdir, readFile, rename, rm, stat, unlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { kindOf, refusal } from "./refusal.js";

/** A version is part of a file's name. */
const VERSION = /^[\w-]{1,128}$/;
const STRAY_AFTER_MS = 3_600_000;
/** A listing that is made while a head is renamed may miss it; so many in a row may not. */
const MAX_LISTINGS = 1000;

export function fileStore(path) {
  if (typeof path !== "string" || path === "" || path.includes("\0")) {
    const found = path === "" ? "an empty string" : kindOf(path);
    throw refusal(`path: expected the path of a folder, found ${found}`, "It is made when it is first needed.");
  }
  const root = resolve(path);
  const folderOf = (key) => join(root, createHash("sha256").update(key).digest("hex").slice(0, 32));

  return {
    async load(key) {
      const { record } = await look(folderOf(key));
      return { record };
    },

    async compareAndSwap(key, expected, { version, value }, { ttlMs }) {
      if (!VERSION.test(version))
        throw refusal("version: expected letters, digits, - and _, found others", "Use hex digits.");
      const folder = folderOf(key);
      let { head, names, record } = await look(folder);
      if ((record?.version ?? null) !== expected) return { swapped: false };
      if (head === undefined) {
        await make(root, folder);
        head = "";
      }
      const written = join(folder, `value.${version}`);
      try {
        await write(written, JSON.stringify({ value, expiresAt: Date.now() + ttlMs }));
        await rename(join(folder, `head.${head}`), join(folder, `head.${version}`));
      } catch (error) {
        if (error.code !== "EEXIST") await unlink(written).catch(unlessGone);
        if (error.code !== "ENOENT") throw error;
        return { swapped: false };
      }
      // It is done; what follows is housekeeping.
      if (head !== "") await unlink(join(folder, `value.${head}`)).catch(() => {});
      await sweep(folder, names, head);
      return { swapped: true };
    },

    watch(key, wake) {
      let watcher;
      try {
        watcher = watchFolder(folderOf(key), { persistent: false }, () => wake());
        watcher.on("error", () => {});
      } catch {
        // No folder yet, or no watching here.
      }
      return () => watcher?.close();
    },
  };
}

/** The current version, "" where there was none yet, undefined without a folder; its record; and all names. */
async function look(folder) {
  let orphan;
  for (let listing = 0; listing < MAX_LISTINGS; listing++) {
    const names = await readdir(folder).catch(unlessGone);
    if (names === undefined) return { head: undefined, names: [], record: null };
    const heads = names.filter((name) => name.startsWith("head."));
    // None or two: the head was renamed in the midst of the listing.
    if (heads.length !== 1) continue;
    const head = heads[0].slice("head.".length);
    if (head === "") return { head, names, record: null };
    const text = await readFile(join(folder, `value.${head}`), "utf8").catch(unlessGone);
    if (text !== undefined) return { head, names, record: recordOf(head, text) };
    // Its successor has removed it, and another head will be found; or it is lost, and the head is the same again.
    if (orphan === head) return { head, names, record: null };
    orphan = head;
  }
  throw new Error(`${folder} holds no head and is no store any more: remove it`);
}

/** Without a record where it has expired, or where the machine lost power before all of it was on the disk. */
function recordOf(version, text) {
  try {
    const { value, expiresAt } = JSON.parse(text);
    return expiresAt > Date.now() ? { version, value } : null;
  } catch {
    return null;
  }
}

async function make(root, folder) {
  await mkdir(root, { recursive: true, mode: 0o700 });
  const beside = await mkdtemp(join(root, "new-"));
  await writeFile(join(beside, "head."), "", { mode: 0o600 });
  await rename(beside, folder).catch(async (error) => {
    await rm(beside, { recursive: true });
    // Where it is there, another was first, in whatever words this system says so.
    await stat(folder).catch(() => {
      throw error;
    });
  });
}

async function write(path, text) {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Removes the values that processes left which ended before their rename, or after it. */
async function sweep(folder, names, head) {
  for (const name of names) {
    if (!name.startsWith("value.") || name === `value.${head}`) continue;
    const { mtimeMs } = (await stat(join(folder, name)).catch(() => {})) ?? {};
    if (mtimeMs < Date.now() - STRAY_AFTER_MS) await unlink(join(folder, name)).catch(() => {});
  }
}

function unlessGone(error) {
  if (error.code !== "ENOENT") throw error;
}
