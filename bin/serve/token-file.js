// The live token in a file, for containers and scripts. The file is never empty or half written.
import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Failure } from "../failure.js";

/** How often the file is compared with the live token, which another server may have renewed. */
const LOOK_MS = 5000;

export class TokenFile {
  #path;
  #app;
  #now;
  #say;
  /** The token in the file. @type {{ accessToken: string, expiresAt: number } | undefined} */
  #written;
  #timer;
  #isClosed = false;

  /** @param {string} path @param {import("./app.js").App} app */
  constructor(path, app, { now = Date.now, say = (/** @type {string} */ _) => {} } = {}) {
    this.#path = path;
    this.#app = app;
    this.#now = now;
    this.#say = say;
  }

  /** Writes the file, and keeps it up to date until it is closed. */
  async start() {
    removeLeftovers(this.#path);
    await this.refresh();
    const again = async () => {
      await this.refresh();
      if (!this.#isClosed) this.#timer = setTimeout(again, LOOK_MS);
    };
    this.#timer = setTimeout(again, LOOK_MS);
  }

  /** Writes the live token if it has changed. If there is none, a token that has ended is removed. */
  async refresh() {
    try {
      const { accessToken, expiresAt } = await this.#app.token();
      if (!this.#isClosed) this.write({ accessToken, expiresAt });
    } catch (error) {
      this.#say(`${error.code}: ${this.#path} was not written: ${error.message}`);
      if (this.#written && this.#written.expiresAt <= this.#now()) this.#remove();
    }
  }

  /** Writes the token that the app knows, without a request: after an event of the app's manager. */
  look() {
    const token = this.#app.peek();
    try {
      if (token && !this.#isClosed) this.write(token);
    } catch {
      // `refresh` soon tries again, and says what is wrong.
    }
  }

  /** Replaces the file in one step. A program that has it open reads the whole old file. */
  write({ accessToken, expiresAt }) {
    if (this.#written?.accessToken === accessToken) return;
    const next = unfinished(this.#path);
    rmSync(next, { force: true });
    // The file must be new: another user could have made an existing one, and could then read the token.
    const file = openSync(next, "wx", 0o600);
    try {
      writeSync(file, accessToken);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(next, this.#path);
    this.#written = { accessToken, expiresAt };
  }

  /** Stops the updates. The file stays, because the token is still live. */
  close() {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #remove() {
    rmSync(this.#path, { force: true });
    this.#written = undefined;
  }
}

/** The file that this process writes first, and then renames to `path`. */
const unfinished = (path) => join(dirname(path), beginningOf(path) + process.pid);
const beginningOf = (path) => `.${basename(path)}.`;

/** Removes unfinished files of servers that were killed. Each file has the number of its process. */
function removeLeftovers(path) {
  const beginning = beginningOf(path);
  for (const name of readdirSync(dirname(path))) {
    const pid = name.startsWith(beginning) ? name.slice(beginning.length) : "";
    if (/^\d+$/.test(pid) && !isAlive(Number(pid))) rmSync(join(dirname(path), name), { force: true });
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch ({ code }) {
    // EPERM: another user's process.
    return code !== "ESRCH";
  }
}

/** Checks that the file can be written, before Daraja or a store is asked. */
export function checkFolder(path) {
  const probe = unfinished(path);
  try {
    closeSync(openSync(probe, "wx", 0o600));
    rmSync(probe);
  } catch ({ code }) {
    throw new Failure(code, `${path} cannot be written`, "Choose another path for --token-file.");
  }
}
