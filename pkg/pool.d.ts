export * from "./pool.cjs";
