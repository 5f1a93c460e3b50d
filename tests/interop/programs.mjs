// Programs of other authors, which this machine may not have.
import { spawnSync } from "node:child_process";
import { findPython } from "../../scripts/python.mjs";

const hasCurl = spawnSync("curl", ["--version"]).status === 0;

/** For each name either `program`, which is its path, or `missing`, which says why the program cannot run. */
export const programs = {
  python: findPython(),
  curl: hasCurl ? { program: "curl" } : { missing: "there is no curl on the PATH" },
};

/** node:test's options for a test that needs the program. Without it the test is skipped, but in CI it fails. */
export function needs(name) {
  const { missing } = programs[name];
  if (missing && process.env.CI === "true") throw new Error(missing);
  return { skip: missing ?? false, timeout: 120_000 };
}
