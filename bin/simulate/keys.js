// The keys for a person while the simulator runs: a letter and Enter, as in Vite.
import { createInterface } from "node:readline";
import { parseFault } from "./fault.js";

export const HELP = [
  "  f FAULT + Enter  injects a fault, such as f spike-arrest or f hang:path=/mpesa/",
  "  c + Enter        clears all faults",
  "  e + Enter        makes all tokens expire: moves the clock by their lifetime",
  "  q + Enter        quits",
  "  h + Enter        prints this",
];

/**
 * Listens for keys if stdin is a terminal. Returns a function that stops this. `lifetimeMs` is the lifetime of a token,
 * and `quit` stops the simulator.
 *
 * @param {import("../../pkg/simulator.js").Simulator} simulator
 * @param {{ lifetimeMs: number, quit: () => void, input?: NodeJS.ReadStream, output?: NodeJS.WritableStream }} options
 */
export function listenForKeys(simulator, { lifetimeMs, quit, input = process.stdin, output = process.stdout }) {
  if (!input.isTTY) return () => {};
  /** @param {string[]} lines */
  const say = (...lines) => output.write(`${lines.join("\n")}\n`);
  /** @type {Record<string, (text: string) => void>} */
  const commands = {
    f(text) {
      if (text === "") return say("Which one? For example: f spike-arrest");
      try {
        simulator.inject(/** @type {any} */ (parseFault(text)));
        say(`The fault is on: ${text}`);
      } catch (error) {
        const { message } = /** @type {Error} */ (error);
        say(`Not injected: ${message}`);
      }
    },
    c() {
      simulator.clearFaults();
      say("All faults are cleared.");
    },
    e() {
      simulator.advance(lifetimeMs);
      say(`Every token has expired: the clock was moved by ${lifetimeMs / 1000} seconds.`);
    },
    q: quit,
    h: () => say(...HELP),
  };
  const lines = createInterface({ input });
  lines.on("line", (line) => {
    const [, letter, rest] = /** @type {RegExpExecArray} */ (/^\s*(\S?)\s*(.*?)\s*$/.exec(line));
    if (letter === "") return;
    if (Object.hasOwn(commands, letter)) commands[letter](rest);
    else say("h + Enter lists the keys.");
  });
  return () => lines.close();
}
