// npm run fleet [-- --processes 8 --engines redis --scenarios kill]: runs real processes on a real Redis, a real
// Postgres and the file store, and injects failures. Then it runs two token servers on Redis, with clients in Python,
// PHP and Node. It prints a table, and exits with 1 if a scenario breaks its promise.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "./tools.mjs";

const list = (text) => text.split(",");
const { values } = parseArgs({
  options: {
    processes: { type: "string", default: "1,8,32,64" },
    engines: { type: "string", default: "redis,postgres,file" },
    /** Only the scenarios whose names contain this. */
    scenarios: { type: "string", default: "" },
  },
});
const sizes = list(values.processes).map(Number);
const names = list(values.engines);

if (!existsSync(join(root, "pkg", "index.js"))) {
  execFileSync(process.execPath, [join(root, "scripts", "build.mjs")], { stdio: "inherit" });
}
const { program } = await import("../tests/stores/engines/program.mjs");
const needed = { redis: "redis-server", postgres: "initdb" };
const missing = names.filter((name) => needed[name] && !program(needed[name]));
if (missing.length > 0) {
  const programs = missing.map((name) => needed[name]).join(" and ");
  console.error(
    `The fleet needs ${programs}, of Debian's packages redis-server and postgresql. Or use --engines file.`,
  );
  process.exit(2);
}
const { Runner } = await import("../tests/fleet/run-scenario.mjs");
const { baseline, scenarios } = await import("../tests/fleet/scenarios.mjs");
const { TokenServerRunner } = await import("../tests/fleet/token-servers/fleet.mjs");
const ofServers = await import("../tests/fleet/token-servers/scenarios.mjs");

/** The file store is for one machine with some processes, so one size is enough. */
const FILE_SIZE = 8;

const COLUMNS = ["", "calls", "rejected", "failed", "generates", "lost", "longest wait"];
const WIDTHS = [52, 7, 8, 8, 9, 4, 12];
const print = (cells) =>
  console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(WIDTHS[i]) : String(cell).padStart(WIDTHS[i]))).join("  "));

let broken = 0;
const runner = new Runner();

/** Prints a scenario's row. */
function show(scenario, { counts, promise, broken: promises }) {
  const { calls, rejections, failures, unavailable = 0, generates, lost, longestMs } = counts;
  const failed = Object.values(failures).reduce((sum, times) => sum + times, unavailable);
  // Without a shared record the count "lost" has no meaning.
  const lostOrNone = promise.lost === undefined ? "" : lost;
  print([scenario.name, calls, rejections, failed, generates, lostOrNone, `${Math.round(longestMs)} ms`]);
  for (const [code, times] of Object.entries(failures)) console.log(`    ${times} × ${code}`);
  for (const words of promises) console.log(`    BROKEN: ${words}`);
  broken += promises.length;
}

/** Runs the requested scenarios, and prints them under a title. */
async function showAll(all, size, engine, title) {
  const asked = [];
  for (const scenario of all) {
    if (scenario.name.includes(values.scenarios) && (await runner.suits(scenario, size, engine))) asked.push(scenario);
  }
  if (asked.length === 0) return;
  console.log(`\n${size} ${size === 1 ? "process" : "processes"}, ${title}\n`);
  print(COLUMNS);
  for (const scenario of asked) show(scenario, await runner.run(scenario, size, engine));
}

/** Runs the requested scenarios of two token servers. */
async function showTokenServers() {
  const asked = ofServers.scenarios.filter(({ name }) => name.includes(values.scenarios));
  if (!names.includes("redis") || asked.length === 0) return;
  const lacking = ["php", "python3"].filter((name) => !program(name));
  if (lacking.length > 0) {
    console.log(`\nThe rows with token servers need ${lacking.join(" and ")}.`);
    return;
  }
  console.log("\n2 token servers, redis, and 2 clients each in Python, PHP and Node\n");
  print(COLUMNS);
  const servers = new TokenServerRunner();
  try {
    for (const scenario of asked) show(scenario, await servers.run(scenario));
  } finally {
    await servers.stop();
  }
}

try {
  for (const size of sizes) {
    for (const engine of names) {
      if (engine === "file" && size !== FILE_SIZE && sizes.includes(FILE_SIZE)) continue;
      await showAll(scenarios, size, engine, engine);
    }
    await showAll([baseline], size, "memory", "no shared store");
  }
  await showTokenServers();
} finally {
  await runner.stop();
}
console.log(broken > 0 ? `\nBroken promises: ${broken}` : "\nEvery scenario kept its promise.");
process.exitCode = broken > 0 ? 1 : 0;
