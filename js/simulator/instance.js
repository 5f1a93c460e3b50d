import { createGlue } from "glue";

/**
 * Gives a way to call the simulator's module by a function's name, in an instance that is started at the first call.
 *
 * What the module throws by itself comes out as it is. Anything else is a fault of ours, which `internal` makes an error
 * of, and ends that instance; since it kept nothing, the next call starts another.
 */
export function bind(compile, internal) {
  let module;
  let glue;

  function start() {
    module ??= compile();
    const started = createGlue();
    const { exports } = new WebAssembly.Instance(module, { "./simulator_bg.js": started });
    started.__wbg_set_wasm(exports);
    exports.__wbindgen_start();
    return started;
  }

  return (name, ...args) => {
    try {
      glue ??= start();
      return glue[name](...args);
    } catch (error) {
      if (error?.code === "ERR_DARAJA_INVALID_OPTION") throw error;
      glue = undefined;
      throw internal(error);
    }
  };
}
