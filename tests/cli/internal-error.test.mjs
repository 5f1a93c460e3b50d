// An internal error of the command line: a bug.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { consumerKey, consumerSecret } from "../support/daraja-server.mjs";
import { commandLine } from "./cli.mjs";

const { folder, run } = commandLine("internal-error");
const write = (name, text) => writeFileSync(join(folder, name), text);

test("an internal error shows its place in the code, but not its text", async () => {
  write("fault.mjs", `import util from "node:util";\nutil.parseEnv = (text) => { throw new TypeError(text); };\n`);
  write("all.env", `DARAJA_CONSUMER_SECRET=${consumerSecret}\n`);
  const env = { DARAJA_CONSUMER_KEY: consumerKey, NODE_OPTIONS: "--import=./fault.mjs" };
  const { code, stdout, stderr } = await run(["token", "--dotenv", "all.env"], env);
  assert.deepEqual([code, stdout], [1, ""]);
  assert.match(
    stderr,
    /^ERR_DARAJA_INTERNAL: daraja-auth failed \(TypeError\)\. Please report it with these lines:\n {4}at /,
  );
});
