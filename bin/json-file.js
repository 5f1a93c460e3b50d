// Reads a JSON file that an option names, in two steps: its text, and the value.
import { UsageError } from "./failure.js";
import { readSmallFile } from "./read-file.js";

/**
 * The text of the file that `option` names, without the byte order mark that editors on Windows write.
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
 * The JSON value of a text. An error names the `place` of the text, and `hint` says what it should hold.
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
