import { DarajaError } from "daraja-auth";
import { simulatorOf } from "./simulator.js";
import module from "./simulator.wasm";

export const Simulator = /* @__PURE__ */ simulatorOf(() => module, DarajaError);
