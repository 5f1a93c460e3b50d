// Starts the WebAssembly module, guards it against traps, and replaces it after one.
import { createGlue } from "#glue/client";
import { compile, hintNetwork, unknownOption } from "#wasm";
import { DarajaError } from "./error.ts";
import { hostOf } from "./host.ts";
import { internalError } from "./internal-error.ts";
import type { ManagerCore } from "./manager/core.ts";

/**
 * Starts an instance of the module. Gives its functions, which throw only DarajaErrors.
 *
 * A trap leaves an instance's memory half changed. So after the first trap the instance is never entered again, and
 * `onTrap` is called, even if a caller's function between two frames of the module hides the error.
 */
function start(module: WebAssembly.Module, onTrap: (trap: DarajaError) => void) {
  let trap: DarajaError | undefined;
  const guard =
    <Args extends unknown[], Result>(run: (...args: Args) => Result) =>
    (...args: Args): Result => {
      if (trap) throw trap;
      try {
        return run(...args);
      } catch (thrown) {
        if (thrown instanceof DarajaError) throw thrown;
        trap ??= internal(thrown);
        // The garbage collector must not enter the instance either, to free its objects.
        glue.__wbg_set_wasm(new Proxy({}, { get: () => () => {} }));
        onTrap(trap);
        throw trap;
      }
    };
  const host = hostOf(
    guard((...args) => glue.attemptEnded(...args)),
    () => trap !== undefined,
    hintNetwork,
    unknownOption,
  );
  const glue = createGlue(host);
  const { exports } = new WebAssembly.Instance(module, glue.imports);
  glue.__wbg_set_wasm(exports);
  glue.start(exports);
  return {
    closedError: guard(glue.closedError),
    generateToken: guard(glue.generateToken),
    judgeError: guard(glue.judgeError),
    optionNames: guard(glue.optionNames),
    lateError: guard(glue.lateError),
    openCore: guard((options: unknown): ManagerCore => methodsOf(new glue.ManagerCore(options), guard)),
  };
}

type Method = (...args: unknown[]) => unknown;

/** Gives an object with the methods of a core, each guarded. */
function methodsOf(core: ManagerCore, guard: (run: Method) => Method): ManagerCore {
  const methods = core as unknown as Record<string, Method>;
  const names = Object.getOwnPropertyNames(Object.getPrototypeOf(core)).filter((name) => name !== "constructor");
  const guarded = names.map((name) => [name, guard((...args) => methods[name]?.(...args))]);
  return Object.fromEntries(guarded);
}

/** A live instance. `calls` holds the reject functions of the calls that wait for it. */
export type Instance = ReturnType<typeof start> & { readonly calls: Set<(trap: unknown) => void> };

let module: WebAssembly.Module | undefined;
let live: Instance | undefined;

/** Gives the live instance of the module. Starts one at the first call, and at the first call after a trap. */
export function instance(): Instance {
  if (live) return live;
  const calls: Instance["calls"] = new Set();
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
}

function internal(cause: unknown): DarajaError {
  return internalError("daraja-auth failed inside its WebAssembly module", cause);
}
