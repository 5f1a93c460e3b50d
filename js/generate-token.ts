import type { AccessToken } from "./access-token.ts";
import { instance } from "./instance.ts";

/** The options of {@link generateToken}. An unknown or ill-typed one is refused by name. */
export interface GenerateTokenOptions {
  /** The app's Consumer Key, from My Apps on the Daraja portal, with nothing around it. */
  consumerKey: string;
  /** The app's Consumer Secret. */
  consumerSecret: string;
  /** Which Daraja to ask. Default: `"sandbox"`, so that nobody moves money by omission. */
  environment?: "sandbox" | "production" | undefined;
  /** Another base URL instead of the environment's; https only, http on loopback only. */
  baseUrl?: string | undefined;
  /** The path of the token endpoint. Default: `"/oauth/v1/generate"`, the documented one. */
  path?: string | undefined;
  /** The `fetch` to use, for proxies, agents and tests. Default: the global one, looked up at each call. */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
  /** Aborts the call: before the request, during it, in its body, in the pause before another attempt. */
  signal?: AbortSignal | undefined;
  /** How long one attempt may take, in milliseconds. Default: 10 000. */
  timeoutMs?: number | undefined;
  /**
   * How many attempts may follow a failed first one, 0 to 10. Default: 1. Only network failures, time-outs, 429 and 5xx
   * answers are tried again, after a random pause that grows; a Retry-After of up to 5 seconds is honoured.
   */
  retries?: number | undefined;
}

/**
 * Asks Daraja for an access token: one request, one token, nothing remembered.
 *
 * **Each token that Daraja grants invalidates the one before it**, so keep the token for its hour instead of calling
 * this before every request.
 *
 * Only network failures, time-outs, 429 and 5xx answers are tried again ({@link GenerateTokenOptions.retries}), one
 * attempt after the other. Redirects are never followed.
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
    // A trap in the module rejects every call that is under way.
    calls.add(reject);
    generateToken(options)
      .then(resolve, reject)
      .then(() => calls.delete(reject));
  });
}
