// The warning for a manager without a store where its process is one of several.
import { ignoreErrors } from "../ignore-errors.ts";
import { propertyOf } from "../options.ts";

export const CODE = "DARAJA_AUTH_NO_STORE";

/** Says what happens without a store where `place` runs several processes. */
export const warningOf = (place: string): string =>
  `A TokenManager without a store keeps its token in memory. ${place} may run several processes, and each would end the ` +
  "tokens of the others. Give it a store, or memoryStore() if there is one process only.";

/** Variables of the environment that only one platform sets. Vercel runs on Lambda. */
const PLATFORMS = "VERCEL AWS_LAMBDA_FUNCTION_NAME K_SERVICE pm_id".split(" ");
const NAMES = ["Vercel", "AWS Lambda", "Cloud Run", "pm2"];

/** Warns if this process, or this thread of it, is one of several. */
export function warnIfOneOfMany(): void {
  ignoreErrors(() => {
    const { process, Deno } = globalThis as typeof globalThis & { Deno?: unknown };
    // Deno asks its user before it shows a variable.
    if (Deno) return;
    const { emitWarning, env, getBuiltinModule, send } = process;
    const place =
      NAMES[PLATFORMS.findIndex((name) => propertyOf(env, name))] ??
      // Loading node:cluster takes a millisecond. A worker has loaded it, and has a channel to its parent.
      (send && getBuiltinModule("node:cluster").isWorker ? "cluster" : undefined) ??
      (getBuiltinModule("node:worker_threads").isMainThread ? undefined : "worker_threads");
    if (place) emitWarning(warningOf(place), "DarajaAuthWarning", CODE);
  });
}
