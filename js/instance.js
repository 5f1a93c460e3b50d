import { createGlue } from "glue";
import { DarajaError } from "./error.js";

/** What a dead instance's exports return: the glue may index it, and finds nothing there. */
const NOTHING = Object.freeze([0, 0]);

/**
 * Starts an instance of the module, whose exports never throw into the runtime.
 *
 * A trap leaves an instance's memory half changed and, when it happens in a callback, would end the process.
 * So the first trap kills the instance: its callbacks do nothing from then on, and `onTrap` rejects its calls.
 * Frames of the instance that are still on the stack are unwound, whatever they would catch.
 */
function start(module, onTrap) {
  const glue = createGlue(DarajaError);
  const { exports } = new WebAssembly.Instance(module, { "./daraja_auth_bg.js": glue });
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
  // Not the guarded one: an instance that traps here has no calls to reject, and must not go live.
  exports.__wbindgen_start();
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
  return new DarajaError("daraja-auth failed inside its WebAssembly module", { code: "ERR_DARAJA_INTERNAL", retryable: false, hint: "" }, cause);
}
