// The authority of `daraja-auth run` in Go and Java. tests/serve/run.test.mjs has OpenSSL, curl, Python, PHP and Node.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:https";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { servers } from "../../serve/servers.mjs";
import { needs } from "../../stores/engines/program.mjs";
import { run } from "../../support/child.mjs";

const { load, folder } = servers("authority");
const source = (name) => fileURLToPath(new URL(`clients/${name}`, import.meta.url));

const TRUSTED = ["api.safaricom.co.ke", "sandbox.safaricom.co.ke"];
const REFUSED = ["example.com", "notsafaricom.co.ke", "safaricom.co.ke.example.com"];

for (const { name, needed, compile, why } of [
  {
    name: "Go",
    needed: ["go"],
    why: /not permitted by any constraint/,
    compile() {
      const path = join(folder, "authority");
      execFileSync("go", ["build", "-o", path, source("authority.go")], {
        env: { ...process.env, GO111MODULE: "off" },
      });
      return [path];
    },
  },
  {
    name: "Java",
    needed: ["java", "javac"],
    why: /name constraints check failed/,
    compile() {
      execFileSync("javac", ["-d", folder, source("Authority.java")]);
      return ["java", "-cp", folder, "Authority"];
    },
  },
]) {
  test(
    `${name} takes the authority for Daraja's hosts, and refuses it for another name`,
    needs(...needed),
    async (t) => {
      const { Authority } = await load("bin/run/authority.js");
      const authority = new Authority();
      const ca = join(folder, `${name}.pem`);
      writeFileSync(ca, authority.certificate);
      const [program, ...args] = compile();
      for (const host of [...TRUSTED, ...REFUSED]) {
        const server = createServer(authority.issue([host]), (_, response) => response.end());
        await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
        t.after(() => server.close());
        const { port } = server.address();
        const address = name === "Go" ? `127.0.0.1:${port}` : String(port);
        const { code, stderr } = await run(program, [...args, ca, address, host]);
        server.closeAllConnections();
        if (TRUSTED.includes(host)) assert.equal(code, 0, `${host}: ${stderr}`);
        else assert.match(stderr, why, host);
      }
    },
  );
}
