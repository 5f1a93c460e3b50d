import { TokenManagerSettings, AppCredentials, ChangingCredentials, TokenManagerOptions } from 'daraja-auth';

/** `seal` needs `open` beside it. */
type Sealing = {
    /** Encrypts a token before it is written to the store. */
    seal: NonNullable<TokenManagerSettings["seal"]>;
    /** Decrypts what `seal` made. */
    open: NonNullable<TokenManagerSettings["open"]>;
} | {
    /** Only beside `open`. */
    seal?: undefined;
};
/** Credentials that stay the same. */
interface Fixed {
    /** Not beside `consumerKey` and `consumerSecret`. */
    credentials?: undefined;
}
/** Options that win over the environment's variables, or that no variable has. */
type EnvOverrides = TokenManagerSettings & Partial<AppCredentials> & Sealing & Fixed;
/** What {@link fromEnv} gives. */
type EnvOptions = TokenManagerSettings & AppCredentials & Sealing & Fixed;
/**
 * Reads the options of `TokenManager` and of `generateToken` from the environment, by the same variables as the command
 * line.
 *
 * DARAJA_CONSUMER_KEY and DARAJA_CONSUMER_SECRET are needed. DARAJA_ENVIRONMENT is sandbox, if it is not set, or production;
 * DARAJA_BASE_URL is another Daraja, such as a simulator, and wins over it. MPESA_CONSUMER_KEY, MPESA_CONSUMER_SECRET and
 * MPESA_ENVIRONMENT are read where the others are not set. DARAJA_STORE names a store: redis://…, postgres://… or file:….
 * On Node, Deno and Bun it connects when it is used; in other runtimes it is an error, so give `store` there.
 *
 * No file is read: `node --env-file=.env` does that.
 *
 * `generateToken` remembers nothing and has no option `store`, so it refuses what this gives where DARAJA_STORE is set.
 *
 * @param overrides Options that win over the variables, or that have none. One that is undefined is not given.
 * @param env The variables. In a Cloudflare Worker it is the handler's `env`. The default is `process.env`.
 * @throws {DarajaError} ERR_DARAJA_INVALID_OPTION, if a variable is missing or cannot be used. The message names it.
 *
 * @example
 * ```js
 * import { TokenManager } from "daraja-auth";
 * import { fromEnv } from "daraja-auth/env";
 *
 * const tokens = new TokenManager(fromEnv());
 * ```
 */
declare function fromEnv(overrides?: EnvOverrides, env?: object): EnvOptions;
declare function fromEnv(overrides: TokenManagerSettings & ChangingCredentials & Sealing, env?: object): TokenManagerOptions;

export { fromEnv };
export type { EnvOptions, EnvOverrides };
