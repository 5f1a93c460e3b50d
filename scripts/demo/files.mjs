// The files of the demo page: those of www/, and the files of pkg/ that it imports, with the paths that the page uses.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { isBuilt } from "../sources.mjs";
import { root, run } from "../tools.mjs";

/** @type {Record<string, string>} */
const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** Makes sure that pkg/ exists. It is built if it is missing or if `build` is true. A build needs Rust. */
export function preparePackage({ build = false } = {}) {
  const needed = ["index.js", "simulator.js", "node.js", "simulator.node.js"];
  const isMissing = needed.some((name) => !existsSync(join(root, "pkg", name)));
  if (build || isMissing) run(process.execPath, ["scripts/build.mjs"]);
  else if (!isBuilt()) console.error("pkg/ is older than its sources. To build it: npm run build");
}

/** Maps each path below the page's address to its file on this machine. */
export function pageFiles() {
  /** @type {[string, string][]} */
  const page = readdirSync(join(root, "www")).map((name) => [name, join(root, "www", name)]);
  const imported = new Set(["index.js", "simulator.js"]);
  // The loop adds files to the set while it reads the set.
  for (const name of imported) {
    const source = readFileSync(join(root, "pkg", name), "utf8");
    for (const [, other] of source.matchAll(/\b(?:from|import)\s*\(?\s*"\.\/([\w.-]+)"/g)) imported.add(other);
  }
  /** @type {[string, string][]} */
  const ofPackage = [...imported].map((name) => [`daraja-auth/${name}`, join(root, "pkg", name)]);
  return new Map([...page, ...ofPackage]);
}

/**
 * The media type with which a file is served.
 *
 * @param {string} file
 */
export function typeOf(file) {
  return TYPES[extname(file)] ?? "application/octet-stream";
}
