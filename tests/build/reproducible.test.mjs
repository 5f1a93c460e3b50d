// Builds the same sources again: in another folder, with other homes, and by another user if possible.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { test } from "node:test";
import { env as tools } from "../../scripts/tools.mjs";
import { root } from "../support/packed.mjs";

/** Debian's user `nobody`, which has no rights. */
const NOBODY = 65534;
const asNobody = ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"];

const hashes = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((path) => [path.slice(folder.length + 1), createHash("sha256").update(readFileSync(path)).digest("hex")])
    .sort();

/** Copies a large folder, with hard links if possible: the build adds files to the folder, but changes none. */
function link(from, to) {
  mkdirSync(join(to, ".."), { recursive: true });
  if (spawnSync("cp", ["-al", from, to]).status === 0) return;
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true, verbatimSymlinks: true });
}

/** Copies the project's sources as they would be committed now. */
function copyProject(folder) {
  const options = { cwd: root, encoding: "utf8" };
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], options);
  for (const file of listed.split("\0")) {
    if (file && !file.startsWith("pkg/") && existsSync(join(root, file))) cpSync(join(root, file), join(folder, file));
  }
  for (const name of ["node_modules", ".tools"]) symlinkSync(join(root, name), join(folder, name));
}

/** Copies the homes of cargo and rustup, whose paths are in panic messages. Gives the variables that name the copies. */
function copyHomes(folder) {
  const homes = { CARGO_HOME: join(folder, "cargo"), RUSTUP_HOME: join(folder, "rustup") };
  const cargo = process.env.CARGO_HOME ?? join(homedir(), ".cargo");
  for (const part of ["bin", "registry", "git", "config.toml"]) {
    if (existsSync(join(cargo, part))) link(join(cargo, part), join(homes.CARGO_HOME, part));
  }
  const sysroot = execFileSync("rustc", ["--print", "sysroot"], { cwd: root, encoding: "utf8" }).trim();
  // A toolchain may be a link to another toolchain.
  link(realpathSync(sysroot), join(homes.RUSTUP_HOME, "toolchains", basename(sysroot)));
  return homes;
}

test("a build from scratch in another place gives pkg/ byte for byte, and wasm-pack build works beside it", {
  timeout: 900_000,
}, (t) => {
  const temporary = mkdtempSync(join(tmpdir(), "daraja-auth-"));
  t.after(() => rmSync(temporary, { recursive: true, force: true }));
  const folder = join(temporary, "a", "deeper", "folder");
  copyProject(folder);
  const homes = copyHomes(temporary);
  const isOther =
    process.getuid() === 0 && spawnSync(asNobody[0], [...asNobody.slice(1), "test", "-r", root]).status === 0;
  if (isOther) {
    // The linked files keep their owner. The folders belong to the other user, who adds files to them.
    execFileSync("find", [temporary, "-type", "d", "-exec", "chown", "-h", `${NOBODY}`, "{}", "+"]);
    execFileSync("chown", ["-hR", `${NOBODY}`, folder]);
  }
  t.diagnostic(isOther ? "built by another user" : "built by the same user under another name");

  const env = {
    ...process.env,
    ...homes,
    CARGO_TARGET_DIR: join(temporary, "target"),
    HOME: temporary,
    LOGNAME: "somebody-else",
    PATH: [join(homes.CARGO_HOME, "bin"), tools.PATH].join(delimiter),
    USER: "somebody-else",
  };
  const run = (...command) => {
    const [program, ...args] = [...(isOther ? asNobody : []), ...command];
    const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: "utf8", env });
    assert.equal(status, 0, `${stdout}${stderr}`);
  };
  run(process.execPath, "scripts/build.mjs");
  assert.deepEqual(
    hashes(join(folder, "pkg")),
    hashes(join(root, "pkg")),
    "they differ: after `npm run build` too? Then the build depends on where it runs",
  );
  run("wasm-pack", "build", "--mode", "no-install");
});
