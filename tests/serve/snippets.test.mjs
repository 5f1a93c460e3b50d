// The commands, programs and files of docs/serve.md work as a reader copies them.
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { clean } from "../cli/cli.mjs";
import { needs } from "../stores/engines/program.mjs";
import { run as runProgram, serve as startServer } from "../support/child.mjs";
import { root } from "../support/packed.mjs";
import { servers } from "./servers.mjs";

const { daraja, serve, load, folder } = servers("snippets");
const docs = readFileSync(join(root, "docs", "serve.md"), "utf8");
const python = process.env.PYTHON ?? "python3";

/** The block of code in that language that contains a text. */
const block = (language, text) =>
  [...docs.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, "gs"))].find(([, code]) => code.includes(text))[1];

/** Writes an `npx` that runs the packed package, on a free port instead of 8253. Gives the PATH that leads to it. */
function npx() {
  const bin = join(folder, "npx-of-the-test");
  mkdirSync(bin, { recursive: true });
  const program = join(folder, "node_modules", "daraja-auth", "bin", "daraja-auth.js");
  const text = `#!/bin/sh\nshift\ncase "$*" in serve*--new*) ;; serve*) set -- "$@" --port 0 ;; esac\nexec "${process.execPath}" "${program}" "$@"\n`;
  writeFileSync(join(bin, "npx"), text);
  chmodSync(join(bin, "npx"), 0o755);
  return { PATH: `${bin}${delimiter}${process.env.PATH}` };
}

const pairOf = ({ app }) => ({ DARAJA_CONSUMER_KEY: app.consumerKey, DARAJA_CONSUMER_SECRET: app.consumerSecret });

test(
  "the first lines start a server, and the programs in PHP and Python share its token",
  needs("php", "python3"),
  async (t) => {
    const upstream = await daraja(t);
    const { DARAJA_CONSUMER_KEY: key, DARAJA_CONSUMER_SECRET: secret } = pairOf(upstream);
    const lines = block("sh", "export DARAJA_CONSUMER_KEY")
      .replace("KEY=…", `KEY='${key}'`)
      .replace("SECRET=…", `SECRET='${secret}'`)
      .replace("DARAJA_ENVIRONMENT=production", `DARAJA_BASE_URL=${upstream.baseUrl}`);
    const options = { ready: /^(http:\S+:\d+)\n/, cwd: folder, env: { ...clean, ...npx() } };
    const server = await startServer("sh", ["-c", lines.replace("npx", "exec npx")], options);
    t.after(() => server.stop());
    const programs = {
      "first.php": `<?php\n${block("php", "curl_init")}`,
      "first.py": block("python", "urllib.request"),
    };
    for (const [name, text] of Object.entries(programs)) {
      assert.ok(text.includes("http://127.0.0.1:8253"));
      writeFileSync(join(folder, name), text.replace("http://127.0.0.1:8253", server.match[1]));
    }
    for (const command of [
      ["php", "first.php"],
      [python, "first.py"],
    ]) {
      const env = { ...clean, ...pairOf(upstream) };
      const { code, stdout, stderr } = await runProgram(command[0], command.slice(1), { cwd: folder, env });
      assert.deepEqual([code, stderr], [0, ""]);
      assert.equal(JSON.parse(stdout).ResponseCode, "0");
    }
    assert.equal(upstream.count("token"), 1);
    assert.equal(upstream.count("accepted"), 2);
  },
);

test("the line for a new client prints its entry, and the server takes the list of clients", async (t) => {
  const upstream = await daraja(t);
  const [make] = block("sh", "--new-client").split(/ >> | {2,}|\n/);
  const { code, stdout, stderr } = await runProgram("sh", ["-c", make], { cwd: folder, env: { ...clean, ...npx() } });
  assert.equal(code, 0, stderr);
  const { name, secret } = JSON.parse(stdout);
  assert.equal(name, "laravel");
  const list = JSON.parse(block("json", '"paths"'));
  for (const client of list) assert.match(client.secret, /^scrypt\$16384\$8\$5\$/);
  const file = join(folder, "clients.json");
  writeFileSync(file, JSON.stringify(list.map((client) => ({ ...client, secret }))));
  const server = await serve(t, upstream, { args: ["--clients", file] });
  const [, consumerSecret] = /consumer secret (\S+)\. /.exec(stderr);
  assert.equal((await server.ask({ consumerKey: "nginx", consumerSecret }, "/token")).status, 200);
});

test("the server takes the list of apps", async (t) => {
  const upstream = await daraja(t);
  const list = JSON.parse(block("json", '"consumerKey"'));
  const file = join(folder, "apps.json");
  const { hashOf } = await load("bin/serve/secret.js");
  const secret = await hashOf("of the test");
  const filled = list.map(({ environment, store, clients, ...app }, i) => {
    assert.ok(["production", "sandbox"].includes(environment));
    return {
      ...app,
      ...(store && { store: `file:${join(folder, "till")}` }),
      ...(clients && { clients: clients.map((client) => ({ ...client, secret })) }),
      consumerKey: `key-${i}`,
      consumerSecret: `secret-${i}`,
      baseUrl: upstream.baseUrl,
    };
  });
  writeFileSync(file, JSON.stringify(filled), { mode: 0o600 });
  const { url } = await serve(t, upstream, { args: ["--apps", file] });
  assert.equal((await fetch(`${url}/livez`)).status, 200);
});

test("the command that reads the token file calls Daraja with the live token", needs("curl"), async (t) => {
  const upstream = await daraja(t);
  const file = join(folder, "token");
  const { ask } = await serve(t, upstream, { args: ["--token-file", file] });
  await ask();
  const line = block("sh", "$(cat ")
    .replace("/run/daraja/token", file)
    .replace("https://api.safaricom.co.ke/mpesa/…", `${upstream.baseUrl}/mpesa/b2b/v1/remittax -d '{}'`);
  const { stdout } = await runProgram("sh", ["-c", line], { cwd: folder, env: clean });
  assert.equal(JSON.parse(stdout).ResponseCode, "0");
  assert.equal(upstream.count("token"), 1);
});

test("the server gives each metric of the table and of the dashboard, with the table's labels", async (t) => {
  const { url, token, call } = await serve(t, await daraja(t));
  await call(await token());
  const text = await (await fetch(`${url}/metrics`)).text();
  const table = docs.match(/^\| `(?:daraja_auth|process)_.*$/gm).join("\n");
  const { panels } = JSON.parse(readFileSync(join(root, "deploy", "grafana.json"), "utf8"));
  const queries = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  for (const query of block("promql", "").trim().split("\n")) assert.ok(queries.includes(query), query);
  const named = [table, ...queries].join("\n");
  const names = new Set(named.match(/\b(?:daraja_auth|process)_\w+/g));
  assert.ok(names.size >= 7);
  for (const name of names) assert.match(text, new RegExp(`^(# TYPE )?${name}[{ ]`, "m"), name);
  for (const [, name, labels] of table.matchAll(/`(daraja_auth_\w+)\{([\w,]+)\}`/g)) {
    const series = name.endsWith("_duration_seconds") ? `${name}_count` : name;
    for (const label of labels.split(",")) {
      assert.match(text, new RegExp(`^${series}\\{[^}]*\\b${label}="`, "m"), `${name}: ${label}`);
    }
  }
});
