// Packs the package as npm would publish it, and makes projects in which it is installed.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { npm, root } from "../../scripts/tools.mjs";

export { root };
/** The tests' scratch folder. git ignores it. Files in it can import the npm packages of the tests. */
export const work = join(root, "tests", ".work");

let tarball = process.env.DARAJA_TARBALL;

/** The path of the tarball. `npm test` packs it once for all test files. Without `npm test` each file packs its own. */
export function packed() {
  if (!tarball) {
    const folder = join(work, `pack-${process.pid}`);
    mkdirSync(folder, { recursive: true });
    execFileSync(...npm("pack", "--silent", "--ignore-scripts", "--pack-destination", folder), { cwd: root });
    tarball = join(
      folder,
      readdirSync(folder).find((name) => name.endsWith(".tgz")),
    );
  }
  return tarball;
}

/** Makes a new folder, tests/.work/<name>, with the given files and the packed package in its node_modules. */
export function project(name, files = {}) {
  const folder = join(work, name);
  rmSync(folder, { recursive: true, force: true });
  const modules = join(folder, "node_modules", "daraja-auth");
  mkdirSync(modules, { recursive: true });
  execFileSync("tar", ["-xzf", packed(), "-C", modules, "--strip-components=1"]);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), typeof text === "string" ? text : JSON.stringify(text));
  }
  return folder;
}
