import { DarajaError } from "daraja-auth";
import { hintInternal } from "#wasm";

/** The error for a module that fails or cannot start. */
export function internalError(message: string, cause: unknown): DarajaError {
  return new DarajaError(message, { code: "ERR_DARAJA_INTERNAL", retryable: false, hint: hintInternal(cause), cause });
}
