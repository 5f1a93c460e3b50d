// One hash of the sources of pkg/. The build writes it into pkg/, and npm start, npm test and npm run fuzz compare it.
// They cannot compare the times of files, because a clone sets them.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { root } from "./tools.mjs";

/** The file in pkg/ with the hash. It is not published. */
export const SOURCES_HASH = "sources.sha256";

const PLACES = [
  "Cargo.lock",
  "Cargo.toml",
  "crates",
  "js",
  "rust-toolchain.toml",
  "scripts/build.mjs",
  "scripts/glue.mjs",
  "scripts/minify-entry.mjs",
  "scripts/minify-page.mjs",
  "scripts/optimize-wasm.mjs",
  "scripts/typings.mjs",
  "src",
  "www",
];
/** The names of sources. Other files come from editors and systems. */
const SOURCE = /\.(rs|toml|lock|[mc]?[jt]s|json|html|css|svg)$/;

/** A hash of the paths and texts of the sources. */
export function sourcesHash() {
  const hash = createHash("sha256");
  for (const path of PLACES.filter((place) => existsSync(join(root, place))).flatMap(filesOf)) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update("\0");
  }
  return hash.digest("hex");
}

/** Whether pkg/ is built from the sources as they are now. */
export function isBuilt() {
  const file = join(root, "pkg", SOURCES_HASH);
  return existsSync(file) && readFileSync(file, "utf8").trim() === sourcesHash();
}

/**
 * The sources at a place, in an order that is the same on every machine.
 *
 * @param {string} place
 */
function filesOf(place) {
  if (statSync(join(root, place)).isFile()) return [place];
  return readdirSync(join(root, place), { recursive: true, encoding: "utf8" })
    .map((path) => `${place}/${path.replaceAll("\\", "/")}`)
    .filter((path) => SOURCE.test(path))
    .sort();
}
