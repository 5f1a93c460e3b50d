// Reads a file that a person named, up to a limit: a wrong name, such as that of a device, must not fill the memory.
import { closeSync, openSync, readSync } from "node:fs";
import { UsageError } from "./failure.js";

/** More than any file of settings needs. */
const MAX_BYTES = 1_048_576;
/** @type {Partial<Record<string, string>>} */
const REASONS = { ENOENT: "there is no such file", EISDIR: "it is a folder", EACCES: "it may not be read" };

/**
 * The bytes of a file. Errors name `option`, which named the file.
 *
 * @param {string} option
 * @param {string} file
 */
export function readSmallFile(option, file) {
  let bytes;
  try {
    bytes = firstBytes(file, MAX_BYTES + 1);
  } catch (error) {
    const { code = "unknown" } = /** @type {NodeJS.ErrnoException} */ (error);
    const why = REASONS[code] ?? code;
    throw new UsageError(`${option}: cannot read ${file}: ${why}`, "A relative path begins in the folder you are in.");
  }
  if (bytes.length > MAX_BYTES) throw new UsageError(`${option}: ${file} has over 1 MiB`, "Is it the right file?");
  return bytes;
}

/**
 * @param {string} file
 * @param {number} limit
 */
function firstBytes(file, limit) {
  const bytes = Buffer.alloc(limit);
  const descriptor = openSync(file, "r");
  try {
    let size = 0;
    // A pipe gives its bytes in pieces.
    for (let read = -1; read !== 0 && size < limit; size += read) {
      read = readSync(descriptor, bytes, size, limit - size, null);
    }
    return bytes.subarray(0, size);
  } finally {
    closeSync(descriptor);
  }
}
