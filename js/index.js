import text from "../pkg/daraja_auth.wasm";
import { entryOf } from "./entry.js";
import { decodeBase64 } from "./wasm/base64.ts";

const entry = /* @__PURE__ */ entryOf(() => new WebAssembly.Module(decodeBase64(text)), false);

export { DarajaError } from "./error.ts";
export { memoryStore } from "./stores/memory.ts";
export const generateToken = /* @__PURE__ */ (() => entry.generateToken)();
export const isTokenRejected = /* @__PURE__ */ (() => entry.isTokenRejected)();
// Under another name here, so that the class keeps its own in the bundle.
const ofEntry = /* @__PURE__ */ (() => entry.TokenManager)();

export { ofEntry as TokenManager };
