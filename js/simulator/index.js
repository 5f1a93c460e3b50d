import { DarajaError } from "daraja-auth";
import base64 from "../../pkg/simulator.wasm";
import { decode } from "../base64.js";
import { simulatorOf } from "./simulator.js";

export const Simulator = /* @__PURE__ */ simulatorOf(() => new WebAssembly.Module(decode(base64)), DarajaError);
