// The findings of the doctor, and the verdict on all of them.
//
// A finding is { check, level, message }. Its level is "ok", "warn", "fail" or "skip". A warning or a failure also has
// a `problem`, which is a stable name for programs, and a `remedy`. No finding contains a secret.

/**
 * @typedef {object} Finding
 * @property {string} check
 * @property {string} level
 * @property {string} message
 * @property {string} [problem]
 * @property {string} [remedy]
 */

/** @type {(check: string, message: string) => Finding} */
export const ok = (check, message) => ({ check, level: "ok", message });
/** @type {(check: string, message: string, remedy?: string) => Finding} */
export const skip = (check, message, remedy) => ({ check, level: "skip", message, ...(remedy && { remedy }) });
/** @type {(check: string, problem: string, message: string, remedy?: string) => Finding} */
export const warn = (check, problem, message, remedy) => ({ check, level: "warn", problem, message, remedy });
/** @type {(check: string, problem: string, message: string, remedy?: string) => Finding} */
export const fail = (check, problem, message, remedy) => ({ check, level: "fail", problem, message, remedy });

/** Problems that explain why the credentials are refused. They matter more than the refusal itself. */
const EXPLANATIONS = ["swapped", "other-environment"];

/**
 * The verdict, with what a person should do next: `{ isWell, message, remedy?, problem? }`.
 *
 * @param {Finding[]} findings
 * @returns {{ isWell: boolean, message: string, remedy?: string, problem?: string }}
 */
export function verdict(findings) {
  const of = (/** @type {string} */ level) => findings.filter((finding) => finding.level === level);
  const fails = of("fail");
  const decisive = fails.find(({ problem = "" }) => EXPLANATIONS.includes(problem)) ?? fails[0];
  if (decisive) {
    const { problem, message, remedy } = decisive;
    return { isWell: false, problem, message, remedy: problem === "refused" ? remedyOfRefusal(remedy, of) : remedy };
  }
  const count = of("warn").length;
  const isProved = of("ok").some(({ check }) => check === "credentials");
  const message = isProved ? "Daraja grants a token" : "nothing is wrong, but no token was asked for";
  const warnings = count === 0 ? "" : `, with ${count} warning${count === 1 ? "" : "s"}`;
  return { isWell: true, message: `${message}${warnings}` };
}

/**
 * What to do about a refused pair. If the swapped pair was refused too, only the other causes.
 *
 * @param {string | undefined} remedy
 * @param {(level: string) => Finding[]} of
 */
function remedyOfRefusal(remedy, of) {
  if (!of("ok").some(({ check }) => check === "swap")) return remedy;
  const untried = of("skip").find(({ check, remedy }) => check === "environment" && remedy);
  const copy = "Copy both again from My Apps on the Daraja portal: a character may be wrong, or the app gone.";
  return [copy, untried?.remedy].filter(Boolean).join(" ");
}
