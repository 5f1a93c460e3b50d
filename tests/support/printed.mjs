// What a log may show of an error, and the check that no secret is in it.
import assert from "node:assert/strict";
import { format, inspect } from "node:util";

/** Ways in which logs print a value. */
export function printed(error) {
  const values = [error, error.cause].filter((value) => value instanceof Error);
  return [
    inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: true, maxStringLength: null }),
    inspect(error, { customInspect: false, showProxy: true, depth: Number.POSITIVE_INFINITY }),
    format("%s %o %j", error, error, error),
    JSON.stringify(error),
    ...values.flatMap((value) => [String(value), value.message, value.stack]),
    ...Reflect.ownKeys(error).map((key) => String(error[key])),
  ];
}

/** Checks that nothing of an error shows one of the secrets. */
export function assertHidden(error, ...secrets) {
  for (const text of printed(error)) {
    for (const secret of secrets) {
      assert.ok(!text?.includes(secret), `${secret} in ${text}`);
    }
  }
}
