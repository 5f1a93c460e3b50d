// A store in a folder of this machine.
import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { fileStore } from "../../pkg/file.js";
import { UsageError } from "../failure.js";

export function open(name, value) {
  const path = pathOf(name, value);
  const { load, compareAndSwap } = fileStore(path);
  return {
    label: `file:${path}`,
    close() {},
    store: {
      load,
      async compareAndSwap(/** @type {Parameters<typeof compareAndSwap>} */ ...args) {
        await refuseAnotherUsers(path);
        return compareAndSwap(...args);
      },
    },
  };
}

/** If another user writes the file, the servers cannot read it, and lose their token. */
async function refuseAnotherUsers(path) {
  const own = process.getuid?.();
  if (own === undefined) return;
  // Root must not make the folder either: the servers could not write to it.
  const owner = (await ownerOf(path)) ?? (own === 0 ? await ownerOf(dirname(resolve(path))) : own);
  if (owner === own || owner === undefined) return;
  throw new Error(`${path} is for user ${owner}, so nothing was written: run the command as that user`);
}

async function ownerOf(path) {
  try {
    return (await stat(path)).uid;
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
    return undefined;
  }
}

/** With two slashes after `file:` it is a URL. Else the rest is the path. */
function pathOf(name, value) {
  const path = value.slice("file:".length);
  const hint = "For example file:/var/lib/shop/tokens or file:tokens. After two slashes a host would follow.";
  if (path === "") throw new UsageError(`${name}: expected a folder after file:, found nothing`, hint);
  if (!path.startsWith("//")) return path;
  try {
    return fileURLToPath(value);
  } catch {
    throw new UsageError(`${name}: expected a folder of this machine after file:, found something else`, hint);
  }
}
