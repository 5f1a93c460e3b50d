// The package, under the path at which the demo page imports it.
declare module "*/daraja-auth/index.js" {
  export * from "daraja-auth";
}
declare module "*/daraja-auth/simulator.js" {
  export * from "daraja-auth/simulator";
}
