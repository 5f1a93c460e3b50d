// Writes the typings of the JavaScript in js/: one file for each entry, with all that it exports.
import { copyFileSync } from "node:fs";
import { rollup } from "rollup";
import { dts } from "rollup-plugin-dts";

/** Writes `pkg/<name>.d.ts` and `.d.cts` for each entry; `entries` has the source of each by its name. */
export async function writeTypings(entries) {
  const bundle = await rollup({
    input: entries,
    external: ["daraja-auth", /^node:/],
    plugins: [dts({ tsconfig: "js/tsconfig.json" }), forUsers],
    onwarn: ({ message }) => {
      throw new Error(message);
    },
  });
  await bundle.write({ dir: "pkg", format: "es", entryFileNames: "[name].d.ts" });
  for (const name of Object.keys(entries)) copyFileSync(`pkg/${name}.d.ts`, `pkg/${name}.d.cts`);
}

const forUsers = {
  name: "for-users",
  renderChunk(code) {
    // With private fields, a class in an ES module's typings and the same class in CommonJS' would not be assignable to
    // each other.
    const structural = code.replace(/^ *#private;\n/gm, "");
    // Older settings of TypeScript do not know Symbol.dispose by themselves.
    return code.includes("Symbol.dispose") ? `/// <reference lib="esnext.disposable" />\n${structural}` : structural;
  },
};
