// Writes the demo page into the package, for `daraja-auth simulate`: one script, one style sheet, and the document, all
// minified, and the icon.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { root } from "./tools.mjs";

/**
 * Writes the page into `folder`. The page imports files of the package, which are not copied.
 *
 * @param {string} folder
 */
export async function writePage(folder) {
  mkdirSync(folder, { recursive: true });
  const document = readFileSync(join(root, "www", "index.html"), "utf8");
  const sheets = [...document.matchAll(/<link rel="stylesheet" href="([\w.]+)">/g)].map(([, name]) => name);
  const common = { bundle: true, minify: true, legalComments: /** @type {const} */ ("none"), target: "es2022" };
  await build({
    ...common,
    entryPoints: [join(root, "www", "main.js")],
    external: ["./daraja-auth/*"],
    format: "esm",
    outfile: join(folder, "page.js"),
  });
  const contents = sheets.map((name) => `@import "./${name}";\n`).join("");
  await build({
    ...common,
    stdin: { contents, resolveDir: join(root, "www"), loader: "css" },
    outfile: join(folder, "page.css"),
  });
  copyFileSync(join(root, "www", "favicon.svg"), join(folder, "favicon.svg"));
  writeFileSync(join(folder, "index.html"), minified(document));
}

/**
 * The document for a server that has the other files in /demo/.
 *
 * @param {string} document
 */
function minified(document) {
  let isFirst = true;
  return document
    .replace(/<!--.*?-->/gs, "")
    .replace(/<link rel="stylesheet"[^>]*>/g, () => {
      const link = isFirst ? '<link rel="stylesheet" href="demo/page.css">' : "";
      isFirst = false;
      return link;
    })
    .replace('src="main.js"', 'src="demo/page.js"')
    .replaceAll('"favicon.svg"', '"demo/favicon.svg"')
    .replace(/\s+/g, " ");
}
