// What the main entry exports. "#wasm" is how each runtime gets the module: js/wasm/inline.ts or import.ts.
export type { AccessToken } from "./access-token.ts";
export { DarajaError, type DarajaErrorCode, type DarajaErrorFields } from "./error.ts";
export { type Environment, type GenerateTokenOptions, generateToken } from "./generate-token.ts";
export { isTokenRejected } from "./is-token-rejected.ts";
export type { TokenEvent } from "./manager/event.ts";
export type {
  AppCredentials,
  ChangingCredentials,
  PolicyNumber,
  TokenManagerOptions,
  TokenManagerSettings,
  TokenPolicy,
} from "./manager/settings.ts";
export {
  type EndpointOptions,
  type FetchOptions,
  type GetTokenOptions,
  TokenManager,
} from "./manager/token-manager.ts";
export { memoryStore } from "./stores/memory.ts";
export type { StoredRecord, TokenStore } from "./stores/store.ts";
