import base64 from "../pkg/raw/daraja_auth_bg.wasm";
import { DarajaError } from "./error.js";
import { bind } from "./instance.js";

const call = /* @__PURE__ */ bind(() => new WebAssembly.Module(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))));

export { DarajaError };
export const generateToken = (options) => call("generateToken", options);
