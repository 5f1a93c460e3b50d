import { createGlue } from "glue";
import * as host from "../src/wasm/host.js";
import { REMEDY } from "./remedy.js";

/**
 * Starts an instance of the module; gives its functions, which throw nothing but a DarajaError.
 *
 * A trap leaves an instance's memory half changed, so after the first one it is never entered again, and `onTrap` is
 * told, even where a caller's function between two of its frames hides the error.
 */
function start(module, onTrap) {
  const glue = createGlue(host);
  const { exports } = new WebAssembly.Instance(module, { a: glue });
  glue.__wbg_set_wasm(exports);
  glue.start();
  let trap;
  const guard =
    (run) =>
    (...args) => {
      if (trap) throw trap;
      try {
        return run(...args);
      } catch (error) {
        if (error instanceof host.DarajaError) throw error;
        trap ??= internal(error);
        onTrap(trap);
        throw trap;
      }
    };
  host.core.judge = guard(glue.judge);
  return { generateToken: guard(glue.generateToken) };
}

/** Gives the module's asynchronous functions, run in an instance that is started at the first call and again after a trap. */
export function bind(compile) {
  let module;
  let live;

  function instance() {
    if (live) return live;
    const calls = new Set();
    try {
      module ??= compile();
      const started = start(module, (trap) => {
        if (live?.calls === calls) live = undefined;
        for (const reject of calls) reject(trap);
        calls.clear();
      });
      live = { calls, ...started };
    } catch (error) {
      throw internal(error);
    }
    return live;
  }

  return (name, ...args) =>
    new Promise((resolve, reject) => {
      const { calls, [name]: run } = instance();
      calls.add(reject);
      run(...args)
        .then(resolve, reject)
        .then(() => calls.delete(reject));
    });
}

function internal(cause) {
  return new host.DarajaError("daraja-auth failed inside its WebAssembly module", {
    code: "ERR_DARAJA_INTERNAL",
    retryable: false,
    hint: REMEDY,
    cause,
  });
}
