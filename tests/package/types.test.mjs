import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { isWhole } from "../support/matrix.mjs";
import { project } from "../support/packed.mjs";

const require = createRequire(import.meta.url);
const compiler = (name) => join(dirname(require.resolve(`${name}/package.json`)), "bin", "tsc");
const COMPILERS = { "TypeScript 5": compiler("typescript-5"), "TypeScript 7": compiler("typescript") };

const dom = { lib: ["es2022", "dom"], types: [] };
/** What a user may have in tsconfig.json; node10 ended with TypeScript 5. */
const SETTINGS = {
  node16: { module: "node16", moduleResolution: "node16", ...dom },
  nodenext: { module: "nodenext", moduleResolution: "nodenext", ...dom },
  bundler: { module: "esnext", moduleResolution: "bundler", ...dom },
  node10: { module: "commonjs", moduleResolution: "node10", ...dom },
  "nodenext with Node's types and no DOM": { module: "nodenext", lib: ["es2022"], types: ["node"] },
};

describe("a user's TypeScript, strict", () => {
  let folder;
  before(() => {
    const user = readFileSync(new URL("types/user.ts", import.meta.url), "utf8");
    const common = { target: "es2022", strict: true, exactOptionalPropertyTypes: true, noEmit: true };
    const configs = Object.entries(SETTINGS).map(([name, settings]) => {
      const files = settings.module.startsWith("node") ? ["user.mts", "user.cts", "user.ts"] : ["user.ts"];
      return [`${name}.json`, { compilerOptions: { ...common, ...settings, skipLibCheck: false }, files }];
    });
    folder = project(`types-${process.pid}`, {
      "package.json": { private: true, type: "module" },
      "user.ts": user,
      "user.mts": user,
      "user.cts": user,
      ...Object.fromEntries(configs),
    });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const [version, tsc] of Object.entries(COMPILERS)) {
    for (const name of Object.keys(SETTINGS)) {
      if (version === "TypeScript 7" && name === "node10") continue;
      if (!isWhole && !(version === "TypeScript 5" && name === "nodenext")) continue;
      test(`${version}, ${name}: compiles, and every mistake is caught`, () => {
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
