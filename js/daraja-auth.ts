// What the stores and the simulator take from the package's main entry, for the type checker.
export { DarajaError } from "./error.ts";
export type { StoredRecord, TokenStore } from "./stores/store.ts";
