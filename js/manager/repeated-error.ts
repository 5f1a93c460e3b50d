import { DarajaError } from "../error.ts";
import { propertyOf } from "../options.ts";

/**
 * Copies the error of the last attempt, which this or another acquisition made. The next attempt is possible after
 * `retryAfterMs`. `attempts` is the number of attempts of this acquisition.
 */
export function repeatedError(error: unknown, retryAfterMs: number | undefined, attempts: number): unknown {
  if (!(error instanceof DarajaError)) return error;
  const { attempts: _, ...fields } = { ...error, cause: propertyOf(error, "cause") };
  return new DarajaError(error.message, {
    ...fields,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(attempts > 0 && { attempts }),
  });
}
