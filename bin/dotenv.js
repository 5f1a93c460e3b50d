// A .env file, read as Node's own --env-file reads it.
import { existsSync } from "node:fs";
// The whole module is imported: Node before 20.12 has no parseEnv, and the import of a missing name would fail.
import util from "node:util";
import { UsageError } from "./failure.js";
import { readSmallFile } from "./read-file.js";

/** The file that is read if none is named. */
export const DEFAULT_FILE = ".env";

/**
 * The variables that a file sets. Errors name `option`, which named the file.
 *
 * @param {string} file
 */
export function readDotenv(file, option = "--dotenv") {
  if (!util.parseEnv) {
    const hint = "Set the variables in the environment instead, or use a newer Node.";
    throw new UsageError(`${option} needs Node 20.12 or later, and this is ${process.versions.node}`, hint);
  }
  const bytes = readSmallFile(option, file);
  if (bytes.includes(0)) {
    const hint = "PowerShell's > writes UTF-16. Save the file as UTF-8.";
    throw new UsageError(`${option}: ${file} is not a text in UTF-8`, hint);
  }
  // A byte order mark would become a part of the first variable's name.
  return util.parseEnv(bytes.toString("utf8").replace(/^\ufeff/, ""));
}

/** The variables that .env in this folder sets. There are none if it cannot be read. */
export function readDefaultDotenv() {
  if (!util.parseEnv || !existsSync(DEFAULT_FILE)) return {};
  try {
    return readDotenv(DEFAULT_FILE);
  } catch {
    return {};
  }
}
