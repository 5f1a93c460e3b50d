export * from "./env.cjs";
