export * from "./simulator.cjs";
