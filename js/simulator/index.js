import { DarajaError } from "daraja-auth";
import hex from "../../pkg/simulator.wasm";
import { decode } from "../hex.js";
import { simulatorOf } from "./simulator.js";

export const Simulator = /* @__PURE__ */ simulatorOf(() => new WebAssembly.Module(decode(hex)), DarajaError);
