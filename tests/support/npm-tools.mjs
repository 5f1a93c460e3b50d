// The tools of users, such as bundlers, that the tests run with the package. They are among the tests' npm packages.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const places = createRequire(import.meta.url).resolve.paths("tool");

/**
 * A tool's version and the path of its program. They are read from its folder: some tools do not export package.json.
 */
export function tool(name) {
  const folder = places.map((place) => join(place, name)).find(existsSync);
  const { bin, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return { name, version, path: bin && join(folder, bin[name] ?? bin) };
}
