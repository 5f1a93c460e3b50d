// Questions on the terminal whose answers are not shown.
import { Interrupted } from "./failure.js";

const ESCAPE = "\u001b";
/** The sequences that arrow keys and other keys send, and the marks around a paste. */
const SEQUENCES = new RegExp(`${ESCAPE}(\\[[0-9;?]*[ -/]*[@-~]|O.|.)?`, "g");

/** Whether a person can type answers and can see the questions. */
export const canAsk = () => Boolean(process.stdin.isTTY && process.stderr.isTTY);

/**
 * Asks one question after the other on stderr. It resolves to the answers, without the spaces around them.
 *
 * A paste of several lines answers several questions. Ctrl-D or an empty answer ends the questions, so there may be
 * fewer answers.
 *
 * @param {string[]} questions
 * @returns {Promise<string[]>}
 */
export function ask(questions) {
  const { stdin, stderr } = process;
  /** @type {string[]} */
  const answers = [];
  /** @type {string[]} */
  let typed = [];

  return new Promise((resolve, reject) => {
    const stop = () => {
      stdin.off("data", take).off("end", end);
      stdin.setRawMode(false);
      stdin.pause();
      stderr.write("\n");
    };
    const end = () => {
      stop();
      resolve(answers);
    };
    const enter = () => {
      const answer = typed.join("").trim();
      typed = [];
      if (answer) answers.push(answer);
      if (!answer || answers.length === questions.length) return end();
      stderr.write(`\n${questions[answers.length]}`);
    };
    const take = (/** @type {string} */ text) => {
      for (const key of text.replace(SEQUENCES, "").replaceAll("\r\n", "\r")) {
        if (key === "\u0003") {
          stop();
          return reject(new Interrupted());
        }
        if (key === "\u007f" || key === "\b") typed.pop();
        // Ctrl-U and Ctrl-W remove the whole answer. It is not shown, so a part of it cannot be corrected.
        else if (key === "\u0015" || key === "\u0017") typed = [];
        else if (key === "\r" || key === "\n") enter();
        else if (key === "\u0004" && typed.length === 0) end();
        else if (key >= " ") typed.push(key);
        if (stdin.isPaused()) return;
      }
    };
    // The raw mode comes before the question, so that the terminal shows no character of an answer.
    stdin.setRawMode(true);
    stdin.setEncoding("utf8").on("data", take).once("end", end);
    stderr.write(questions[0]);
  });
}
