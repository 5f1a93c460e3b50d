// Breaks a text into lines that fit a terminal.

/** The width of a pipe, and of a terminal that does not tell its width. */
const DEFAULT_WIDTH = 80;
const MIN_WIDTH = 40;
/** If less than this is left for a description, it begins on a line of its own. */
const MIN_DESCRIPTION = 30;
const NARROW_INDENT = 8;

/**
 * How many characters a line of a stream may have.
 *
 * @param {{ columns?: number }} stream
 */
export const widthOf = (stream) => Math.max(MIN_WIDTH, stream.columns || DEFAULT_WIDTH);

/**
 * Lays out a help text: paragraphs, and entries of lists. An entry is indented by two spaces. It has a term, two or
 * more spaces, and a description. Lines that continue the description are indented by eight or more. An entry
 * without a description is code, and stays as it is.
 *
 * @param {string} text
 * @param {number} width
 */
export function layOut(text, width) {
  return blocksOf(text)
    .map((block) => layOutBlock(block, width))
    .join("\n");
}

/**
 * @param {string} block
 * @param {number} width
 */
function layOutBlock(block, width) {
  if (!block.startsWith("  ")) return wrap(block, width);
  const [, term, gap, description] = /^( +\S.*?)( {2,})(\S.*)$/.exec(block) ?? [];
  if (description === undefined) return block;
  const column = term.length + gap.length;
  if (width - column >= MIN_DESCRIPTION) return `${term}${gap}${wrap(description, width, column)}`;
  return `${term}\n${" ".repeat(NARROW_INDENT)}${wrap(description, width, NARROW_INDENT)}`;
}

/**
 * Breaks a text at its spaces. The first line starts at the column `indent`, and the others are indented to it.
 *
 * @param {string} text
 * @param {number} width
 */
export function wrap(text, width, indent = 0) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines[lines.length - 1];
    if (line === "") lines[lines.length - 1] = word;
    else if (indent + shownLength(line) + 1 + shownLength(word) <= width) lines[lines.length - 1] += ` ${word}`;
    else lines.push(word);
  }
  return lines.join(`\n${" ".repeat(indent)}`);
}

const ESCAPE = "\u001b";
const COLOUR = new RegExp(`${ESCAPE}\\[\\d+m`, "g");

/**
 * How many characters of a text a terminal shows.
 *
 * @param {string} text
 */
const shownLength = (text) => text.replace(COLOUR, "").length;

/**
 * The lines of a text. Lines of one paragraph or of one entry are joined.
 *
 * @param {string} text
 */
function blocksOf(text) {
  /** @type {string[]} */
  const blocks = [];
  let before = "";
  for (const line of text.split("\n")) {
    const isContinued = /^ {8}/.test(line) ? before.startsWith("  ") : /^\S/.test(line) && /^\S.*[^:]$/.test(before);
    if (isContinued) blocks[blocks.length - 1] += ` ${line.trim()}`;
    else blocks.push(line);
    before = line;
  }
  return blocks;
}
