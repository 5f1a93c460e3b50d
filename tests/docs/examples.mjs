// Runs each example as a developer does: with its folder, its npm scripts, the packed package, and a simulated Daraja.

import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { run, serve } from "../support/child.mjs";
import { tool } from "../support/npm-tools.mjs";
import { project, root } from "../support/packed.mjs";

const source = join(root, "examples");
const READY = /http:\/\/127\.0\.0\.1:\d+/;
const shared = ["stk-push.mjs"];
const GENERATED = /^(node_modules|dist|\.next|\.wrangler|package-lock\.json)$/;

/** The names of the examples: each is a folder. */
export const names = readdirSync(source, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** The variables in the form of a .env file. */
const dotenv = (variables) =>
  Object.entries(variables)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}\n`)
    .join("");

/**
 * Copies an example and its shared files, and gives functions that run its scripts. Its variables are in the file that
 * examples/README.md names: `file`, or `.env` by default.
 */
export function example(name, { program, variables, quiet }, file = ".env") {
  const paths = [...shared, ...filesOf(name)];
  const top = project(`examples-${name}`, {
    ...Object.fromEntries(paths.map((path) => [path, readFileSync(join(source, path), "utf8")])),
    [join(name, file)]: dotenv(variables),
  });
  const folder = join(top, name);
  const { scripts, dependencies, devDependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  // The programs of npm packages are in the folder that npm uses. The runtime is the one that the test chose.
  const bin = join(top, "node_modules", ".bin");
  mkdirSync(bin);
  for (const command of new Set(Object.values(scripts).map((script) => script.split(" ")[0]))) {
    if (command in { ...dependencies, ...devDependencies }) symlinkSync(tool(command).path, join(bin, command));
  }
  const PATH = [bin, dirname(program), process.env.PATH].join(delimiter);
  const options = { cwd: folder, env: { ...quiet, PATH, PORT: variables.PORT ?? "0" } };
  /** Runs a script like `npm run`, but without npm's process, which would receive the signals. */
  const script = (which, args) => ["-c", `exec ${scripts[which]} "$@"`, which, ...args];
  return {
    folder,
    async runs(which, ...args) {
      const { code, stdout, stderr } = await run("sh", script(which, args), options);
      assert.equal(code, 0, stdout + stderr);
      return stdout;
    },
    starts: (...args) => serve("sh", script("start", args), { ...options, ready: READY }),
  };
}

/** Serves the handler of one file as Lambda does. The process loads only that file. Each request is an event. */
export async function startLambda(t, file, { program, variables }) {
  const task = mkdtempSync(join(tmpdir(), "daraja-example-"));
  t.after(() => rmSync(task, { recursive: true, force: true }));
  const alone = join(task, "index.cjs");
  copyFileSync(file, alone);
  const invoke = `
    const { handler } = require(process.argv[1]);
    const server = require("node:http").createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      const answer = await handler({ body });
      response.writeHead(answer.statusCode, answer.headers).end(answer.body);
    });
    server.listen(0, "127.0.0.1", () => console.log("http://127.0.0.1:" + server.address().port));
  `;
  const args = ["--no-experimental-require-module", "--eval", invoke, alone];
  return serve(program, args, { cwd: task, env: variables, ready: READY });
}

function filesOf(folder) {
  return readdirSync(join(source, folder), { withFileTypes: true })
    .filter((entry) => !GENERATED.test(entry.name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesOf(path) : [path];
    });
}
