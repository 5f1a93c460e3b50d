// A time limit and a signal for any operation.
import { ignoreErrors } from "./ignore-errors.ts";
import { readOption } from "./options.ts";

/** What {@link withTimeout} rejects with when the signal aborts. */
export const ABORTED: unique symbol = Symbol("aborted");
/** What {@link withTimeout} rejects with when the time is up. */
export const TIMEOUT: unique symbol = Symbol("timeout");

/** Settles as the operation does, unless the time is up or the signal aborts first. */
export function withTimeout<T>(
  ms: number,
  signal: AbortSignal | undefined,
  operation: () => PromiseLike<T>,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let abort: () => void;
  return new Promise<T>((resolve, reject) => {
    abort = () => reject(ABORTED);
    if (signal?.aborted) return abort();
    signal?.addEventListener("abort", abort);
    timer = setTimeout(() => reject(TIMEOUT), ms);
    operation().then(resolve, reject);
  }).finally(() => {
    clearTimeout(timer);
    ignoreErrors(() => signal?.removeEventListener("abort", abort));
  });
}

/** Gives the signal's reason, with which an abort rejects as it does with fetch. Older polyfills have none. */
export function abortReason(signal: AbortSignal | undefined): unknown {
  const { value } = readOption(signal, "reason");
  return value === undefined ? AbortSignal.abort().reason : value;
}
