import type { AccessToken } from "./access-token.ts";
import { instance } from "./instance.ts";

/** Which Daraja: `"sandbox"` is for tests, `"production"` moves real money. */
export type Environment = "sandbox" | "production";

/**
 * The options of {@link generateToken}. An unknown option, or a value of a wrong type, gives an error that names the
 * option.
 */
export interface GenerateTokenOptions {
  /**
   * The app's Consumer Key, from My Apps on the Daraja portal, without quotes or spaces. If it is undefined, as with an
   * environment variable that is not set, the error says so.
   */
  consumerKey: string | undefined;
  /** The app's Consumer Secret. */
  consumerSecret: string | undefined;
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
   * The `fetch` to use, for proxies, agents and tests. By default each call looks up the global one.
   * @default globalThis.fetch
   */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
  /**
   * Aborts the call at any time: before a request, during it, while the answer is read, or between two attempts.
   * @default undefined
   */
  signal?: AbortSignal | undefined;
  /**
   * How long one attempt may take, in milliseconds.
   * @default 10000
   */
  timeoutMs?: number | undefined;
  /**
   * How many more attempts follow a failed one, 0 to 10. Only errors that are `retryable` are tried again, after a
   * random pause that grows. A Retry-After of up to 5 seconds is respected.
   * @default 1
   */
  retries?: number | undefined;
}

/**
 * Asks Daraja for a new access token. It remembers no token: each call gets another one.
 *
 * **Each token that Daraja grants invalidates the one before it**, so keep the token for its hour instead of calling
 * this before every request.
 *
 * Attempts never overlap. Redirects are never followed.
 *
 * @returns A promise of a frozen object. It rejects with a {@link DarajaError}, or, when `signal` aborts, with the
 * signal's reason. It never throws synchronously.
 *
 * @see https://developer.safaricom.co.ke/APIs/Authorization
 *
 * @example
 * ```js
 * import { generateToken } from "daraja-auth";
 *
 * const { accessToken, expiresAt } = await generateToken({
 *   consumerKey: process.env.DARAJA_CONSUMER_KEY,
 *   consumerSecret: process.env.DARAJA_CONSUMER_SECRET,
 *   environment: "sandbox",
 * });
 * ```
 */
export function generateToken(options: GenerateTokenOptions): Promise<AccessToken> {
  return new Promise((resolve, reject) => {
    const { calls, generateToken } = instance();
    // A trap in the module rejects every call in flight.
    calls.add(reject);
    generateToken(options)
      .then(resolve, reject)
      .then(() => calls.delete(reject));
  });
}
