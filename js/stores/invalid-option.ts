// The error for a wrong argument, and how it names what was found.
import { DarajaError } from "daraja-auth";

/** The error for an option that cannot be used. `message` reads "what: expected X, found Y". */
export function invalidOption(message: string, hint: string): DarajaError {
  return new DarajaError(message, { code: "ERR_DARAJA_INVALID_OPTION", retryable: false, hint });
}

/** The kind of a value in words, such as "a string". */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** Whether a value has all of these methods, separated by spaces. */
export function hasMethods(value: unknown, methods: string): boolean {
  const object = value as Record<string, unknown> | null | undefined;
  return methods.split(" ").every((name) => typeof object?.[name] === "function");
}
