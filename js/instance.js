import { createGlue } from "glue";
import * as host from "../src/wasm/host.js";

/** What a dead instance's exports return: the glue may index it, and finds nothing there. */
const NOTHING = Object.freeze([0, 0]);

/**
 * Starts an instance of the module, whose exports never throw.
 *
 * A trap leaves an instance's memory half changed, so the first one kills the instance: its exports do nothing from then
 * on, and `onTrap` rejects its calls. Frames of the instance that are still on the stack are unwound, whatever they
 * would catch.
 */
function start(module, onTrap) {
  const glue = createGlue(host);
  const { exports } = new WebAssembly.Instance(module, { a: glue });
  let depth = 0;
  let trap;
  const guard =
    (run) =>
    (...args) => {
      if (trap) {
        if (depth > 0) throw trap;
        return NOTHING;
      }
      depth++;
      try {
        return run(...args);
      } catch (error) {
        trap ??= error ?? new Error("trap");
        if (depth > 1) throw trap;
        return NOTHING;
      } finally {
        depth--;
        // Not in the catch: a caller's function between two frames of the instance may have caught the trap.
        if (trap && depth === 0) onTrap(trap);
      }
    };
  const guarded = {};
  for (const name of Object.keys(exports)) {
    const value = exports[name];
    guarded[name] = typeof value === "function" ? guard(value) : value;
  }
  glue.__wbg_set_wasm(guarded);
  glue.start();
  // An instance that traps at its start must not go live.
  if (trap) throw trap;
  host.core.judge = glue.judge;
  return glue;
}

/** Gives the module's asynchronous functions, run in an instance that is started at the first call and again after a trap. */
export function bind(compile) {
  let module;
  let live;

  function instance() {
    if (live) return live;
    const calls = new Set();
    const started = { calls, glue: undefined };
    module ??= compile();
    started.glue = start(module, (trap) => {
      if (live === started) live = undefined;
      for (const reject of calls) reject(internal(trap));
      calls.clear();
    });
    live = started;
    return started;
  }

  return (name, ...args) =>
    new Promise((resolve, reject) => {
      try {
        const { calls, glue } = instance();
        calls.add(reject);
        const settle = (how) => (value) => {
          calls.delete(reject);
          how(value);
        };
        glue[name](...args).then?.(settle(resolve), settle(reject));
      } catch (error) {
        reject(internal(error));
      }
    });
}

function internal(cause) {
  return new host.DarajaError("daraja-auth failed inside its WebAssembly module", {
    code: "ERR_DARAJA_INTERNAL",
    retryable: false,
    hint:
      "A page needs script-src 'wasm-unsafe-eval' in its Content-Security-Policy, an edge runtime a bundler that sets the " +
      "condition workerd or edge-light. Otherwise the fault is ours: please report it.",
    cause,
  });
}
