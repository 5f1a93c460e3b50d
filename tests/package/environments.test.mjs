// Environments without what the module needs: the error names it, and the way out.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, test } from "node:test";
import { project } from "../support/packed.mjs";

const folder = project(`environments-${process.pid}`, {});
const SOURCE = `
  const { generateToken } = require("daraja-auth");
  const fetch = async () => Response.json({ access_token: "c9SQxWWhmdVRlyh0zh8gZDTkubVF", expires_in: "3599" });
  generateToken({ consumerKey: "key", consumerSecret: "secret", fetch }).then(
    ({ expiresIn }) => console.log(expiresIn),
    ({ code, hint }) => console.log(code + "\\n" + hint),
  );
`;

/** Prints what a call gives in a Node that was started so. */
function run(command, args, { source = SOURCE, env = {} } = {}) {
  const options = { cwd: folder, encoding: "utf8", env: { ...process.env, ...env }, timeout: 60_000 };
  return spawnSync(command, [...args, "-e", source], options)
    .stdout.trim()
    .split("\n");
}

describe("an environment without", () => {
  test("TextDecoder, as jest's jsdom is", () => {
    assert.deepEqual(run(process.execPath, [], { source: `delete globalThis.TextDecoder;${SOURCE}` }), [
      "ERR_DARAJA_INTERNAL",
      "There is no TextDecoder here. In jest, use @jest-environment node; in Node, no --jitless.",
    ]);
  });

  test("WebAssembly, as Node is with --jitless", () => {
    assert.deepEqual(run(process.execPath, ["--jitless"]), [
      "ERR_DARAJA_INTERNAL",
      "There is no WebAssembly here. In jest, use @jest-environment node; in Node, no --jitless.",
    ]);
  });

  test("address space for a WebAssembly memory is told the flag that needs none", {
    skip: process.platform !== "linux",
  }, () => {
    const limited = ["-c", 'ulimit -v 3000000; exec "$@"', "sh", process.execPath];
    assert.deepEqual(run("sh", limited), [
      "ERR_DARAJA_INTERNAL",
      "WebAssembly gets no memory here. Set NODE_OPTIONS=--disable-wasm-trap-handler.",
    ]);
    const [major] = process.versions.node.split(".");
    if (major >= 24) return;
    assert.deepEqual(run("sh", limited, { env: { NODE_OPTIONS: "--disable-wasm-trap-handler" } }), ["3599"]);
  });
});
