import entry from "./simulator.cjs";

export const { Simulator } = entry;
