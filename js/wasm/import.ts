// For workerd and edge runtimes, which compile nothing at run time: the bundler or the runtime imports the module.
import module from "#wasm/module";
import type { DarajaErrorFields } from "../error.ts";

export const compile = (): WebAssembly.Module => module;

/** Whether a request must not wait for the promise or timer of another: these runtimes cancel such a request. */
export const isolated = true;

/** The error does not ask which option was meant, so that these entries stay small. Its hint lists all options. */
export { unknownOption } from "../options.ts";
export { isolateMemory as defaultStore } from "../stores/isolate-memory.ts";
/** The network's errors have no code in these runtimes. */
export const hintNetwork = (fields: DarajaErrorFields): DarajaErrorFields => fields;
/** These runtimes compile the module before the program begins, so the environment lacks nothing. */
export const hintInternal = (): string => "Please report it.";
