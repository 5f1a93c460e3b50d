import base64 from "../pkg/daraja_auth.wasm";
import { DarajaError } from "../src/wasm/host.js";
import { decode } from "./base64.js";
import { bind } from "./instance.js";

const call = bind(() => new WebAssembly.Module(decode(base64)));

export { DarajaError };
export const generateToken = (options) => call("generateToken", options);
