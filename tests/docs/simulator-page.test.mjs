// Runs the example of docs/simulator.md, and compares the page with the typings.
import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { run } from "../support/child.mjs";
import { project, root } from "../support/packed.mjs";

const page = readFileSync(join(root, "docs", "simulator.md"), "utf8");
const typings = readFileSync(join(root, "pkg", "simulator.d.cts"), "utf8");
const section = (title) => page.split(`\n## ${title}\n`)[1].split("\n## ")[0];
const rows = (title) => {
  const lines = section(title).split("\n");
  const table = lines.filter((line) => line.startsWith("|")).slice(2);
  return table.map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
};
const quoted = (text) => [...text.matchAll(/`([\w.-]+)/g)].map(([, name]) => name);
const membersOf = (name) => {
  const [, body] = new RegExp(`(?:interface|class) ${name} \\{(.*?)\n\\}`, "s").exec(typings);
  return [...body.matchAll(/^ {4}(?:readonly |get )?(\w+)\??[(:]/gm)].map(([, member]) => member);
};

test("the example of docs/simulator.md passes unchanged", async (t) => {
  const [, example] = /```js\n(.*?)```/s.exec(page);
  const folder = project(`simulator-page-${process.pid}`, { "example.test.mjs": example });
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const { code, stdout } = await run(process.execPath, ["--test", "--test-reporter=spec"], {
    cwd: folder,
    env: { NODE_TEST_CONTEXT: undefined },
  });
  assert.equal(code, 0, stdout);
  assert.match(stdout, /^ℹ pass 2$/m);
});

test("docs/simulator.md lists every option", () => {
  const names = rows("Options").map(([name]) => name.slice(1, -1));
  assert.deepEqual(names.toSorted(), membersOf("SimulatorOptions").toSorted());
});

test("docs/simulator.md lists every member of the class Simulator", () => {
  const names = rows("Members").map(([name]) => quoted(name)[0]);
  const members = membersOf("Simulator").filter((name) => name !== "constructor");
  assert.deepEqual(names.toSorted(), members.toSorted());
});

test("docs/simulator.md lists every kind of fault with the result of generateToken", async (t) => {
  const folder = project(`simulator-faults-${process.pid}`, {
    "index.mjs": 'export * from "daraja-auth";\nexport * from "daraja-auth/simulator";\n',
  });
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const { Simulator, generateToken } = await import(pathToFileURL(join(folder, "index.mjs")).href);
  const listed = rows("Faults").flatMap(([kinds, , outcome]) => quoted(kinds).map((kind) => [kind, outcome]));
  const [, union] = /type FaultKind =(.*?);/s.exec(typings);
  assert.deepEqual(
    listed.map(([kind]) => kind),
    [...union.matchAll(/"(.*?)"/g)].map(([, kind]) => kind),
  );
  for (const [kind, outcome] of listed) {
    const simulator = new Simulator();
    const [{ consumerKey, consumerSecret }] = simulator.apps;
    simulator.inject(kind === "latency" ? { kind, ms: 60_000 } : { kind });
    // Only the time limit ends a call with one of these faults, so the limit is short. Other calls have the default
    // limit, because a busy machine is slow.
    const limit = ["latency", "hang"].includes(kind) ? { timeoutMs: 5 } : {};
    const call = generateToken({ consumerKey, consumerSecret, fetch: simulator.fetch, retries: 0, ...limit });
    const code = await call.then(
      () => "a token",
      (error) => error.code,
    );
    const expected = outcome.startsWith("a token, or") ? outcome.split("or ")[1] : outcome;
    assert.equal(code, expected.replaceAll("`", ""), kind);
  }
});
