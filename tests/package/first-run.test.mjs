// A clone of the project on a machine that has only Node: no Rust, and no npm packages.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFileSync, cpSync, existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { run, serve } from "../support/child.mjs";
import { root } from "../support/packed.mjs";

const STALE = "pkg/ is older than its sources. To build it: npm run build\n";

describe("in a clone with only Node,", () => {
  let clone;
  let env;
  before(() => {
    clone = realpathSync(mkdtempSync(join(tmpdir(), "daraja-clone-")));
    const tracked = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" }).split("\0");
    for (const file of tracked) {
      if (file && existsSync(join(root, file))) cpSync(join(root, file), join(clone, file));
    }
    cpSync(join(root, "pkg"), join(clone, "pkg"), { recursive: true });
    env = { PATH: "", HOME: clone };
  });
  after(() => rmSync(clone, { recursive: true, force: true }));

  /** Starts the demo, and gives its warnings. */
  const start = async () => {
    const options = { cwd: clone, env, ready: /^The demo page is at http:/ };
    const { output, stop } = await serve(process.execPath, ["scripts/start.mjs", "--port", "0"], options);
    await stop();
    return output.stderr;
  };

  test("npm start serves the page", async () => assert.equal(await start(), ""));

  test("npm run site writes the page", async () => {
    const { code, stderr } = await run(process.execPath, ["scripts/site.mjs"], { cwd: clone, env });
    assert.equal(stderr, "");
    assert.equal(code, 0);
    assert.ok(readdirSync(join(clone, "site")).includes("index.html"));
  });

  test("if a source has changed, npm start and npm run site say so on one line, and npm start serves the page", async () => {
    appendFileSync(join(clone, "js", "index.ts"), "\n");
    assert.equal(await start(), STALE);
    const { stderr } = await run(process.execPath, ["scripts/site.mjs"], { cwd: clone, env });
    assert.equal(stderr, STALE);
  });
});
