// The certificate of the server's own TLS. It is read again when its files change, without a restart.
import { readFileSync, watchFile } from "node:fs";
import { createSecureContext } from "node:tls";
import { UsageError } from "../failure.js";
import { print } from "../terminal.js";

/** How often the files are checked. Certificates are renewed days before they end, so this is soon enough. */
const LOOK_MS = 5000;

export class Certificate {
  #files;

  /** @param {{ cert: string, key: string }} files */
  constructor(files) {
    this.#files = files;
  }

  /** The options of a TLS server. */
  read() {
    const read = (/** @type {"cert" | "key"} */ name) => {
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
      const problem = `--cert and --key: these files are not a certificate and its key (${code})`;
      throw new UsageError(problem, "Both files are in PEM.");
    }
    return options;
  }

  /**
   * Gives the server the certificate that the files hold now. If it cannot be used, the old one stays.
   *
   * @param {import("node:tls").Server} server
   */
  reload(server) {
    try {
      server.setSecureContext(this.read());
    } catch (error) {
      print(`${error.message}. The old certificate is still used.`);
    }
  }

  /**
   * Reloads the certificate when a file changes. This keeps no process alive.
   *
   * @param {import("node:tls").Server} server
   */
  follow(server) {
    for (const file of Object.values(this.#files)) {
      watchFile(file, { interval: LOOK_MS, persistent: false }, () => this.reload(server));
    }
  }
}
