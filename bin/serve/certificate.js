// The certificate of the server's own TLS: read again when its files change, without a restart.
import { readFileSync, watchFile } from "node:fs";
import { createSecureContext } from "node:tls";
import { UsageError } from "../failure.js";
import { print } from "../terminal.js";

/** Certificates are renewed days before they end. */
const LOOK_MS = 5000;

export class Certificate {
  #files;

  /** @param {{ cert: string, key: string }} files */
  constructor(files) {
    this.#files = files;
  }

  /** The options of a TLS server. */
  read() {
    const read = (name) => {
      try {
        return readFileSync(this.#files[name]);
      } catch ({ code }) {
        throw new UsageError(`--${name}: cannot read ${this.#files[name]} (${code})`, "Both files are in PEM.");
      }
    };
    const options = { cert: read("cert"), key: read("key"), minVersion: /** @type {const} */ ("TLSv1.2") };
    try {
      createSecureContext(options);
    } catch ({ code }) {
      throw new UsageError(`--cert and --key: they are no certificate and its key (${code})`, "Both files are in PEM.");
    }
    return options;
  }

  /** Gives the server what the files hold now. What cannot be used changes nothing. */
  reload(server) {
    try {
      server.setSecureContext(this.read());
    } catch (error) {
      print(`${error.message}. The certificate from before is used.`);
    }
  }

  /** Looks at the files now and then; keeps no process alive. */
  follow(server) {
    for (const file of Object.values(this.#files)) {
      watchFile(file, { interval: LOOK_MS, persistent: false }, () => this.reload(server));
    }
  }
}
