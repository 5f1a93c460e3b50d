export type { Fault, FaultKind, SimulatedApp, SimulatorOptions } from "./options.ts";
export type { Outcome, SimulatedRequest } from "./request.ts";
export { Simulator } from "./simulator.ts";
