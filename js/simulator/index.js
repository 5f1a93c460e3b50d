import { DarajaError } from "daraja-auth";
import text from "../../pkg/simulator.wasm";
import { decodeBase64 } from "../base64.js";
import { simulatorOf } from "./simulator.js";

// Under another name here, so that the class keeps its own in the bundle.
const ofEntry = /* @__PURE__ */ simulatorOf(() => new WebAssembly.Module(decodeBase64(text)), DarajaError);

export { ofEntry as Simulator };
