import { DarajaError } from "../src/wasm/host.js";
import module from "./daraja_auth.wasm?module";
import { bind } from "./instance.js";

const call = /* @__PURE__ */ bind(() => module);

export { DarajaError };
export const generateToken = (options) => call("generateToken", options);
