// What the WebAssembly module imports: what only a runtime's own objects can do. src/wasm/host.rs declares the same.
import { safeCause } from "./cause.ts";
import { DarajaError, type DarajaErrorFields } from "./error.ts";
import { type AttemptEnd, type Fetch, send } from "./http.ts";
import { valueAt } from "./json.ts";
import { readOption, unknownOption } from "./options.ts";
import { ABORTED, abortReason, withTimeout } from "./with-timeout.ts";

/** The module's own function: gives the token, or the pause before another attempt, or throws the error. */
export type Judge = (
  authorization: string,
  consumerSecret: string,
  timeoutMs: number,
  retries: number,
  attempts: number,
  ...end: AttemptEnd
) => AccessToken | number;

interface AccessToken {
  readonly accessToken: string;
  readonly expiresIn: number;
  readonly expiresAt: number;
}

/** The live module's own function, which js/instance.js sets. A call under way needs nothing else of the module. */
export const core: { judge: Judge } = {
  judge: () => {
    throw new Error("no instance of the module has started");
  },
};

/** Sends a request and has each answer judged, until that gives a token or throws an error. */
async function sendUntilJudged(
  fetch: Fetch | undefined,
  signal: AbortSignal | undefined,
  url: string,
  authorization: string,
  userAgent: string,
  timeoutMs: number,
  maxBytes: number,
  secret: string,
  retries: number,
): Promise<AccessToken> {
  // Read once: a trap ends the module and rejects this call, which must not go on in the next instance.
  const { judge } = core;
  try {
    for (let attempts = 1; ; attempts++) {
      const end = await send({ fetch, signal, url, authorization, userAgent, timeoutMs, maxBytes });
      const step = judge(authorization, secret, timeoutMs, retries, attempts, ...end);
      // A number is the pause before another attempt, in milliseconds.
      if (typeof step !== "number") return step;
      await withTimeout(step, signal, () => new Promise(() => {})).catch(unlessAborted);
    }
  } catch (error) {
    throw error === ABORTED ? abortReason(signal) : error;
  }
}

/** A signal that fails in a pause only cuts it short: the next attempt says what is wrong. */
function unlessAborted(error: unknown): void {
  if (error === ABORTED) throw error;
}

function hasFetch(): boolean {
  return typeof globalThis.fetch === "function";
}

/** The frozen object that `generateToken` resolves to. */
function accessToken(accessToken: string, expiresIn: number, expiresAt: number): AccessToken {
  return Object.freeze({ accessToken, expiresIn, expiresAt });
}

/** The request for a token, as a manager keeps it. */
function tokenRequest(
  url: string,
  authorization: string,
  consumerKey: string,
  consumerSecret: string,
  userAgent: string,
) {
  return { url, authorization, consumerKey, consumerSecret, userAgent };
}

/** A DarajaError, without the fields that do not apply. */
function darajaError(
  message: string,
  code: DarajaErrorFields["code"],
  retryable: boolean,
  hint: string,
  status: number,
  errorCode: string,
  requestId: string,
  incidentId: string,
  retryAfterMs: number,
  attempts: number,
  cause: unknown,
  authorization: string,
  secret: string,
): DarajaError {
  const all = { code, retryable, status, errorCode, requestId, incidentId, retryAfterMs, attempts, hint };
  // Rust passes 0, an empty text or a negative wait for a field that does not apply.
  const applies = ([name, value]: [string, unknown]) =>
    name === "retryAfterMs" ? (value as number) >= 0 : value !== "" && value !== 0;
  const fields = Object.fromEntries(Object.entries(all).filter(applies)) as unknown as DarajaErrorFields;
  if (cause !== undefined) fields.cause = safeCause(cause, [authorization, secret]);
  return new DarajaError(message, fields);
}

/** The module's imports. */
export const host = {
  accessToken,
  darajaError,
  hasFetch,
  readOption,
  sendUntilJudged,
  tokenRequest,
  unknownOption,
  valueAt,
};
export type Host = typeof host;
