// Reads a file of JSON that an option names, in two steps: its text, and what the text holds.
import { UsageError } from "./failure.js";
import { readSmallFile } from "./read-file.js";

/**
 * The text of the file that `option` names. Windows' editors put a byte order mark before it.
 *
 * @param {string} option
 * @param {string} file
 */
export function readText(option, file) {
  return readSmallFile(option, file)
    .toString("utf8")
    .replace(/^\ufeff/, "");
}

/**
 * What the text of a file holds; `place` says where it stands, and `hint` what it should hold.
 *
 * @param {string} text
 * @param {string} place
 * @param {string} hint
 */
export function parseJson(text, place, hint) {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message would quote the text.
    throw new UsageError(`${place}: expected JSON, found something else`, hint);
  }
}
