// Programs that others wrote and this machine may lack.
import { spawnSync } from "node:child_process";
import { findPython } from "../../scripts/python.mjs";

const hasCurl = spawnSync("curl", ["--version"]).status === 0;

/** Each by its name: `program`, or why it cannot be run as `missing`. */
export const programs = {
  python: findPython(),
  curl: hasCurl ? { program: "curl" } : { missing: "there is no curl on the PATH" },
};

/** node:test's options for a test that needs it: skipped without it, or failed where CI promised it. */
export function needs(name) {
  const { missing } = programs[name];
  if (missing && process.env.CI === "true") throw new Error(missing);
  return { skip: missing ?? false, timeout: 120_000 };
}
