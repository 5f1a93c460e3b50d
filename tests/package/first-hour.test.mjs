// The first hour of a new user, in an empty folder: from npm install to a payment that a customer has made.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { npm } from "../../scripts/tools.mjs";
import { run, serve } from "../support/child.mjs";
import { isWhole } from "../support/matrix.mjs";
import { packed, root } from "../support/packed.mjs";
import { node20, node24, nodes, on } from "../support/runtimes.mjs";

const [first, pay] = [...readFileSync(join(root, "README.md"), "utf8").matchAll(/```js\n(.*?)```/gs)].map(
  ([, code]) => code,
);
/** Asks whether the customer has paid, until the customer has answered. */
const QUERY = `
import { TokenManager } from "daraja-auth";
import { fromEnv } from "daraja-auth/env";

const tokens = new TokenManager(fromEnv());
const timestamp = new Date(Date.now() + 3 * 3_600_000).toISOString().replace(/\\D/g, "").slice(0, 14);
const passkey = "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919";
const json = {
  BusinessShortCode: "174379",
  Password: btoa("174379" + passkey + timestamp),
  Timestamp: timestamp,
  CheckoutRequestID: process.argv[2],
};
for (;;) {
  const response = await tokens.fetch("/mpesa/stkpushquery/v1/query", { json });
  if (response.ok) {
    console.log((await response.json()).ResultCode);
    break;
  }
  await new Promise((resolve) => setTimeout(resolve, 500));
}
`;

for (const node of isWhole ? [node20, node24] : nodes) {
  test(`${node.name}: npm install, a first token, a simulator, and a paid STK push`, on(node), async (t) => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "daraja-shop-")));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const env = { PATH: `${dirname(node.path)}:${process.env.PATH}` };
    const does = async (program, ...args) => {
      const { code, stdout, stderr } = await run(program, args, { cwd: folder, env });
      assert.equal(code, 0, `${program} ${args.join(" ")}\n${stdout}${stderr}`);
      t.diagnostic(`$ ${[program.split("/").at(-1), ...args].join(" ").slice(0, 120)}\n${stdout}`);
      return stdout;
    };
    const [command, args] = npm("init", "--yes");
    await does(command, ...args);
    await does(...npm("install", "--offline", "--no-audit", "--no-fund", packed()).flat());
    writeFileSync(join(folder, "first.mjs"), first);
    assert.equal(await does(node.path, "first.mjs"), "A token of 28 characters, for 3599 seconds\n");

    const bin = join(folder, "node_modules", ".bin", "daraja-auth");
    const options = { cwd: folder, env, ready: /has the variables now\./ };
    const simulator = await serve(bin, ["simulate", "--port", "0", "--write-env", ".env"], options);
    t.after(simulator.stop);
    writeFileSync(join(folder, "pay.mjs"), pay);
    const asked = await does(node.path, "--env-file=.env", "pay.mjs", "254712345678");
    const [, id] = /^200 \{[^}]*CheckoutRequestID: '(ws_CO_\d+)'/s.exec(asked) ?? [];
    assert.ok(id, asked);
    writeFileSync(join(folder, "query.mjs"), QUERY);
    assert.equal(await does(node.path, "--env-file=.env", "query.mjs", id), "0\n");
    t.diagnostic(simulator.output.stdout);
  });
}
