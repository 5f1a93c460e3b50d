import hex from "../pkg/daraja_auth.wasm";
import { DarajaError } from "../src/wasm/host.js";
import { decode } from "./hex.js";
import { bind } from "./instance.js";

const call = bind(() => new WebAssembly.Module(decode(hex)));

export { DarajaError };
export const generateToken = (options) => call("generateToken", options);
