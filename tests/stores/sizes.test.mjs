import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const folder = fileURLToPath(new URL("../../js/stores/", import.meta.url));
/** Each store, the refusal of what is none, and what users test their own with, which is bundled nowhere. */
const STORES = ["memory", "redis", "postgres", "durable-object", "dynamodb", "file"];
const ENTRIES = [...STORES, "refuse", "testing"];

for (const name of ENTRIES) {
  const limit = name === "testing" ? 4096 : 3072;
  test(`${name}: at most ${limit} bytes after gzip, without another package`, async (t) => {
    const { outputFiles, metafile } = await build({
      entryPoints: [`${folder}${name}.js`],
      external: ["daraja-auth", "node:*"],
      bundle: true,
      minify: true,
      format: "esm",
      target: "es2022",
      metafile: true,
      write: false,
    });
    const imports = Object.values(metafile.outputs).flatMap((output) => output.imports.map(({ path }) => path));
    // Node's own modules in none but the one that is for Node and its kin.
    const allowed = name === "file" ? /^(daraja-auth$|node:)/ : /^daraja-auth$/;
    for (const path of imports) assert.match(path, allowed);
    const { length } = gzipSync(outputFiles[0].contents, { level: 9 });
    t.diagnostic(`${length} of ${limit} bytes`);
    assert.ok(length <= limit, `${length} bytes, ${length - limit} over the budget`);
  });
}

test("each entry has its typings, and no other file has", () => {
  const typed = readdirSync(folder).filter((file) => file.endsWith(".d.ts"));
  const expected = ENTRIES.filter((name) => name !== "refuse").map((name) => `${name}.d.ts`);
  assert.deepEqual(typed.sort(), expected.sort());
});
