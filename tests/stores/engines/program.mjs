// Starts the engines for the stores' tests: real servers on free ports of loopback, each with its own folder.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import { delimiter, join } from "node:path";

/** Debian keeps Postgres's programs off the PATH, one folder for each version. */
const DEBIANS_POSTGRES = "/usr/lib/postgresql";
const postgresFolders = existsSync(DEBIANS_POSTGRES)
  ? readdirSync(DEBIANS_POSTGRES).map((version) => join(DEBIANS_POSTGRES, version, "bin"))
  : [];
const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", ...postgresFolders];

/** The path of a server's program, or undefined. */
export function program(name) {
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** node:test's options for a suite that needs these programs. Without them it is skipped, but with CI=true it fails. */
export function needs(...names) {
  const missing = names.filter((name) => !program(name));
  const why = missing.length > 0 && `no ${missing.join(" and no ")} on this machine`;
  if (why && process.env.CI === "true") throw new Error(why);
  return { skip: why };
}

export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The running servers, which end when the test's process ends. */
const running = new Set();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

/** Starts a server and waits until its output shows that it is ready. */
export async function launch(path, args, { ready, stopBy = "SIGTERM", ...options }) {
  const child = spawn(path, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
  running.add(child);
  let output = "";
  let tell;
  const ended = new Promise((resolve) => {
    child.once("error", resolve);
    child.once("close", resolve);
  }).then((result) => {
    running.delete(child);
    return result;
  });
  const isReady = new Promise((resolve) => {
    tell = resolve;
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
      if (ready.test(output)) tell(true);
    });
  }
  if ((await Promise.race([isReady, ended])) !== true) throw new Error(`${path} did not start:\n${output}`);
  return {
    pid: child.pid,
    async stop(signal = stopBy) {
      child.kill(signal);
      await ended;
    },
  };
}

/** Options that start a server as another user, if the tests run as root: such a server refuses to run as root. */
export function unprivileged(name) {
  if (process.getuid?.() !== 0) return {};
  const id = (flag) => Number(spawnSync("id", [flag, name], { encoding: "utf8" }).stdout);
  return { uid: id("-u"), gid: id("-g") };
}
