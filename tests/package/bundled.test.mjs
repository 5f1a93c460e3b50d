// Bundlers make one file of a server. The file must run in a folder where the package is not installed.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { build } from "esbuild";
import { run } from "../support/child.mjs";
import { project } from "../support/packed.mjs";

const webpack = createRequire(import.meta.resolve("../browser/bundlers.mjs"))("webpack");
/** Starts both modules, and checks that both entries have the same error class. */
const ASK = `
  const { fetch, apps: [{ consumerKey, consumerSecret }] } = new Simulator();
  generateToken({ consumerKey, consumerSecret: "wrong", fetch })
    .catch((error) => console.log(error instanceof DarajaError, error.code))
    .then(() => generateToken({ consumerKey, consumerSecret, fetch }))
    .then(({ accessToken }) => console.log(accessToken.length));
`;
const PROGRAMS = {
  "import.mjs": `
    import { DarajaError, generateToken } from "daraja-auth";
    import { Simulator } from "daraja-auth/simulator";${ASK}`,
  "require.cjs": `
    const { DarajaError, generateToken } = require("daraja-auth");
    const { Simulator } = require("daraja-auth/simulator");${ASK}`,
};

const bundlers = {
  async esbuild(entry, outfile) {
    await build({ entryPoints: [entry], outfile, bundle: true, platform: "node", format: "cjs", logLevel: "silent" });
  },
  async webpack(entry, outfile) {
    const output = { path: join(outfile, ".."), filename: "server.cjs" };
    const compiler = webpack({ mode: "production", target: "node", entry, output, cache: false });
    const stats = await new Promise((resolve, reject) =>
      compiler.run((error, result) => (error ? reject(error) : resolve(result))),
    );
    await new Promise((resolve) => compiler.close(resolve));
    assert.deepEqual(stats.toJson({ all: false, errors: true }).errors, []);
  },
};

describe("a server bundled by", () => {
  let folder;
  let elsewhere;
  before(() => {
    folder = project(`bundled-${process.pid}`, PROGRAMS);
    elsewhere = mkdtempSync(join(tmpdir(), "daraja-auth-bundled-"));
  });
  after(() => {
    for (const path of [folder, elsewhere]) rmSync(path, { recursive: true, force: true });
  });

  for (const [name, bundle] of Object.entries(bundlers)) {
    for (const program of Object.keys(PROGRAMS)) {
      test(`${name} from ${program} runs as one file, which contains the simulator`, async () => {
        const cwd = join(elsewhere, `${name}-${program}`);
        mkdirSync(cwd);
        writeFileSync(join(cwd, "package.json"), "{}");
        await bundle(join(folder, program), join(cwd, "server.cjs"));
        const { code, stdout, stderr } = await run(process.execPath, ["server.cjs"], { cwd });
        assert.equal(stdout, "true ERR_DARAJA_INVALID_CREDENTIALS\n28\n", stderr);
        assert.equal(code, 0);
      });
    }
  }
});
