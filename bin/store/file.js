// A store in a folder of this machine.
import { stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { fileStore } from "../../pkg/file.js";
import { Misuse } from "../failure.js";

export function open(name, value) {
  const path = pathOf(name, value);
  const { load, compareAndSwap } = fileStore(path);
  return {
    label: `file:${path}`,
    close() {},
    store: {
      load,
      async compareAndSwap(...args) {
        await refuseAnotherUsers(path);
        return compareAndSwap(...args);
      },
    },
  };
}

/** What root writes there the servers cannot read, and their token would be lost to them. */
async function refuseAnotherUsers(path) {
  const { uid } = await stat(path).catch(({ code }) => {
    if (code !== "ENOENT") throw new Error(`${path}: ${code}`);
    return {};
  });
  const own = process.getuid?.();
  if (uid === undefined || own === undefined || uid === own) return;
  throw new Error(`${path} is another user's (uid ${uid}), and nothing was written: run the command as that user`);
}

/** A URL with slashes is one; without, the path stands there as it is, from the folder that the person is in. */
function pathOf(name, value) {
  const path = value.slice("file:".length);
  const hint = "file:/var/lib/shop/tokens or file:tokens; after two slashes there would be a host.";
  if (path === "") throw new Misuse(`${name}: expected a folder after file:, found nothing`, hint);
  if (!path.startsWith("//")) return path;
  try {
    return fileURLToPath(value);
  } catch {
    throw new Misuse(`${name}: expected a folder of this machine after file:, found something else`, hint);
  }
}
