import type { TokenStore } from "../stores/store.ts";
import type { TokenEvent } from "./event.ts";

/** The options of {@link TokenManager}. An unknown or ill-typed one is refused by name. */
export type TokenManagerOptions = TokenManagerSettings & (AppCredentials | ChangingCredentials);

/** Credentials that change, instead of the two strings. */
export interface ChangingCredentials {
  /**
   * Gives the credentials each time Daraja is asked for a token: for rotation and secret managers. It must settle within
   * `timeoutMs`; where it fails, it is called again as Daraja would be.
   */
  credentials: () => AppCredentials | Promise<AppCredentials>;
}

/** The options of {@link TokenManager}, but the credentials. */
export interface TokenManagerSettings {
  /** Which Daraja to ask. Default: `"sandbox"`, so that nobody moves money by omission. */
  environment?: "sandbox" | "production" | undefined;
  /** Another base URL instead of the environment's; https only, http on loopback only. */
  baseUrl?: string | undefined;
  /** The path of the token endpoint. Default: `"/oauth/v1/generate"`, the documented one. */
  path?: string | undefined;
  /** The `fetch` to use, for tokens and for {@link TokenManager.fetch}; always with a URL in text. Default: the global one, looked up at each call. */
  fetch?: ((input: string, init: RequestInit) => Promise<Response>) | undefined;
  /** How long one attempt to get a token may take, in milliseconds. Default: 10 000. */
  timeoutMs?: number | undefined;
  /** How many attempts may follow a failed one, 0 to 10. Default: 1. */
  retries?: number | undefined;
  /** Where the token is kept. Default: {@link memoryStore}, for a single instance. */
  store?: TokenStore | undefined;
  /** How long before its end a token is renewed, in milliseconds. Default: 5 minutes, or a twelfth of its lifetime. */
  renewBeforeMs?: number | undefined;
  /**
   * Whether a token is renewed in time though nobody asks for it. Default: false, since serverless instances freeze. It
   * keeps no process alive, and has no effect on workers and edge runtimes.
   */
  renewInBackground?: boolean | undefined;
  /**
   * Whether {@link TokenManager.fetch} sends a request once more after its token was refused. Default: true. Without it
   * the token is replaced all the same, for the next request.
   */
  retryOnRejection?: boolean | undefined;
  /**
   * What to do with no usable token and a store that fails. Default: `"fail"`. `"generate"` asks Daraja without the store,
   * which kills the token of the others.
   */
  onStoreDown?: "fail" | "generate" | undefined;
  /** Is told what happens. What it throws is ignored. */
  onEvent?: ((event: TokenEvent) => void) | undefined;
  /** Seals a token before it is written to the store. It needs `open` beside it; docs/manager.md has a recipe. */
  seal?: ((accessToken: string) => string | Promise<string>) | undefined;
  /**
   * Opens what `seal` made. It rejects where it cannot, and the store counts as failed; or gives null, where the key is
   * lost: then the token counts as none, and another is asked for. A token that was not sealed is not given to it.
   */
  open?: ((sealed: string) => string | null | Promise<string | null>) | undefined;
  /** The wall clock, in milliseconds since the epoch. Default: `Date.now`. For tests. */
  now?: (() => number) | undefined;
  /** Numbers of the protocol. Instances that share a record should have the same. */
  policy?: TokenPolicy | undefined;
}

/** A Consumer Key and its Consumer Secret. */
export interface AppCredentials {
  consumerKey: string;
  consumerSecret: string;
}

/** Numbers of the protocol, in milliseconds. The constructor refuses numbers that contradict each other. */
export interface TokenPolicy {
  /**
   * How long before its end a token is renewed. It is at most a twelfth of the token's lifetime. As an option of the
   * manager it may be up to half of the lifetime.
   * @default 300000
   */
  renewBeforeMs?: number | undefined;
  /**
   * How long requests that are under way get to finish before a renewal invalidates their token.
   * @default 1000
   */
  drainMs?: number | undefined;
  /**
   * How long one attempt to get a token may take. It is an option of the manager too.
   * @default 10000
   */
  timeoutMs?: number | undefined;
  /**
   * How much longer than one attempt the lease of the instance that generates is valid.
   * @default 5000
   */
  leaseMarginMs?: number | undefined;
  /**
   * How long a call waits for a token. A call can set its own with {@link GetTokenOptions.deadlineMs}.
   * @default 45000
   */
  deadlineMs?: number | undefined;
  /**
   * How long one operation of the store may take.
   * @default 2000
   */
  storeTimeoutMs?: number | undefined;
}

/** The name of a number in {@link TokenPolicy}. */
export type PolicyNumber = keyof TokenPolicy;

/**
 * The other numbers that `policy` takes, for tests with short lifetimes. They may change in any version. The reasons for
 * their values are in crates/core/src/manager/policy/mod.rs.
 * @internal
 */
export type InternalPolicyNumber =
  | "blockingWindowMs"
  | "minRemainingMs"
  | "revalidateAfterMs"
  | "renewalWaitMs"
  | "firstPauseMs"
  | "longestPauseMs"
  | "storePatienceMs"
  | "clockToleranceMs"
  | "budget"
  | "budgetRefillMs"
  | "endpointCooldownMs"
  | "maxEndpointCooldownMs"
  | "failureBackoffMs"
  | "maxFailureBackoffMs"
  | "credentialsBackoffMs"
  | "maxCredentialsBackoffMs"
  | "longestWaitMs"
  | "contentionWindowMs"
  | "keepRecordMs";
