// What a process pays before its first token: importing the package, compiling the module, and the call itself.
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { consumerKey, consumerSecret } from "../tests/daraja.mjs";
import { alternate } from "./statistics.mjs";
import { printTable } from "./table.mjs";

const PEERS = ["mpesa-api", "mpesa-node", "oauth4webapi", "axios"];

/**
 * A program that warms the platform's own fetch, then times the rest of itself and prints that.
 * Node loads parts of its fetch as late as at the second request, the first to reuse a connection; then threads of V8
 * compile its HTTP parser, which slows down whatever comes meanwhile by up to 10 ms: hence the pause.
 */
const program = (load, baseUrl) => `
  (async () => {
    const request = ${JSON.stringify({ baseUrl, consumerKey, consumerSecret })};
    const bareFetch = async () =>
      (await fetch(request.baseUrl + "/answers/token", { signal: new AbortController().signal })).json();
    for (let i = 0; i < 3; i++) await bareFetch();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const start = performance.now();
    ${load}
    console.log(performance.now() - start);
  })();
`;
const firstToken = "await generateToken(request);";

export async function benchCold({ folder, baseUrl, rounds }) {
  const loads = {
    "ours import": ["mjs", `const { generateToken } = await import("daraja-auth"); ${firstToken}`],
    "ours require": ["cjs", `const { generateToken } = require("daraja-auth"); ${firstToken}`],
    "load import": ["mjs", 'await import("daraja-auth");'],
    "load require": ["cjs", 'require("daraja-auth");'],
    "floor import": ["mjs", 'await import("empty-package"); await bareFetch();'],
    "floor require": ["cjs", 'require("empty-package"); await bareFetch();'],
  };
  for (const name of ["empty-package", ...PEERS]) {
    loads[`${name} import`] = ["mjs", `await import("${name}");`];
    loads[`${name} require`] = ["cjs", `require("${name}");`];
  }
  const functions = {};
  for (const [name, [extension, load]] of Object.entries(loads)) {
    const file = join(folder, `${name.replaceAll(" ", "-")}.${extension}`);
    writeFileSync(file, program(load, baseUrl));
    functions[name] = async () => {
      const { stdout } = await promisify(execFile)(process.execPath, [file], { cwd: folder, timeout: 60_000 });
      return Number(stdout);
    };
  }
  // The first run reads the files from the disk.
  await alternate(1, functions);
  const times = await alternate(rounds, functions);
  for (const how of ["import", "require"]) {
    const base = times[`mpesa-api ${how}`];
    printTable(`Cold start by ${how}, against ${how} of mpesa-api alone (fresh processes, ${rounds} each)`, [
      { name: "an empty package", times: times[`empty-package ${how}`], base },
      { name: "an empty package and a bare fetch", times: times[`floor ${how}`], base },
      ...PEERS.map((name) => ({ name, times: times[`${name} ${how}`], base })),
      { name: "daraja-auth, without a call", times: times[`load ${how}`], base },
      { name: "daraja-auth and its first token", times: times[`ours ${how}`], base, aim: 1 },
    ]);
  }
}
