// File tracers, such as Vercel's and that of Next's standalone output, copy the files that a program needs. The copy
// must run.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { run } from "../support/child.mjs";
import { project } from "../support/packed.mjs";
import { nodes, on } from "../support/runtimes.mjs";

const { nodeFileTrace } = createRequire(import.meta.url)("next/dist/compiled/@vercel/nft");
const NAMES = {
  "daraja-auth": "generateToken",
  "daraja-auth/simulator": "Simulator",
  "daraja-auth/redis": "redisStore",
};
/** Starts both modules. */
const ASK = `
  const { fetch, apps: [{ consumerKey, consumerSecret }] } = new Simulator();
  generateToken({ consumerKey, consumerSecret, fetch }).then(({ accessToken }) => console.log(accessToken.length));
`;
const ask = (line) => `${Object.entries(NAMES).map(line).join("\n")}\nconsole.log(typeof redisStore);${ASK}`;
const PROGRAMS = {
  "import.mjs": ask(([entry, name]) => `import { ${name} } from "${entry}";`),
  "require.cjs": ask(([entry, name]) => `const { ${name} } = require("${entry}");`),
};

describe("a file tracer copies all files that a program needs", () => {
  let folder;
  before(async () => {
    folder = project(`traced-${process.pid}`, PROGRAMS);
    for (const program of Object.keys(PROGRAMS)) {
      // An older tracer does not know the condition module-sync. For it, the CommonJS entries name their ES modules.
      const { fileList } = await nodeFileTrace([join(folder, program)], { base: folder, moduleSyncCatchall: false });
      for (const file of fileList) {
        const copy = join(folder, `copy-of-${program}`, file);
        mkdirSync(dirname(copy), { recursive: true });
        cpSync(join(folder, file), copy);
      }
    }
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const node of nodes) {
    for (const program of Object.keys(PROGRAMS)) {
      for (const flags of [[], ["--no-experimental-require-module"]]) {
        test(`${node.name}: ${[...flags, program].join(" ")} runs from the copy`, on(node), async () => {
          const cwd = join(folder, `copy-of-${program}`);
          const { code, stdout, stderr } = await run(node.path, [...flags, program], { cwd });
          assert.equal(stdout, "function\n28\n", stderr);
          assert.equal(code, 0);
        });
      }
    }
  }
});
