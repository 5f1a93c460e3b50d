import { TokenManagerSettings, AppCredentials, ChangingCredentials, TokenManagerOptions } from 'daraja-auth';

/** The options `seal` and `open`. */
type Sealing = {
    /** Encrypts a token before it is written to the store. */
    seal: NonNullable<TokenManagerSettings["seal"]>;
    /** Decrypts what `seal` made. */
    open: NonNullable<TokenManagerSettings["open"]>;
} | {
    /** It needs `open` beside it. */
    seal?: undefined;
};
/** Credentials that stay the same. */
interface Fixed {
    /** This option excludes `consumerKey` and `consumerSecret`. */
    credentials?: undefined;
}
/** Options that override the variables, or for which no variable exists. */
type EnvOverrides = TokenManagerSettings & Partial<AppCredentials> & Sealing & Fixed;
/** The options that {@link fromEnv} returns. */
type EnvOptions = TokenManagerSettings & AppCredentials & Sealing & Fixed;
/**
 * Reads the options of `TokenManager` and of `generateToken` from the environment, by the same variables as the command
 * line.
 *
 * DARAJA_CONSUMER_KEY and DARAJA_CONSUMER_SECRET are required. DARAJA_ENVIRONMENT is sandbox (the default) or
 * production. DARAJA_BASE_URL is the URL of another Daraja, such as a simulator, and overrides it. MPESA_CONSUMER_KEY,
 * MPESA_CONSUMER_SECRET and MPESA_ENVIRONMENT are read if the others are not set. DARAJA_STORE names a store:
 * redis://…, postgres://… or file:…. On Node, Deno and Bun the store connects when it is first used. In other runtimes
 * DARAJA_STORE is an error: give `store` there.
 *
 * No file is read: `node --env-file=.env` does that.
 *
 * `generateToken` has no option `store`. If DARAJA_STORE is set, these options are an error there.
 *
 * @param overrides Options that override the variables, or that have no variable. An undefined one counts as left out.
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
