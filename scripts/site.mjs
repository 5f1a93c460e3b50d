// npm run site: copies the demo page and the package's files that it imports into a folder, for any static host.
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { pageFiles, preparePackage } from "./demo/files.mjs";
import { root } from "./tools.mjs";

const own = join(root, "site");
const folder = resolve(process.argv[2] ?? own);
if (folder === own) rmSync(own, { recursive: true, force: true });
if (existsSync(folder) && readdirSync(folder).length > 0) {
  console.error(`${process.argv[2]} is not empty: name a new folder, or none for ./site`);
  process.exit(2);
}
preparePackage();
for (const [path, file] of pageFiles()) {
  const copy = join(folder, path);
  mkdirSync(dirname(copy), { recursive: true });
  cpSync(file, copy);
}
console.log(`The demo page is in ${relative(process.cwd(), folder) || "."}: host it anywhere, at any path.`);
