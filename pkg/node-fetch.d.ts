export * from "./node-fetch.cjs";
