// A time limit and a signal for any operation.
import { ignoreErrors } from "./ignore-errors.ts";
import { readOption } from "./options.ts";

/** The value with which {@link withTimeout} rejects if the signal aborts. */
export const ABORTED: unique symbol = Symbol("aborted");
/** The value with which {@link withTimeout} rejects if the time is up. */
export const TIMEOUT: unique symbol = Symbol("timeout");

/** Settles as the operation does, unless the time is up or the signal aborts first. */
export function withTimeout<T>(
  ms: number,
  signal: AbortSignal | undefined,
  operation: () => PromiseLike<T>,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let forget: (() => void) | undefined;
  return new Promise<T>((resolve, reject) => {
    if (signal?.aborted) return reject(ABORTED);
    if (signal) forget = whenAborted(signal, () => reject(ABORTED));
    timer = setTimeout(() => reject(TIMEOUT), ms);
    operation().then(resolve, reject);
  }).finally(() => {
    clearTimeout(timer);
    ignoreErrors(() => forget?.());
  });
}

/** All waits on a signal share one listener, because Node 20 warns about more than ten listeners. */
function sharedListener() {
  const aborts = new Set<() => void>();
  const listener = () => {
    for (const abort of aborts) abort();
  };
  return { aborts, listener };
}

const waits = new WeakMap<AbortSignal, ReturnType<typeof sharedListener>>();

/**
 * Calls `abort` when the signal aborts. Gives a function that removes `abort`. The last removal removes the listener.
 */
function whenAborted(signal: AbortSignal, abort: () => void): () => void {
  const known = waits.get(signal);
  const shared = known ?? sharedListener();
  const { aborts, listener } = shared;
  // This must come before the listener is added, because a signal of another library may call the listener at once.
  aborts.add(abort);
  if (known === undefined) {
    signal.addEventListener("abort", listener);
    waits.set(signal, shared);
  }
  return () => {
    aborts.delete(abort);
    if (aborts.size > 0) return;
    waits.delete(signal);
    signal.removeEventListener("abort", listener);
  };
}

/** Gives the signal's reason. An abort rejects with it, as with fetch. Older polyfills have no reason. */
export function abortReason(signal: AbortSignal | undefined): unknown {
  const { value } = readOption(signal, "reason");
  return value === undefined ? AbortSignal.abort().reason : value;
}
