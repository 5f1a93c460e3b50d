// Reads a file of JSON that an option names, in two steps: its text, and what the text holds.
import { readFileSync } from "node:fs";
import { UsageError } from "../failure.js";

/** The text of the file that `option` names. */
export function readText(option, file) {
  try {
    return readFileSync(file, "utf8").replace(/^\ufeff/, "");
  } catch ({ code }) {
    throw new UsageError(`${option}: cannot read ${file} (${code})`, "The path is relative to the folder you are in.");
  }
}

/** What the text of a file holds; `place` says where it stands, and `hint` what it should hold. */
export function parseJson(text, place, hint) {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message would quote the text.
    throw new UsageError(`${place}: expected JSON, found something else`, hint);
  }
}
