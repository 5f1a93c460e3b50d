export * from "./file.cjs";
