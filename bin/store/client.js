// Loads the database client of the project, because the package contains none.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { UsageError } from "../failure.js";

/**
 * Loads the first of these npm packages that a project has. Returns its name, its file, and its exports. The projects
 * are those around `starts`.
 *
 * Node would look in the node_modules of every parent folder. Another user may have put a package there, in /tmp for
 * example, and it would get the store's password.
 *
 * @param {string} engine
 * @param {string[]} names
 * @param {string[]} starts
 * @returns {{ name: string, file: string, exported: any }}
 */
export function clientOf(engine, names, starts) {
  const found = starts
    .flatMap(foldersOf)
    .flatMap((folder) => names.map((name) => ({ name, folder })))
    .find(({ name, folder }) => existsSync(join(folder, "node_modules", name)) || isPlugAndPlay(folder, name));
  if (!found) {
    const hint = `Run it where your program has one, or install one here: npm install ${names[0]}.`;
    throw new UsageError(`DARAJA_STORE: no client for ${engine} is installed here: ${names.join(" or ")}`, hint);
  }
  const { name, folder } = found;
  const require = createRequire(join(folder, "any.js"));
  try {
    return { name, file: require.resolve(name), exported: require(name) };
  } catch (error) {
    const hint = `It was found in ${folder}. If your program cannot load it either: npm install ${name}@latest.`;
    throw new UsageError(
      `DARAJA_STORE: ${name} cannot be loaded (${/** @type {NodeJS.ErrnoException} */ (error).code})`,
      hint,
    );
  }
}

/**
 * The folders whose packages belong to the project: up to that of its package.json, and up to the workspace's root.
 *
 * @param {string} start
 */
function foldersOf(start) {
  const parents = [start];
  while (dirname(parents[0]) !== parents[0]) parents.unshift(dirname(parents[0]));
  parents.reverse();
  const project = parents.findIndex((folder) => existsSync(join(folder, "package.json")));
  const workspace = parents.findIndex((folder, i) => i > project && project !== -1 && isWorkspace(folder));
  return parents.slice(0, Math.max(0, project, workspace) + 1);
}

/** @param {string} folder */
function isWorkspace(folder) {
  if (existsSync(join(folder, "pnpm-workspace.yaml"))) return true;
  try {
    return Object.hasOwn(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")), "workspaces");
  } catch {
    return false;
  }
}

/**
 * Whether Yarn's Plug'n'Play, which has no node_modules, finds this package.
 *
 * @param {string} folder
 * @param {string} name
 */
function isPlugAndPlay(folder, name) {
  if (!process.versions.pnp) return false;
  try {
    createRequire(join(folder, "any.js")).resolve(name);
    return true;
  } catch {
    return false;
  }
}
