import module from "./daraja_auth.wasm?module";
import { entryOf } from "./entry.js";

const entry = /* @__PURE__ */ entryOf(() => module, true);

export { DarajaError } from "./error.ts";
export { memoryStore } from "./stores/memory.ts";
export const generateToken = /* @__PURE__ */ (() => entry.generateToken)();
export const isTokenRejected = /* @__PURE__ */ (() => entry.isTokenRejected)();
// Under another name here, so that the class keeps its own in the bundle.
const ofEntry = /* @__PURE__ */ (() => entry.TokenManager)();

export { ofEntry as TokenManager };
