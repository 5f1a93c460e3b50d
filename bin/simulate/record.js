// A file of requests and answers, one in a line, that can be kept: credentials and tokens are masked.
import { closeSync, fchmodSync, fstatSync, openSync, writeSync } from "node:fs";
import { Failure } from "../failure.js";
import { isSecret, withoutKeys } from "./secrets.js";

export class Record {
  #file;
  #name;
  #ledger;
  #secrets;

  /** Opens the file, to append to it; only its owner may read it, since business data may be personal. */
  constructor(name, ledger, secrets) {
    this.#name = name;
    this.#ledger = ledger;
    this.#secrets = secrets;
    this.#file = this.#attempt(() => openSync(name, "a", 0o600));
    // The mode above is for a new file only; that of a pipe or a device is not ours to change.
    this.#attempt(() => fstatSync(this.#file).isFile() && fchmodSync(this.#file, 0o600));
  }

  /** Writes the line of a request, as `watch` tells of its end, at once: nothing is lost however the process ends. */
  write({ entry, authorization, body, isWhole }) {
    const mask = this.#secrets.maskOf(authorization);
    const { at, method, path, query, headers, status, outcome, app, token, replaces } = entry;
    const plain = (text) => withoutKeys(mask(text));
    const each = (members, shown) => Object.fromEntries(Object.entries(members).map(shown));
    const bearer = this.#ledger.numberOf(authorization.replace(/^bearer /i, ""));
    const request = {
      method,
      path: plain(path),
      query: each(query, ([name, value]) => [plain(name), isSecret(name) ? "[redacted]" : plain(value)]),
      headers: {
        // The simulator has redacted those that carry credentials.
        ...each(headers, ([name, value]) => [name, plain(value)]),
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

  #attempt(operation) {
    try {
      return operation();
    } catch ({ code }) {
      throw new Failure(
        code,
        `--record: cannot write ${this.#name}`,
        "Name a file in a folder that may be written to.",
      );
    }
  }
}
