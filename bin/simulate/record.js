// A file with one line for each request and its answer. Credentials and tokens are masked, so the file can be kept.
import { closeSync, constants, fchmodSync, fstatSync, lstatSync, openSync, writeSync } from "node:fs";
import { Failure } from "../failure.js";
import { isSecret } from "./secret-names.js";
import { withoutKeys } from "./secrets.js";

/** How many members of a query and of the headers are recorded. */
const MAX_MEMBERS = 100;
/** How many characters of a path and of a member are recorded. */
const MAX_MEMBER_LENGTH = 2_048;
/** With these flags a symbolic link is not followed, and a pipe without a reader does not block. */
const FLAGS =
  constants.O_WRONLY |
  constants.O_APPEND |
  constants.O_CREAT |
  (constants.O_NOFOLLOW ?? 0) |
  (constants.O_NONBLOCK ?? 0);

/** @typedef {{ [name: string]: string }} Members */

export class Record {
  #file;
  #name;
  #ledger;
  #secrets;

  /**
   * Opens the file, to append to it. Only its owner may read it, because requests may contain personal data.
   *
   * @param {string} name
   * @param {import("./ledger.js").Ledger} ledger
   * @param {import("./secrets.js").Secrets} secrets
   */
  constructor(name, ledger, secrets) {
    this.#name = name;
    this.#ledger = ledger;
    this.#secrets = secrets;
    // Windows has no O_NOFOLLOW.
    const found = this.#attempt(() => lstatSync(name, { throwIfNoEntry: false }));
    if (found?.isSymbolicLink()) throw linkRefused(name);
    this.#file = this.#attempt(() => openSync(name, FLAGS, 0o600));
    // An existing file gets the same mode. The mode of a pipe or a device is not changed.
    this.#attempt(() => fstatSync(this.#file).isFile() && fchmodSync(this.#file, 0o600));
  }

  /**
   * Writes the line of a request synchronously, so that it is not lost if the process ends.
   *
   * @param {import("./observe.js").Seen} seen
   */
  write({ entry, authorization, body, isWhole }) {
    const mask = this.#secrets.maskOf(authorization);
    const maskMember = this.#secrets.maskOf(authorization, MAX_MEMBER_LENGTH);
    const { at, method, path, query, headers, status, outcome, app, token, replaces } = entry;
    const plain = (/** @type {string} */ text) => withoutKeys(maskMember(text));
    /** @type {(members: Members, shown: (member: [string, string]) => [string, string]) => Members} */
    const each = (members, shown) => Object.fromEntries(Object.entries(members).slice(0, MAX_MEMBERS).map(shown));
    const bearer = this.#ledger.numberOf(authorization.replace(/^bearer /i, ""));
    const request = {
      method,
      path: plain(path),
      query: each(query, ([name, value]) => [plain(name), isSecret(name) ? "[redacted]" : plain(value)]),
      headers: {
        // The simulator has masked the headers with credentials already.
        ...each(headers, ([name, value]) => [name, isSecret(name) ? "[redacted]" : plain(value)]),
        ...(bearer && { authorization: `Bearer [token ${bearer}]` }),
      },
      body: mask(entry.body),
    };
    const response = outcome === "hang" ? null : { status, body: mask(body), isWhole };
    const line = JSON.stringify({ at, request, response, outcome, app, token, replaces });
    this.#attempt(() => writeSync(this.#file, `${line}\n`));
  }

  close() {
    this.#attempt(() => closeSync(this.#file));
  }

  /**
   * @template Result
   * @param {() => Result} operation
   */
  #attempt(operation) {
    try {
      return operation();
    } catch (error) {
      const { code = "unknown" } = /** @type {NodeJS.ErrnoException} */ (error);
      if (code === "ELOOP") throw linkRefused(this.#name);
      const hint = "Name a file in a folder that you can write to.";
      throw new Failure(code, `--record: cannot write ${this.#name}`, hint);
    }
  }
}

/** @param {string} name */
function linkRefused(name) {
  const hint = "This would change the file that it points to. Name that file itself.";
  return new Failure("ELOOP", `--record: ${name} is a symbolic link`, hint);
}
