import { DarajaError } from "daraja-auth";

/** The error for a module that fails, or cannot start. */
export function internalError(message: string, cause: unknown): DarajaError {
  return new DarajaError(message, {
    code: "ERR_DARAJA_INTERNAL",
    retryable: false,
    hint:
      "A page's Content-Security-Policy needs script-src 'wasm-unsafe-eval', an edge runtime's bundler the condition " +
      "workerd or edge-light. Otherwise please report it.",
    cause,
  });
}
