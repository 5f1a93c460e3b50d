import { createGlue } from "glue";
import * as host from "../src/wasm/host.js";

/** In place of an instance that is over, for what the garbage collector would give back to it. */
const over = new Proxy({}, { get: () => () => {} });

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
        glue.__wbg_set_wasm(over);
        onTrap(trap);
        throw trap;
      }
    };
  host.core.judge = guard(glue.judge);
  return {
    generateToken: guard(glue.generateToken),
    isTokenRejection: guard(glue.isTokenRejection),
    openCore: guard((options) => {
      const core = new glue.Core(options);
      return { call: guard((...args) => core.call(...args)), request: guard((given) => core.request(given)) };
    }),
  };
}

/**
 * Gives the way to the live instance of the module, which is started when it is needed, and again after a trap.
 *
 * `calls` are the reject functions of those who wait for it.
 */
export function bind(compile) {
  let module;
  let live;

  return function instance() {
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
  };
}

function internal(cause) {
  return new host.DarajaError("daraja-auth failed inside its WebAssembly module", {
    code: "ERR_DARAJA_INTERNAL",
    retryable: false,
    hint:
      "A page's Content-Security-Policy needs script-src 'wasm-unsafe-eval', an edge runtime's bundler the condition " +
      "workerd or edge-light. Otherwise please report it.",
    cause,
  });
}
