import type { Environment } from "../generate-token.ts";
import type { TokenStore } from "../stores/store.ts";
import type { TokenEvent } from "./event.ts";

/**
 * The options of {@link TokenManager}: credentials, either as two strings or as a function, and settings. An unknown
 * option, or a value of a wrong type, gives an error that names the option.
 */
export type TokenManagerOptions = TokenManagerSettings & (FixedCredentials | ChangingCredentials) & (Sealed | Unsealed);

/** A Consumer Key and its Consumer Secret. Both belong to one app on the Daraja portal. */
export interface AppCredentials {
  /** The app's Consumer Key, without quotes or spaces. */
  consumerKey: string | undefined;
  /** The app's Consumer Secret. */
  consumerSecret: string | undefined;
}

/** Credentials that stay the same. */
interface FixedCredentials extends AppCredentials {
  /** This option excludes `consumerKey` and `consumerSecret`. */
  credentials?: undefined;
}

/** Credentials that change, instead of the two strings. */
export interface ChangingCredentials {
  /**
   * Gives the credentials, at the first call and each time Daraja is asked for a token. Use it for rotation and secret
   * managers. Its promise must settle within `timeoutMs`. If it fails when Daraja is asked, that counts as a failed
   * attempt.
   *
   * @example
   * ```js
   * credentials: async () => JSON.parse(await secretManager.read("daraja")),
   * ```
   */
  credentials: () => AppCredentials | Promise<AppCredentials>;
  /** `credentials` excludes this option. */
  consumerKey?: undefined;
  /** `credentials` excludes this option. */
  consumerSecret?: undefined;
}

/** The token is encrypted in the store. */
interface Sealed {
  /** Encrypts a token before it is written to the store. */
  seal: NonNullable<TokenManagerSettings["seal"]>;
  /** Decrypts what `seal` made. */
  open: NonNullable<TokenManagerSettings["open"]>;
}

/** The token is not encrypted in the store. With `open` alone, the manager reads tokens that other instances sealed. */
interface Unsealed {
  /** It needs `open` beside it. */
  seal?: undefined;
}

/** The options of {@link TokenManager} without the credentials. */
export interface TokenManagerSettings {
  /**
   * Which Daraja to ask.
   * @default "sandbox"
   */
  environment?: Environment | undefined;
  /**
   * The base URL to use instead of the environment's. It must be https. For this machine, http is allowed too.
   * @default undefined
   */
  baseUrl?: string | undefined;
  /**
   * The path of the token endpoint.
   * @default "/oauth/v1/generate"
   */
  path?: string | undefined;
  /**
   * The `fetch` to use, for tokens and for {@link TokenManager.fetch}. Its first argument is a URL as text. By default
   * each call looks up the global one.
   * @default globalThis.fetch
   */
  fetch?: ((input: string, init: RequestInit) => Promise<Response>) | undefined;
  /**
   * How long one attempt to get a token may take, in milliseconds.
   * @default 10000
   */
  timeoutMs?: number | undefined;
  /**
   * How many more attempts follow a failed one, 0 to 10. Only errors that are `retryable` are tried again.
   * @default 1
   */
  retries?: number | undefined;
  /**
   * Where the token is kept. Instances that use the same Consumer Key need a store that they share.
   * @default the memory of the process
   */
  store?: TokenStore | undefined;
  /**
   * How long before its end a token is renewed, in milliseconds. It is at most half of the token's lifetime. Without
   * this option it is at most a twelfth of the lifetime.
   * @default 300000
   */
  renewBeforeMs?: number | undefined;
  /**
   * Whether a token is renewed before its end even if no call asks for it. The timer keeps no process alive. Workers
   * and edge runtimes ignore this option, since they run nothing between two requests.
   * @default false
   */
  renewInBackground?: boolean | undefined;
  /**
   * Whether {@link TokenManager.fetch} sends a request once more after its token was rejected. If not, the token is
   * still replaced, for the next request.
   * @default true
   */
  retryOnRejection?: boolean | undefined;
  /**
   * What to do if there is no usable token and the store fails: reject, or ask Daraja without the store. The latter
   * invalidates the token of the other instances.
   * @default "fail"
   */
  onStoreDown?: "fail" | "generate" | undefined;
  /**
   * Is called with each event, for logs and metrics. Errors that it throws are ignored.
   * @default undefined
   */
  onEvent?: ((event: TokenEvent) => void) | undefined;
  /**
   * Encrypts a token before it is written to the store. It needs `open` beside it. docs/manager.md has a recipe.
   * @default undefined
   */
  seal?: ((accessToken: string) => string | Promise<string>) | undefined;
  /**
   * Decrypts what `seal` made. If it throws, the store counts as failed. It returns null if the key is lost. Then
   * Daraja is asked for another token. It is not called for a token that is not sealed.
   * @default undefined
   */
  open?: ((sealed: string) => string | null | Promise<string | null>) | undefined;
  /**
   * The wall clock, in milliseconds since the Unix epoch, for tests.
   * @default Date.now
   */
  now?: (() => number) | undefined;
  /**
   * Numbers of the protocol. Instances that share a record should have the same numbers.
   * @default undefined
   */
  policy?: TokenPolicy | undefined;
}

/** Numbers of the protocol, in milliseconds. The constructor throws if numbers contradict each other. */
export interface TokenPolicy {
  /**
   * How long before its end a token is renewed. Here it is at most a twelfth of the token's lifetime. The manager's
   * option of this name allows up to half of the lifetime.
   * @default 300000
   */
  renewBeforeMs?: number | undefined;
  /**
   * How long requests in flight have to finish before a renewal invalidates their token.
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
   * How long a call waits for a token, unless it sets its own {@link GetTokenOptions.deadlineMs}.
   * @default 45000, or more with the manager's `timeoutMs` and `retries`
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
 * The other numbers that `policy` takes, for tests with short lifetimes. They may change in any version. The reasons
 * for their values are in crates/core/src/manager/policy/mod.rs.
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
