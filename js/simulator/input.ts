// Reads the options and faults of a caller, and says what is wrong with them.
import { DarajaError } from "daraja-auth";

const USAGE = "The typings of daraja-auth/simulator say what each option is.";

export function invalidOption(message: string, hint = USAGE): DarajaError {
  return new DarajaError(message, { code: "ERR_DARAJA_INVALID_OPTION", retryable: false, hint });
}

/** Runs a function. The module's error for an invalid option becomes a DarajaError. */
export function checked<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof DarajaError) throw error;
    const { message, hint } = error as { message: string; hint: string };
    throw invalidOption(message, hint);
  }
}

/** Gives an object's own members. Undefined members count as left out. */
export function ownMembers(name: string, object: unknown): Record<string, unknown> {
  let members: [string, unknown][] | undefined;
  try {
    members = isPlain(object) ? Object.entries(object) : undefined;
  } catch {
    throw invalidOption(`${name}: expected plain data, found a property that throws when it is read`);
  }
  if (!members) throw invalidOption(`${name}: expected a plain object, found ${kindOf(object)}`);
  const there = members.filter(([, value]) => value !== undefined);
  const copy = there.map(([member, value]) => [member, isEndless(value) ? UNUSABLE : value]);
  // The copy inherits nothing: see propertyOf in ../options.ts.
  return Object.assign(Object.create(null), Object.fromEntries(copy));
}

export function checkFunction(name: string, value: unknown): void {
  if (value === undefined || typeof value === "function") return;
  throw invalidOption(`${name}: expected a function, found ${kindOf(value)}`);
}

/** Replaces NaN and infinities, for which JSON would write null. No member accepts this number. */
const UNUSABLE = -0.5;
const isEndless = (value: unknown) => typeof value === "number" && !Number.isFinite(value);

/** Whether it is a plain object. An instance of a class is not, because the members of its class would be missed. */
function isPlain(value: unknown): value is object {
  if (value === null || typeof value !== "object") return false;
  const prototype = Object.getPrototypeOf(value);
  // The check looks at the end of the prototype chain, because another realm has its own Object.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

export function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value !== "object") return `a ${typeof value}`;
  return isPlain(value) ? "an object" : "an instance of a class";
}
