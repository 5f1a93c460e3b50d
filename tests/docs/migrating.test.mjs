// docs/migrating.md: other clients of Daraja, as npm has them, use a manager's tokens.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { run } from "../support/child.mjs";
import { project, root } from "../support/packed.mjs";
import { startSimulator } from "../support/simulator-server.mjs";

const document = readFileSync(join(root, "docs", "migrating.md"), "utf8");
const codeOf = (title) => document.split(`\n## ${title}\n`)[1].split("```js\n")[1].split("```")[0];

describe("docs/migrating.md", () => {
  let daraja;
  before(async () => {
    daraja = await startSimulator("migrating");
  });
  after(() => daraja.close());

  /** Runs the code below a title of the document, between `before` and `afterwards`. Gives the JSON that it prints. */
  async function printed(name, title, before, afterwards) {
    const { baseUrl, app } = daraja;
    const text = `import { generateToken, TokenManager } from "daraja-auth";
const tokens = new TokenManager(${JSON.stringify({ baseUrl, ...app })});
${before}
${codeOf(title)}
${afterwards}`;
    const folder = project(`migrating-${name}`, { "program.mjs": text });
    const { code, stdout, stderr } = await run(process.execPath, ["program.mjs"], { cwd: folder });
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout);
  }

  test("mpesa-node: two calls use one token, and a third call replaces it after Daraja rejects it", async () => {
    const already = daraja.simulator.requests.length;
    const pay = 'await mpesa.lipaNaMpesaOnline(254712345678, 1, "https://example.com/paid", "Order 1")';
    const status = await printed(
      "mpesa-node",
      "From mpesa-node",
      'const lipaNaMpesaShortCode = "174379"; const lipaNaMpesaShortPass = "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919";',
      `${pay}; ${pay}; await generateToken(${JSON.stringify({ baseUrl: daraja.baseUrl, ...daraja.app })});
      const { status } = ${pay}; console.log(status);`,
    );
    assert.equal(status, 200);
    assert.deepEqual(
      daraja.simulator.requests.slice(already).map(({ outcome }) => outcome),
      ["token", "accepted", "accepted", "token", "dead-token", "token", "accepted"],
    );
  });

  test("mpesa-api: its authenticate() gives the manager's token", async () => {
    const tokens = await printed(
      "mpesa-api",
      "From mpesa-api",
      'const securityCredential = "credential";',
      `console.log(JSON.stringify([await mpesa.authenticate(), (await tokens.getToken()).accessToken]));`,
    );
    assert.equal(tokens[0], tokens[1]);
  });
});
