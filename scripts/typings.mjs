// Writes the typings of js/: one file for each entry, with all its exports.
import { writeFileSync } from "node:fs";
import { rollup } from "rollup";
import { dts } from "rollup-plugin-dts";

/**
 * Writes the typings of each entry into `folder`. `entries` maps names to sources.
 *
 * `<name>.d.cts` is for require. `<name>.d.ts` is for import, and exports the declarations of the first file, so there
 * is only one declaration of each class.
 *
 * @param {Record<string, string>} entries
 * @param {string} folder
 */
export async function writeTypings(entries, folder) {
  const bundle = await rollup({
    input: entries,
    external: ["daraja-auth", /^node:/],
    plugins: [dts({ tsconfig: "js/tsconfig.json" }), forUsers],
    onwarn: ({ message }) => {
      throw new Error(message);
    },
  });
  const { output } = await bundle.generate({ format: "es", entryFileNames: "[name]" });
  for (const { fileName, code } of /** @type {import("rollup").OutputChunk[]} */ (output)) {
    writeFileSync(`${folder}/${fileName}.d.cts`, code);
    writeFileSync(`${folder}/${fileName}.d.ts`, `export * from "./${fileName}.cjs";\n`);
  }
}

/**
 * TypeScript declares these from 5.2 on, and only with the right `lib`. These declarations merge with its own. A
 * reference to the lib would be an error before 5.2.
 */
const DISPOSE = `declare global {
  interface SymbolConstructor {
    readonly dispose: unique symbol;
  }
  interface Disposable {
    [Symbol.dispose](): void;
  }
}
`;
const ASYNC_DISPOSE = `declare global {
  interface SymbolConstructor {
    readonly asyncDispose: unique symbol;
  }
  interface AsyncDisposable {
    [Symbol.asyncDispose](): PromiseLike<void>;
  }
}
`;

const forUsers = {
  name: "for-users",
  /** @param {string} code */
  renderChunk(code) {
    const missing = [];
    if (code.includes("Symbol.dispose")) missing.push(DISPOSE);
    if (code.includes("Symbol.asyncDispose")) missing.push(ASYNC_DISPOSE);
    return missing.join("") + code;
  },
};
