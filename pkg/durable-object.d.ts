export * from "./durable-object.cjs";
