// The functions that the WebAssembly module imports, because they need objects of the runtime. src/ declares them.
import type { AccessToken } from "./access-token.ts";
import { safeCause } from "./cause.ts";
import { DarajaError, type DarajaErrorFields } from "./error.ts";
import { type AttemptEnd, type Fetch, send, type TokenRequest } from "./http.ts";
import { valueAt } from "./json.ts";
import { effects } from "./manager/effect.ts";
import { records } from "./manager/record.ts";
import { readOption } from "./options.ts";
import { ABORTED, abortReason, withTimeout } from "./with-timeout.ts";

/** A call of `generateToken`. */
export interface Call {
  readonly request: TokenRequest;
  readonly fetch: Fetch | undefined;
  readonly signal: AbortSignal | undefined;
  readonly retries: number;
}

/** The module's own function. It gives the token or the promise of another attempt, or throws the error. */
export type AttemptEnded = (call: Call, attempts: number, end: AttemptEnd) => AccessToken | Promise<AccessToken>;

/** Gives the fields of an error, with a better hint if the network's error says what happened. */
export type HintNetwork = (fields: DarajaErrorFields) => DarajaErrorFields;

/** Gives the name of an unknown option. It may add a question, such as "; did you mean baseUrl?". */
export type UnknownOption = (options: unknown, known: string) => string | undefined;

/**
 * The imports of one instance of the module. `attemptEnded` is that instance's function. `isOver` says whether a trap
 * has ended the instance. In that case the call was rejected, and must not send again.
 */
export function hostOf(
  attemptEnded: AttemptEnded,
  isOver: () => boolean,
  hintNetwork: HintNetwork,
  unknownOption: UnknownOption,
) {
  /** One attempt of a call, after the pause if there is one. */
  async function attempt(call: Call, attempts: number, pauseMs: number | undefined): Promise<AccessToken> {
    const { request, fetch, signal } = call;
    try {
      // Waiting also lets the module return first. Otherwise the caller's fetch could enter the module while it still
      // runs.
      await (pauseMs === undefined ? undefined : sleep(pauseMs, signal));
      const end = isOver() ? NO_END : await send(request, fetch, signal);
      return await attemptEnded(call, attempts, end);
    } catch (error) {
      throw error === ABORTED ? abortReason(signal) : error;
    }
  }

  return {
    darajaError: (message: string, fields: DarajaErrorFields) => new DarajaError(message, hintNetwork(fields)),
    accessToken: (accessToken: string, expiresIn: number, expiresAt: number): AccessToken =>
      Object.freeze({ accessToken, expiresIn, expiresAt }),
    attempt,
    call: (request: TokenRequest, fetch: Fetch, signal: AbortSignal, retries: number): Call => ({
      request,
      fetch,
      signal,
      retries,
    }),
    hasFetch: () => typeof globalThis.fetch === "function",
    readOption,
    safeCause: (cause: unknown, ...secrets: string[]) => safeCause(cause, secrets),
    tokenRequest,
    unknownOption,
    valueAt,
    ...effects,
    ...records,
  };
}
export type Host = ReturnType<typeof hostOf>;

/** The argument for an instance that a trap has ended. Its `attemptEnded` throws the trap without reading this. */
const NO_END: AttemptEnd = { failure: undefined, cause: undefined, response: undefined };

/** Rejects with ABORTED if the signal aborts. If the signal throws, the pause ends, and the next attempt fails. */
async function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await withTimeout(ms, signal, () => new Promise<void>(() => {})).catch((error) => {
    if (error === ABORTED) throw error;
  });
}

function tokenRequest(
  url: string,
  authorization: string,
  consumerKey: string,
  consumerSecret: string,
  userAgent: string,
  timeoutMs: number,
): TokenRequest {
  return { url, authorization, consumerKey, consumerSecret, userAgent, timeoutMs };
}
