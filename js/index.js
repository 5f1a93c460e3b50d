import text from "../pkg/daraja_auth.wasm";
import { entryOf } from "./entry.js";
import { decode } from "./printed.js";

const entry = /* @__PURE__ */ entryOf(() => new WebAssembly.Module(decode(text)), false);

export { DarajaError } from "../src/wasm/host.js";
export { memoryStore } from "./stores/memory.js";
export const generateToken = /* @__PURE__ */ (() => entry.generateToken)();
export const isTokenRejected = /* @__PURE__ */ (() => entry.isTokenRejected)();
export const TokenManager = /* @__PURE__ */ (() => entry.TokenManager)();
