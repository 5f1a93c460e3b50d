// The small language of --fault: KIND, or KIND:name=value,name=value.
import { UsageError } from "../failure.js";

/** @typedef {import("../../pkg/simulator.js").Simulator} Simulator */

/** All kinds of faults that the simulator knows. */
export const KINDS = [
  ["empty-400", "blocked-403", "blocked-503", "blocked-200", "imperva-403", "imperva-503", "imperva-200"],
  ["spike-arrest", "busy", "quota", "rate-limited", "unavailable", "maintenance"],
  ["latency", "hang", "cut", "truncated", "wrong-type"],
].flat();

const EXAMPLES = "For example: --fault spike-arrest --fault latency:ms=5000,rate=0.2 --fault hang:path=/mpesa/,times=3";
const NUMBERS = ["rate", "times", "ms", "retryAfterSeconds"];

/**
 * The fault that a text describes, in the form for `Simulator.inject`, which checks the values.
 *
 * @param {string} text
 */
export function parseFault(text) {
  const [, kind, rest] = /** @type {RegExpExecArray} */ (/^([^:]*):?(.*)$/s.exec(text));
  /** @type {Record<string, string | number>} */
  const fault = { kind };
  for (const setting of rest === "" ? [] : rest.split(",")) {
    const [, name, value] = /** @type {RegExpExecArray} */ (/^([^=]*)=?(.*)$/s.exec(setting));
    if (name !== "path" && !NUMBERS.includes(name)) {
      throw new UsageError("--fault: expected rate, times, path, ms or retryAfterSeconds after the colon", EXAMPLES);
    }
    if (NUMBERS.includes(name) && !/^\d*\.?\d+$/.test(value)) {
      throw new UsageError(`--fault: ${name}: expected a number, such as ${name}=1`, EXAMPLES);
    }
    fault[name] = name === "path" ? value : Number(value);
  }
  return fault;
}

/**
 * Injects the faults. An error of the simulator becomes a UsageError.
 *
 * @param {Simulator} simulator
 * @param {string[]} texts
 */
export function injectAll(simulator, texts) {
  for (const fault of texts.map(parseFault)) {
    try {
      simulator.inject(/** @type {import("../../pkg/simulator.js").Fault} */ (/** @type {unknown} */ (fault)));
    } catch (error) {
      throw new UsageError(`--fault: ${/** @type {Error} */ (error).message}`, EXAMPLES);
    }
  }
}
