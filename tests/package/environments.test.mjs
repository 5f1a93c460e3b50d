// Environments that lack something that the module needs. The error names it, and says what to do.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, test } from "node:test";
import { project } from "../support/packed.mjs";
import { node20, on } from "../support/runtimes.mjs";

const folder = project(`environments-${process.pid}`, {});
const SOURCE = `
  const { generateToken } = require("daraja-auth");
  const fetch = async () => Response.json({ access_token: "c9SQxWWhmdVRlyh0zh8gZDTkubVF", expires_in: "3599" });
  generateToken({ consumerKey: "key", consumerSecret: "secret", fetch }).then(
    ({ expiresIn }) => console.log(expiresIn),
    ({ code, hint }) => console.log(code + "\\n" + hint),
  );
`;

/** Makes a call in a Node that is started with this command, and gives what it prints. */
function run(command, args, { source = SOURCE, env = {} } = {}) {
  const options = { cwd: folder, encoding: "utf8", env: { ...process.env, ...env }, timeout: 60_000 };
  return spawnSync(command, [...args, "-e", source], options)
    .stdout.trim()
    .split("\n");
}

describe("the error says what to do in an environment without", () => {
  for (const name of ["TextDecoder", "TextEncoder"]) {
    test(`${name}, such as jest's jsdom`, () => {
      assert.deepEqual(run(process.execPath, [], { source: `delete globalThis.${name};${SOURCE}` }), [
        "ERR_DARAJA_INTERNAL",
        `There is no ${name} here. In jest, use @jest-environment node; in Node, no --jitless.`,
      ]);
    });
  }

  test("WebAssembly, such as Node with --jitless", () => {
    assert.deepEqual(run(process.execPath, ["--jitless"]), [
      "ERR_DARAJA_INTERNAL",
      "There is no WebAssembly here. In jest, use @jest-environment node; in Node, no --jitless.",
    ]);
  });

  // Not in this Node: newer ones, such as 24.21, set the flag themselves if the address space is limited.
  const inNode20 = process.platform === "linux" ? on(node20) : { skip: "ulimit -v limits nothing here" };
  test("address space for a WebAssembly memory, and the flag in the hint helps", inNode20, () => {
    const limited = ["-c", 'ulimit -v 3000000; exec "$@"', "sh", node20.path];
    assert.deepEqual(run("sh", limited), [
      "ERR_DARAJA_INTERNAL",
      "WebAssembly gets no memory here. Set NODE_OPTIONS=--disable-wasm-trap-handler.",
    ]);
    assert.deepEqual(run("sh", limited, { env: { NODE_OPTIONS: "--disable-wasm-trap-handler" } }), ["3599"]);
  });
});
