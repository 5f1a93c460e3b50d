// The warning for a manager without a store if its process may be one of several.
import { ignoreErrors } from "../ignore-errors.ts";
import { propertyOf } from "../options.ts";

export const CODE = "DARAJA_AUTH_NO_STORE";

/** Says what happens without a store. `place` says why there may be several processes. */
export const warningOf = (place: string): string =>
  `Without a store each process (${place}) has a token of its own, which ends the others' tokens. Give TokenManager a ` +
  "store, or memoryStore() if there is one process.";

/** Environment variables that identify a platform. Vercel is before Lambda, because it sets Lambda's variable too. */
export const PLATFORMS = ["VERCEL", "AWS_LAMBDA_FUNCTION_NAME", "K_SERVICE", "pm_id"];

/** Warns if this process or thread may be one of several. */
export function warnIfOneOfMany(): void {
  ignoreErrors(() => {
    const { process, Deno } = globalThis as typeof globalThis & { Deno?: unknown };
    // Deno asks its user before it shows a variable.
    if (Deno) return;
    const { emitWarning, env, getBuiltinModule, send } = process;
    const place =
      PLATFORMS.find((name) => propertyOf(env, name)) ??
      // Loading node:cluster takes a millisecond. A worker has loaded it already, and has a channel to its parent.
      (send && getBuiltinModule("node:cluster").isWorker ? "cluster" : undefined) ??
      (getBuiltinModule("node:worker_threads").isMainThread ? undefined : "worker_threads");
    if (place) emitWarning(warningOf(place), "DarajaAuthWarning", CODE);
  });
}
