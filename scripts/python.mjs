// Makes a Python environment in .tools/python, with the packages of tests/interop/requirements.txt.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./tools.mjs";

const folder = join(root, ".tools", "python");
const requirements = join(root, "tests", "interop", "requirements.txt");
const stamp = join(folder, "requirements.txt");
const [base, program] =
  process.platform === "win32"
    ? ["python", join(folder, "Scripts", "python.exe")]
    : ["python3", join(folder, "bin", "python")];

/**
 * Makes the environment, unless there is one with these packages. If that fails, the tests that need it are skipped.
 */
export function fetchPython() {
  if (findPython().program || whyNone()) return;
  console.log("Fetching Python packages");
  rmSync(folder, { recursive: true, force: true });
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r", requirements];
  if (succeeds(base, ["-m", "venv", folder]) && succeeds(program, pip)) {
    writeFileSync(stamp, readFileSync(requirements));
  }
}

/** The environment's Python as `program`, or the reason why there is none as `missing`. */
export function findPython() {
  const isThere = existsSync(stamp) && readFileSync(stamp, "utf8") === readFileSync(requirements, "utf8");
  // The environment links to the machine's Python, which may have been removed since.
  if (isThere && succeeds(program, ["-c", ""])) return { program };
  return { missing: whyNone() ?? "the Python packages were not fetched: npm test does that" };
}

function whyNone() {
  if (!succeeds(base, ["-c", ""])) return `there is no ${base} on the PATH`;
  const probe = "import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 10))";
  return succeeds(base, ["-c", probe])
    ? undefined
    : `${base} lacks venv (python3-venv on Debian) or is older than 3.10`;
}

/**
 * Whether a program ends with 0. Its output is shown, unless this only checks whether Python works (`-c`).
 *
 * @param {string} command
 * @param {string[]} args
 */
function succeeds(command, args) {
  const output = args[0] === "-c" ? "ignore" : "inherit";
  return spawnSync(command, args, { cwd: root, stdio: ["ignore", output, output] }).status === 0;
}
