import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { isWhole } from "../support/matrix.mjs";
import { project, root } from "../support/packed.mjs";

const require = createRequire(import.meta.url);
const compiler = (name) => join(dirname(require.resolve(`${name}/package.json`)), "bin", "tsc");
const COMPILERS = { "TypeScript 5": compiler("typescript-5"), "TypeScript 7": compiler("typescript") };

const dom = { lib: ["es2022", "dom"], types: [] };
/** Settings that a user may have in tsconfig.json. Of the two compilers only TypeScript 5 has node10. */
const SETTINGS = {
  node16: { module: "node16", moduleResolution: "node16", ...dom },
  nodenext: { module: "nodenext", moduleResolution: "nodenext", ...dom },
  bundler: { module: "esnext", moduleResolution: "bundler", ...dom },
  node10: { module: "commonjs", moduleResolution: "node10", ...dom },
  "nodenext with Node's types and no DOM": { module: "nodenext", lib: ["es2022"], types: ["node"] },
};

const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const entries = Object.keys(exports).filter((entry) => !/\.(wasm|json)$/.test(entry));
/** A file that exports each entry again, and reads `Symbol.dispose` of a manager. */
const ENTRIES = `${entries
  .map((entry, index) => `export * as entry${index} from "daraja-auth${entry.slice(1)}";\n`)
  .join("")}import { TokenManager } from "daraja-auth";
const tokens = new TokenManager({ consumerKey: "key", consumerSecret: "secret" });
export const dispose: () => void = tokens[Symbol.dispose];
`;

describe("a user's code in strict TypeScript", () => {
  let folder;
  before(() => {
    const user = readFileSync(new URL("types/user.ts", import.meta.url), "utf8");
    const common = { target: "es2022", strict: true, exactOptionalPropertyTypes: true, noEmit: true };
    const configs = Object.entries(SETTINGS).map(([name, settings]) => {
      const files = settings.module.startsWith("node") ? ["user.mts", "user.cts", "user.ts"] : ["user.ts"];
      return [`${name}.json`, { compilerOptions: { ...common, ...settings, skipLibCheck: false }, files }];
    });
    const old = ["node16", "bundler", "node10"].map((name) => {
      const compilerOptions = { ...common, ...SETTINGS[name], skipLibCheck: false };
      return [`old-${name}.json`, { compilerOptions, files: ["entries.ts"] }];
    });
    folder = project(`types-${process.pid}`, {
      "package.json": { private: true, type: "module" },
      "user.ts": user,
      "user.mts": user,
      "user.cts": user,
      "entries.ts": ENTRIES,
      ...Object.fromEntries([...configs, ...old]),
    });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  // TypeScript 5.1 compiles entries.ts, not user.ts, because it reports some errors of user.ts on other lines. Node's
  // typings are left out, because they need a newer TypeScript.
  test("TypeScript 5.1, which has no type for Symbol.dispose, finds no mistake in the typings", () => {
    for (const name of ["node16", "bundler", "node10"]) {
      const args = [compiler("typescript-5-1"), "--project", `old-${name}.json`, "--pretty", "false"];
      const options = { cwd: folder, encoding: "utf8", timeout: 180_000 };
      const { status, stdout } = spawnSync(process.execPath, args, options);
      assert.deepEqual({ name, stdout, status }, { name, stdout: "", status: 0 });
    }
  });

  for (const [version, tsc] of Object.entries(COMPILERS)) {
    for (const name of Object.keys(SETTINGS)) {
      if (version === "TypeScript 7" && name === "node10") continue;
      if (!isWhole && !(version === "TypeScript 5" && name === "nodenext")) continue;
      test(`${version} with ${name} compiles correct code, and finds every mistake`, () => {
        const args = [tsc, "--project", `${name}.json`, "--pretty", "false"];
        const { status, stdout } = spawnSync(process.execPath, args, {
          cwd: folder,
          encoding: "utf8",
          timeout: 180_000,
        });
        assert.equal(stdout, "");
        assert.equal(status, 0);
      });
    }
  }
});
