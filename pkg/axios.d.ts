export * from "./axios.cjs";
