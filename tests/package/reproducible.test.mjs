import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../packed.mjs";

const hashes = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((path) => [path.slice(folder.length + 1), createHash("sha256").update(readFileSync(path)).digest("hex")])
    .sort();

/** A cargo home at another path with the same downloads, since crates' paths reach the module's panic messages. */
function cargoHome(folder) {
  const home = process.env.CARGO_HOME ?? join(homedir(), ".cargo");
  mkdirSync(folder);
  for (const name of ["registry", "git", "config.toml"]) {
    if (existsSync(join(home, name))) symlinkSync(join(home, name), join(folder, name));
  }
  return folder;
}

test("pkg/ is byte for byte what the sources give in another folder, from scratch", { timeout: 600_000 }, (t) => {
  const temporary = mkdtempSync(join(tmpdir(), "daraja-auth-"));
  t.after(() => rmSync(temporary, { recursive: true, force: true }));
  const folder = join(temporary, "a", "deeper", "folder");
  const options = { cwd: root, encoding: "utf8" };
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], options);
  for (const file of listed.split("\0")) {
    if (file && existsSync(join(root, file))) cpSync(join(root, file), join(folder, file));
  }
  for (const name of ["node_modules", ".tools"]) {
    if (existsSync(join(root, name))) symlinkSync(join(root, name), join(folder, name));
  }

  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/build.mjs"], {
    cwd: folder,
    encoding: "utf8",
    env: {
      ...process.env,
      CARGO_HOME: cargoHome(join(temporary, "cargo")),
      CARGO_TARGET_DIR: join(temporary, "target"),
    },
  });
  assert.equal(status, 0, `${stdout}${stderr}`);
  assert.deepEqual(
    hashes(join(folder, "pkg")),
    hashes(join(root, "pkg")),
    "they differ: after `npm run build` too? Then the build depends on where it runs",
  );
});
