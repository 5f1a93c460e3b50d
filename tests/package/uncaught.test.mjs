// Uncaught errors: Node prints the source line that threw, and then the message. If the line is long, the end of the
// text may not reach a pipe.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { run } from "../support/child.mjs";
import { project } from "../support/packed.mjs";
import { nodes, on } from "../support/runtimes.mjs";

const LIMIT = 4096;
const HINT = "hint:";
const ENTRIES = { "daraja-auth": "TokenManager", "daraja-auth/simulator": "Simulator" };

/** Programs that end with an uncaught error. */
const PROGRAMS = {
  "a rejected generateToken": ["import", "daraja-auth", "await generateToken({});", "generateToken"],
  "a rejected generateToken, required": ["require", "daraja-auth", "generateToken({});", "generateToken"],
  "a constructor that throws": ["import", "daraja-auth", "new TokenManager({});", "TokenManager"],
  "a constructor that throws, required": ["require", "daraja-auth", "new TokenManager({});", "TokenManager"],
  "the simulator's constructor": ["import", "daraja-auth/simulator", "new Simulator({ seed: {} });", "Simulator"],
  "the simulator's constructor, required": [
    "require",
    "daraja-auth/simulator",
    "new Simulator({ seed: {} });",
    "Simulator",
  ],
};

describe("an uncaught error", () => {
  let cwd;
  before(() => {
    const files = {};
    for (const [how, entry, call, name] of Object.values(PROGRAMS)) {
      const load =
        how === "import" ? `import { ${name} } from "${entry}";` : `const { ${name} } = require("${entry}");`;
      files[fileOf(how, name)] = `${load}\n${call}\n`;
    }
    for (const [entry, name] of Object.entries(ENTRIES)) {
      files[`call-${name}.mjs`] = `import { ${name} } from "${entry}";\n${name}({});\n`;
    }
    cwd = project(`uncaught-${process.pid}`, files);
  });
  after(() => rmSync(cwd, { recursive: true, force: true }));

  for (const node of nodes) {
    for (const [title, [how, , , name]] of Object.entries(PROGRAMS)) {
      test(`${node.name}: ${title}: a pipe gets the code, message and hint within 4 KiB`, on(node), async () => {
        const { code, stderr } = await run(node.path, [fileOf(how, name)], { cwd });
        assert.equal(code, 1);
        assert.ok(stderr.length < LIMIT, `${stderr.length} characters`);
        for (const part of ["ERR_DARAJA_INVALID_OPTION", name === "Simulator" ? "is not valid" : "expected", HINT]) {
          assert.ok(stderr.includes(part), `no ${part} in:\n${stderr}`);
        }
      });
    }
    for (const name of Object.values(ENTRIES)) {
      test(`${node.name}: ${name} without new is named in the error`, on(node), async () => {
        const { stderr } = await run(node.path, [`call-${name}.mjs`], { cwd });
        assert.ok(stderr.includes(`Class constructor ${name} cannot be invoked without 'new'`), stderr);
        assert.ok(stderr.length < LIMIT, `${stderr.length} characters`);
      });
    }
  }
});

const fileOf = (how, name) => `${how}-${name}.${how === "import" ? "mjs" : "cjs"}`;
