export type { Fault, FaultKind, SimulatedApp, SimulatorOptions, StkResult } from "./options.ts";
export type { Outcome, SimulatedCallback, SimulatedRequest } from "./request.ts";
export { Simulator } from "./simulator.ts";
