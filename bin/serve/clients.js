// The clients that may ask. Each has its own name and secret, which are not valid at Safaricom.
import { createHash, createHmac } from "node:crypto";
import { UsageError } from "../failure.js";
import { parseJson, readText } from "../json-file.js";
import { isHash } from "./secret.js";

const HINT =
  'Clients are [{"name": …, "secret": "scrypt$…"}]; "app", "paths" and "direct" may follow. --new-client makes one.';
const MEMBERS = ["name", "secret", "app", "paths", "direct"];
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** As long as Daraja's tokens. */
const TOKEN_LENGTH = 28;

export class Client {
  #key;

  /** @param {{ name: string, secret: string, app: string, paths?: string[], direct?: boolean }} entry */
  constructor({ name, secret, app, paths, direct = false }) {
    this.name = name;
    this.secret = secret;
    this.app = app;
    this.paths = paths;
    /** Whether it gets Daraja's own token, so that it can call Daraja without this server. */
    this.isDirect = direct;
    this.#key = createHash("sha256").update(`${name}\n${secret}`).digest();
  }

  mayAsk(pathname) {
    return this.paths === undefined || this.paths.some((path) => pathname.startsWith(path));
  }

  /**
   * The token that the client gets in place of a live token. Only servers with this file accept it, and only while the
   * client is in the file. It is computed, so that each of them knows it.
   */
  tokenFor(accessToken) {
    const bytes = createHmac("sha256", this.#key).update(accessToken).digest();
    return Array.from(bytes.subarray(0, TOKEN_LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join("");
  }
}

/** The clients in a file. `apps` has the names of the apps. If there is only one, a client need not name its app. */
export function readClients(file, apps) {
  const place = `--clients: ${file}`;
  return clientsOf(parseJson(readText("--clients", file), place, HINT), apps, place);
}

/** The clients of a list. Errors name the `place` of the list. @returns {Map<string, Client>} */
export function clientsOf(entries, apps, place) {
  const refuse = (what) => {
    throw new UsageError(`${place}: ${what}`, HINT);
  };
  if (!Array.isArray(entries) || entries.length === 0) refuse("expected a list of clients, found none");
  const clients = new Map();
  for (const [i, entry] of entries.entries()) {
    const at = `client ${i + 1}`;
    const { name, secret, app = apps.length === 1 ? apps[0] : undefined, paths, direct } = entry ?? {};
    if (typeof name !== "string" || !/^[\w.@-]{1,64}$/.test(name))
      refuse(`${at}: expected a name of 1 to 64 letters or digits`);
    if (clients.has(name)) refuse(`${at}: another client has the name ${name}`);
    const unknown = Object.keys(entry).find((member) => !MEMBERS.includes(member));
    if (unknown !== undefined) refuse(`${name}: "${unknown.slice(0, 20)}" is not a member of a client`);
    if (typeof secret !== "string" || !isHash(secret)) refuse(`${name}: expected a secret as --new-client makes it`);
    if (!apps.includes(app)) refuse(`${name}: expected the name of an app as its app`);
    const arePaths = Array.isArray(paths) && paths.every((path) => typeof path === "string" && path.startsWith("/"));
    if (paths !== undefined && !arePaths) refuse(`${name}: expected paths that begin with a slash`);
    if (direct !== undefined && typeof direct !== "boolean") refuse(`${name}: expected true or false as direct`);
    if (direct && paths) refuse(`${name}: a client that calls Daraja itself cannot be limited to paths`);
    clients.set(name, new Client({ name, secret, app, paths, direct }));
  }
  return clients;
}
