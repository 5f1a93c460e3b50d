import { createGlue } from "glue";
import { DarajaError } from "./error.ts";
import { hostOf } from "./host.ts";
import { REMEDY } from "./remedy.js";

/**
 * Starts an instance of the module; gives its functions, which throw nothing but a DarajaError.
 *
 * A trap leaves an instance's memory half changed, so after the first one it is never entered again, and `onTrap` is
 * told, even where a caller's function between two of its frames hides the error.
 */
function start(module, onTrap) {
  let trap;
  const guard =
    (run) =>
    (...args) => {
      if (trap) throw trap;
      try {
        return run(...args);
      } catch (thrown) {
        if (thrown instanceof DarajaError) throw thrown;
        trap ??= internal(thrown);
        // What the garbage collector would give back to this instance must not enter it either.
        glue.__wbg_set_wasm(new Proxy({}, { get: () => () => {} }));
        onTrap(trap);
        throw trap;
      }
    };
  const host = hostOf(
    guard((...args) => glue.attemptEnded(...args)),
    () => trap !== undefined,
  );
  const glue = createGlue(host);
  const { exports } = new WebAssembly.Instance(module, glue.imports);
  glue.__wbg_set_wasm(exports);
  glue.start(exports);
  return {
    generateToken: guard(glue.generateToken),
    judgeError: guard(glue.judgeError),
    openCore: guard((options) => {
      const opened = new glue.Core(options);
      return {
        call: guard((...args) => opened.call(...args)),
        classify: guard(glue.classify),
        request: guard((given) => opened.request(given)),
      };
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
    } catch (cause) {
      throw internal(cause);
    }
    return live;
  };
}

function internal(cause) {
  return new DarajaError("daraja-auth failed inside its WebAssembly module", {
    code: "ERR_DARAJA_INTERNAL",
    retryable: false,
    hint: REMEDY,
    cause,
  });
}
