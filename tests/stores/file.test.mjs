import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import promises, { chmod, mkdir, mkdtemp, readdir, rm, stat, unlink, utimes, writeFile } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { fileStore, keepsTheContract, NO_CLOCK, NO_NETWORK, next, rejection } from "./contract.mjs";

const ttl = { ttlMs: 60_000 };
const program = fileURLToPath(new URL("engines/file-writer.mjs", import.meta.url));

describe("fileStore", () => {
  let home;
  before(async () => {
    home = await mkdtemp(join(tmpdir(), "daraja-file-"));
  });
  after(() => rm(home, { recursive: true }));

  describe("two stores on one folder", () => {
    keepsTheContract(() => fileStore(join(home, "contract")), [NO_CLOCK, ...NO_NETWORK]);
  });

  /** A store with one record, and the folder of its key. */
  async function written(name) {
    const store = fileStore(join(home, name));
    const first = next("first");
    await store.compareAndSwap("key", null, first, ttl);
    const [folder] = await readdir(join(home, name));
    return { store, first, folder: join(home, name, folder) };
  }

  test("writers that are killed at any moment lose no swap, leave no half record and block no writer", async () => {
    const path = join(home, "killed");
    const acknowledged = {};
    for (let round = 0; round < 10; round++) {
      await Promise.all(
        [0, 1, 2, 3].map(async (seat) => {
          const name = `${round}-${seat}`;
          // In the first round writers are killed soon after their start, and later after some swaps.
          acknowledged[name] = await killedAfter(round === 0 ? 0 : 1 + 3 * seat, { path, key: "key", name });
        }),
      );
    }
    const store = fileStore(path);
    const { record } = await store.load("key");
    const counts = JSON.parse(record.value);
    for (const [name, told] of Object.entries(acknowledged)) {
      const made = counts[name] ?? 0;
      // The last swap may have succeeded although the writer was killed before it could print it.
      assert.ok(made === told || made === told + 1, `${name} was told of ${told} swaps and made ${made}`);
    }
    assert.equal((await store.compareAndSwap("key", record.version, next("after"), ttl)).swapped, true);
  });

  test("no other user may read a token: folders have the mode 0700, files 0600", async () => {
    const { folder } = await written("modes");
    const mode = async (path) => ((await stat(path)).mode & 0o777).toString(8);
    assert.deepEqual([await mode(join(folder, "..")), await mode(folder)], ["700", "700"]);
    for (const name of await readdir(folder)) assert.equal(await mode(join(folder, name)), "600", name);
  });

  test("a load makes no folder", async () => {
    assert.deepEqual(await fileStore(join(home, "untouched")).load("key"), { record: null });
    assert.equal(existsSync(join(home, "untouched")), false);
  });

  test("after a swap that succeeded, and after one that failed, there is one head and one value", async () => {
    const { store, first, folder } = await written("tidy");
    const second = next("second");
    await store.compareAndSwap("key", first.version, second, ttl);
    await Promise.all(Array.from({ length: 20 }, () => store.compareAndSwap("key", first.version, next(""), ttl)));
    assert.deepEqual((await readdir(folder)).sort(), [`head.${second.version}`, `value.${second.version}`]);
  });

  test("a swap removes the files of killed writers that are over an hour old", async () => {
    const { store, first, folder } = await written("strays");
    const hourAgo = new Date(Date.now() - 3_600_001);
    for (const name of ["value.old", "value.young"]) await writeFile(join(folder, name), "{");
    await utimes(join(folder, "value.old"), hourAgo, hourAgo);
    const second = next("second");
    await store.compareAndSwap("key", first.version, second, ttl);
    assert.deepEqual((await readdir(folder)).sort(), [
      `head.${second.version}`,
      `value.${second.version}`,
      "value.young",
    ]);
  });

  for (const [what, damage] of [
    ["lost", (path) => unlink(path)],
    ["torn", (path) => writeFile(path, '{"value":"fir')],
    ["emptied", (path) => writeFile(path, "")],
  ]) {
    test(`a value that a power failure has ${what} counts as no record, and the next swap repairs it`, async () => {
      const { store, first, folder } = await written(`damaged-${what}`);
      await damage(join(folder, `value.${first.version}`));
      assert.deepEqual(await store.load("key"), { record: null });
      const second = next("second");
      assert.equal((await store.compareAndSwap("key", first.version, second, ttl)).swapped, false);
      assert.equal((await store.compareAndSwap("key", null, second, ttl)).swapped, true);
      assert.deepEqual(await store.load("key"), { record: second });
    });
  }

  test("a value that is not a regular file, or is too long, is an error and blocks no thread", async () => {
    for (const [what, put] of Object.entries({
      "a pipe without a writer": (path) => execFileSync("mkfifo", [path]),
      "a folder": (path) => mkdir(path),
      "a file of two megabytes": (path) => writeFile(path, "x".repeat(2_097_152)),
    })) {
      const { store, first, folder } = await written(what);
      const path = join(folder, `value.${first.version}`);
      await unlink(path);
      await put(path);
      for (let look = 0; look < 8; look++) {
        const error = await rejection(store.load("key"));
        assert.ok(error.message.startsWith(path), error.message);
        assert.match(error.message, / (is no regular file|has over 1048576 bytes and is no record): remove it$/);
      }
    }
  });

  test("a folder to which every user may write is refused", async () => {
    const { store, first, folder } = await written("open");
    for (const path of [folder, join(folder, "..")]) {
      await chmod(path, 0o777);
      const message = `${path} may be written by every user of this machine: use a folder of your own (chmod 700)`;
      await assert.rejects(store.load("key"), { message });
      await assert.rejects(store.compareAndSwap("key", first.version, next("second"), ttl), { message });
      await chmod(path, 0o700);
    }
    assert.equal((await store.load("key")).record.version, first.version);
  });

  test("the first swap of a store removes unfinished folders that are over an hour old", async () => {
    const { first, folder } = await written("unfinished");
    const root = join(folder, "..");
    for (const name of ["new-old", "new-young"]) {
      await mkdir(join(root, name));
      await writeFile(join(root, name, "head."), "");
    }
    const anHourAgo = new Date(Date.now() - 3_601_000);
    await utimes(join(root, "new-old"), anHourAgo, anHourAgo);
    await fileStore(root).compareAndSwap("key", first.version, next("second"), ttl);
    assert.deepEqual(
      (await readdir(root)).filter((name) => name.startsWith("new-")),
      ["new-young"],
    );
  });

  test("a folder that was removed is made again", async () => {
    const { store, first, folder } = await written("removed");
    await rm(join(folder, ".."), { recursive: true });
    assert.equal((await store.compareAndSwap("key", first.version, next(""), ttl)).swapped, false);
    assert.equal((await store.compareAndSwap("key", null, next(""), ttl)).swapped, true);
  });

  for (const [what, isGone] of [
    ["its head", (name) => name.startsWith("head.")],
    ["its value", (name) => name.startsWith("value.")],
    ["all of its files", () => true],
  ]) {
    test(`a folder from which a cleaner removed ${what} has no record, and the next swap succeeds`, async () => {
      const { store, first, folder } = await written(`cleaned-${what}`);
      for (const name of await readdir(folder)) if (isGone(name)) await unlink(join(folder, name));
      assert.deepEqual(await store.load("key"), { record: null });
      assert.equal((await store.compareAndSwap("key", first.version, next(""), ttl)).swapped, false);
      const second = next("second");
      assert.equal((await store.compareAndSwap("key", null, second, ttl)).swapped, true);
      assert.deepEqual(await fileStore(join(folder, "..")).load("key"), { record: second });
    });
  }

  test("if many stores find a folder without a head, at least one of them swaps", async () => {
    const { folder } = await written("raced");
    for (const name of await readdir(folder)) await unlink(join(folder, name));
    const stores = Array.from({ length: 8 }, () => fileStore(join(folder, "..")));
    const swaps = await Promise.all(stores.map((store) => store.compareAndSwap("key", null, next(""), ttl)));
    assert.ok(swaps.some(({ swapped }) => swapped));
    assert.notEqual((await stores[0].load("key")).record, null);
  });

  test("each swap gives the head the present time, so that no cleaner removes it as an old file", async () => {
    const { store, first, folder } = await written("aged");
    const old = new Date(Date.now() - 8 * 86_400_000);
    await utimes(join(folder, `head.${first.version}`), old, old);
    const second = next("second");
    await store.compareAndSwap("key", first.version, second, ttl);
    assert.ok((await stat(join(folder, `head.${second.version}`))).mtimeMs > Date.now() - 86_400_000);
  });

  for (const operation of ["readdir", "open", "rename", "stat"]) {
    test(`if ${operation} hangs, the file system is called once, and calls that begin 10 seconds later fail`, async (t) => {
      const { store, first, folder } = await written(`hung-${operation}`);
      let now = performance.now();
      t.mock.method(performance, "now", () => now);
      let asked = 0;
      const hang = () => {
        asked += 1;
        return new Promise(() => {});
      };
      const original = promises[operation];
      promises[operation] = hang;
      syncBuiltinESMExports();
      t.after(() => {
        promises[operation] = original;
        syncBuiltinESMExports();
      });
      store.compareAndSwap("key", first.version, next(""), ttl);
      store.load("key");
      store.watch("key", () => {});
      while (asked === 0) await new Promise(setImmediate);
      now += 10_001;
      const message = `${join(folder, "..")} has not answered for 10000 ms: its file system hangs`;
      for (const call of [() => store.load("key"), () => store.compareAndSwap("key", null, next(""), ttl)]) {
        assert.equal((await rejection(call())).message, message);
      }
      assert.equal(asked, 1);
    });
  }

  test("values on Object.prototype do not change how files are written", async (t) => {
    for (const name of ["mode", "flag", "flush", "recursive", "encoding"]) {
      t.after(() => delete Object.prototype[name]);
      Object.prototype[name] = "evil";
    }
    const { store, first } = await written("polluted");
    assert.equal((await store.load("key")).record.value, first.value);
  });

  test("a path at which no file can be written is an error", async () => {
    await writeFile(join(home, "file"), "");
    assert.equal((await rejection(fileStore(join(home, "file")).load("key"))).code, "ENOTDIR");
    await mkdir(join(home, "taken"));
    const store = fileStore(join(home, "taken", "x".repeat(300)));
    assert.equal((await rejection(store.compareAndSwap("key", null, next(""), ttl))).code, "ENAMETOOLONG");
  });

  test("an argument that is not a path, and a version that cannot be part of a file's name, are refused", async () => {
    const code = "ERR_DARAJA_INVALID_OPTION";
    assert.throws(() => fileStore(7), { code, message: "path: expected the path of a folder, found a number" });
    assert.throws(() => fileStore(""), { code, message: "path: expected the path of a folder, found an empty string" });
    const swap = fileStore(join(home, "versions")).compareAndSwap("key", null, { version: "../x", value: "" }, ttl);
    const { message } = await rejection(swap);
    assert.equal(message, "version: expected letters, digits, - and _, found others");
  });
});

/** Starts a writer and kills it at a random moment after that many swaps. Gives how many swaps it has printed. */
async function killedAfter(swaps, settings) {
  const child = spawn(process.execPath, [program, JSON.stringify(settings)], { stdio: ["ignore", "pipe", "inherit"] });
  let told = "";
  let isDoomed = false;
  const count = () => told.split("swapped\n").length - 1;
  child.stdout.setEncoding("utf8").on("data", (text) => {
    told += text;
    if (isDoomed || !told.startsWith("ready\n") || count() < swaps) return;
    isDoomed = true;
    setTimeout(() => child.kill("SIGKILL"), Math.random() * 8);
  });
  const [code, signal] = await new Promise((resolve) => child.once("close", (...end) => resolve(end)));
  assert.deepEqual([code, signal], [null, "SIGKILL"]);
  return count();
}
