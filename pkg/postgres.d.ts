export * from "./postgres.cjs";
