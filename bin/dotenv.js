// A .env file, read as Node's own --env-file reads it.
import { readFileSync } from "node:fs";
// Not by name: Node has parseEnv from 20.12 on, and an import of what is missing would end all commands.
import util from "node:util";
import { UsageError } from "./failure.js";

/** More than any such file has; a wrong name should not fill the memory. */
const MAX_BYTES = 1_048_576;

/** The variables that a file sets. */
export function readDotenv(file) {
  if (!util.parseEnv) {
    const hint = "Set the variables in the environment instead, or use a newer Node.";
    throw new UsageError(`--dotenv needs Node 20.12 or later, and this is ${process.versions.node}`, hint);
  }
  const bytes = bytesOf(file);
  if (bytes.length > MAX_BYTES) throw new UsageError(`--dotenv: ${file} has over 1 MiB`, "Is it the right file?");
  if (bytes.includes(0)) {
    const hint = "PowerShell's > writes UTF-16. Save the file as UTF-8.";
    throw new UsageError(`--dotenv: ${file} is not a text in UTF-8`, hint);
  }
  // With a byte order mark before it, the first variable would go by another name.
  return util.parseEnv(bytes.toString("utf8").replace(/^\ufeff/, ""));
}

function bytesOf(file) {
  try {
    return readFileSync(file);
  } catch ({ code }) {
    const why =
      { ENOENT: "there is no such file", EISDIR: "it is a folder", EACCES: "it may not be read" }[code] ?? code;
    throw new UsageError(`--dotenv: cannot read ${file}: ${why}`, "The path is relative to the folder you are in.");
  }
}
