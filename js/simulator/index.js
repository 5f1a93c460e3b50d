import { DarajaError } from "daraja-auth";
import text from "../../pkg/simulator.wasm";
import { decode } from "../printed.js";
import { simulatorOf } from "./simulator.js";

export const Simulator = /* @__PURE__ */ simulatorOf(() => new WebAssembly.Module(decode(text)), DarajaError);
