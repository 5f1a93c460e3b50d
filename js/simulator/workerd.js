import { DarajaError } from "daraja-auth";
import { simulatorOf } from "./simulator.js";
import module from "./simulator.wasm";

// Under another name here, so that the class keeps its own in the bundle.
const ofEntry = /* @__PURE__ */ simulatorOf(() => module, DarajaError);

export { ofEntry as Simulator };
