import simulator from "./simulator.cjs";

export const { Simulator } = simulator;
