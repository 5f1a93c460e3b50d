// A program with which a test talks while it runs: a server, or a program on a terminal.
import { spawn } from "node:child_process";

/** This is long, because it only ends programs that hang, and the machine may be busy. */
const LIMIT_MS = 60_000;
const living = new Set();

process.once("exit", () => {
  for (const child of living) child.kill("SIGKILL");
});

/**
 * Starts a program, and kills it after `limitMs` if it still runs. Its output is in `stdout` and `stderr`, and `ended` gives
 * `{ code, signal }`.
 */
export function start(program, args, { limitMs = LIMIT_MS, ...options } = {}) {
  const child = spawn(program, args, options);
  const limit = setTimeout(() => child.kill("SIGKILL"), limitMs);
  const waiting = new Set();
  living.add(child);
  const running = {
    pid: child.pid,
    stdout: "",
    stderr: "",
    type: (text) => child.stdin.write(text),
    kill: (signal) => child.kill(signal),
    /** Closes the reader's end of the program's stdout. */
    stopReading: () => child.stdout.destroy(),
    /** Waits until the pattern matches the program's output, on stdout or on stderr. Gives the match. */
    until(pattern, name = "stdout") {
      return new Promise((resolve, reject) => {
        const look = (isOver) => {
          const match = pattern.exec(running[name]);
          if (match) resolve(match);
          else if (isOver) reject(new Error(`never printed ${pattern}:\n${running.stdout}\n${running.stderr}`));
          else return;
          waiting.delete(look);
        };
        waiting.add(look);
        look(!living.has(child));
      });
    },
    ended: new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) => {
        clearTimeout(limit);
        living.delete(child);
        for (const look of waiting) look(true);
        resolve({ code, signal });
      });
    }),
  };
  for (const name of ["stdout", "stderr"]) {
    child[name].setEncoding("utf8").on("data", (text) => {
      running[name] += text;
      for (const look of waiting) look(false);
    });
  }
  child.stdin.on("error", () => {});
  return running;
}
