// Calls functions of the simulator's module.
import { createGlue, type Glue } from "#glue/simulator";
import { compile } from "#wasm";
import { internalError } from "../internal-error.ts";

let module: WebAssembly.Module | undefined;
let glue: Glue | undefined;

function start(): Glue {
  module ??= compile();
  const started = createGlue();
  const { exports } = new WebAssembly.Instance(module, {
    "./simulator_bg.js": started as unknown as WebAssembly.ModuleImports,
  });
  started.__wbg_set_wasm(exports);
  (exports.__wbindgen_start as () => void)();
  return started;
}

/**
 * Calls a function of the module. The first call starts an instance.
 *
 * Throws the function's error for an invalid option. Any other error is a bug of this package, and ends the instance.
 * The instance keeps no state, so the next call starts another one.
 */
export function call<Name extends keyof Functions>(name: Name, ...args: Parameters<Functions[Name]>) {
  try {
    glue ??= start();
    return (glue[name] as (...args: unknown[]) => unknown)(...args) as ReturnType<Functions[Name]>;
  } catch (error) {
    if ((error as { code?: unknown } | undefined)?.code === "ERR_DARAJA_INVALID_OPTION") throw error;
    glue = undefined;
    throw internalError("daraja-auth/simulator failed inside its WebAssembly module", error);
  }
}

type Functions = Omit<Glue, "__wbg_set_wasm">;
