// Child processes that never outlive their test.
import { spawn } from "node:child_process";

/** Generous, because it only ends what hangs: the machine may be busy with something else. */
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
 * Starts a server, waits until `ready` matches what it prints, and gives the match, all that it prints, its number, and the
 * ways to stop it: politely, or by a signal (`end`).
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
  // Politely, so that it removes its temporary files. It takes no argument: t.after gives it one.
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
  // A group of its own, so that what the program starts ends with it.
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
    // The group is gone already.
  }
}
