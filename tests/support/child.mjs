// Child processes that end with their test.
import { spawn } from "node:child_process";

/** Long, because the limit only ends programs that hang, and the machine may be busy. */
const LIMIT_MS = 180_000;
const STOP_MS = 10_000;
const living = new Set();

process.once("exit", () => living.forEach(kill));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1));

/** Runs a program to its end and gives `{ code, signal, stdout, stderr }`. It is killed after `limitMs`. */
export function run(program, args, { limitMs = LIMIT_MS, ...options } = {}) {
  const { child, output } = start(program, args, options);
  child.stdin.end();
  const limit = setTimeout(kill, limitMs, child);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      kill(child);
      clearTimeout(limit);
      resolve({ code, signal, ...output });
    });
  });
}

/**
 * Starts a server, and waits until `ready` matches its standard output. Gives the match, the output, the process id, and two
 * functions that wait until the server has ended: `stop` lets it clean up, and `end` sends it a signal.
 */
export function serve(program, args, { ready, ...options }) {
  const { child, output } = start(program, args, options);
  const closed = new Promise((resolve) => child.once("close", resolve));
  const end = async (signal) => {
    if (!living.has(child)) return;
    child.kill(signal);
    const limit = setTimeout(kill, STOP_MS, child);
    await closed;
    clearTimeout(limit);
    kill(child);
  };
  // The server can remove its temporary files. The function takes no argument, because t.after passes one.
  const stop = () => end("SIGTERM");
  return new Promise((resolve, reject) => {
    const fail = (why) => {
      kill(child);
      reject(new Error(`${program} ${args.join(" ").slice(0, 200)}: ${why}\n${output.stdout}${output.stderr}`));
    };
    const limit = setTimeout(fail, LIMIT_MS, "did not get ready");
    child.once("close", () => clearTimeout(limit));
    child.once("error", fail);
    child.once("close", () => fail("ended"));
    child.stdout.on("data", () => {
      const match = output.stdout.match(ready);
      if (!match) return;
      clearTimeout(limit);
      resolve({ match, output, stop, end, pid: child.pid });
    });
  });
}

function start(program, args, { cwd, env } = {}) {
  if (!program) throw new Error("the runtime of this test is not installed");
  // The program has its own process group, so that its child processes end with it.
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, detached: true });
  const output = { stdout: "", stderr: "" };
  living.add(child);
  for (const name of ["stdout", "stderr"]) {
    child[name].setEncoding("utf8").on("data", (text) => {
      output[name] += text;
    });
  }
  return { child, output };
}

function kill(child) {
  living.delete(child);
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // The group has already ended.
  }
}
