// A file of requests and answers, one in a line, that can be kept: credentials and tokens are masked.
import { closeSync, fchmodSync, openSync, writeSync } from "node:fs";
import { Failure } from "../failure.js";
import { maskedHeaders, withoutKeys } from "./secrets.js";

export class Record {
  #file;
  #name;
  #secrets;

  /** Opens the file, to append to it; only its owner may read it, since business data may be personal. */
  constructor(name, secrets) {
    this.#name = name;
    this.#secrets = secrets;
    this.#file = this.#attempt(() => openSync(name, "a", 0o600));
    // The mode above is for a new file only.
    this.#attempt(() => fchmodSync(this.#file, 0o600));
  }

  /** Writes the line of a request, as `watch` tells of it, at once: nothing is lost however the process ends. */
  write({ entry, authorization, body, isWhole }) {
    const mask = this.#secrets.maskOf(authorization);
    const { at, method, path, query, headers, status, outcome, app, token } = entry;
    const plain = (text) => withoutKeys(mask(text));
    const request = {
      method,
      path: plain(path),
      query: Object.fromEntries(Object.entries(query).map(([name, value]) => [plain(name), plain(value)])),
      headers: maskedHeaders({ ...headers, ...(authorization && { authorization }) }, mask),
      body: mask(entry.body),
    };
    const response = outcome === "hang" ? null : { status, body: mask(body), isWhole };
    const line = JSON.stringify({ at, request, response, outcome, app, token });
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
