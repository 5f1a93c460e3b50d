// The doctor's report. A person sees each finding at once. A program gets all of them at the end, as JSON.
import { paint, warn } from "../terminal.js";
import { widthOf, wrap } from "../wrap.js";
import { verdict } from "./finding.js";

/** @type {Partial<Record<string, string>>} */
const COLOURS = { ok: "green", warn: "yellow", fail: "red", skip: "dim" };
/** Wider than each name of a check. */
const WIDTH = 13;

/** @typedef {import("./finding.js").Finding} Finding */

export class Report {
  #stream;
  #isJson;
  /** @type {Finding[]} */
  #findings = [];

  /**
   * @param {NodeJS.WriteStream} stream
   * @param {boolean} isJson
   */
  constructor(stream, isJson) {
    this.#stream = stream;
    this.#isJson = isJson;
  }

  get hasFailed() {
    return this.#findings.some(({ level }) => level === "fail");
  }

  /** @param {Finding[]} findings */
  add(findings) {
    this.#findings.push(...findings);
    for (const finding of findings) this.#show(finding);
  }

  /**
   * Announces the next step.
   *
   * @param {string} check
   * @param {string} message
   */
  note(check, message) {
    if (this.#isJson) warn(message);
    else this.#show({ check, level: "note", message });
  }

  /**
   * Ends the report with the verdict. Returns whether all is well.
   *
   * @param {{ environment?: string, host: string } | undefined} target
   */
  end(target) {
    const { isWell, ...rest } = verdict(this.#findings);
    if (this.#isJson) {
      const report = { isWell, verdict: rest, target, findings: this.#findings };
      this.#stream.write(`${JSON.stringify(report, undefined, 2)}\n`);
      return isWell;
    }
    const { bold, green, red } = paint(this.#stream);
    const sentence = `${bold("Verdict")}: ${isWell ? green("all is well") : red("not well")}: ${rest.message}.`;
    const remedy = rest.remedy ? `${this.#wrapped(rest.remedy)}\n` : "";
    this.#stream.write(`\n${this.#wrapped(sentence)}\n${remedy}`);
    return isWell;
  }

  /** @param {Finding} finding */
  #show({ check, level, message, remedy }) {
    if (this.#isJson) return;
    const { [COLOURS[level] ?? "bold"]: colour, dim } = paint(this.#stream);
    const indent = WIDTH + 7;
    this.#stream.write(`${colour(level.padEnd(4))}  ${check.padEnd(WIDTH)} ${this.#wrapped(message, indent)}\n`);
    if (remedy) this.#stream.write(dim(`${" ".repeat(indent)}${this.#wrapped(remedy, indent)}\n`));
  }

  /**
   * Breaks a text into lines that fit the terminal. In a file or a pipe it stays one line, which programs can search.
   *
   * @param {string} text
   */
  #wrapped(text, indent = 0) {
    return this.#stream.isTTY ? wrap(text, widthOf(this.#stream), indent) : text;
  }
}
