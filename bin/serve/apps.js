// The apps whose tokens are served.
//
// TokenPool (daraja-auth/pool) is not used, because it forgets all of an app whose manager it closes. The tokens that
// clients hold must stay known here until they end.
import { statSync } from "node:fs";
import { BASE_URLS } from "../credentials.js";
import { UsageError } from "../failure.js";
import { parseJson, readText } from "../json-file.js";
import { print } from "../terminal.js";
import { App } from "./app.js";

const HINT =
  'It holds [{"name": …, "consumerKey": …, "consumerSecret": …, "environment": …}]; "baseUrl", "store" and "clients" may follow.';
const MEMBERS = ["name", "consumerKey", "consumerSecret", "environment", "baseUrl", "store", "clients"];

/**
 * @typedef {object} Entry
 * @property {string} name
 * @property {string} consumerKey
 * @property {string} consumerSecret
 * @property {string} [environment]
 * @property {string} [baseUrl]
 * @property {string} [store]
 * @property {any[]} [clients]
 */

/** The apps in a file. @returns {Entry[]} */
export function readApps(file) {
  const place = `--apps: ${file}`;
  const refuse = (what) => {
    throw new UsageError(`${place}: ${what}`, HINT);
  };
  const text = readText("--apps", file);
  if (process.platform !== "win32" && statSync(file).mode & 0o004) {
    print(`Every user of this machine can read ${file}, which holds consumer secrets: chmod 600 ${file}`);
  }
  const entries = parseJson(text, place, HINT);
  if (!Array.isArray(entries) || entries.length === 0) refuse("expected a list of apps, found none");
  const names = new Set();
  const keys = new Set();
  for (const [i, entry] of entries.entries()) {
    const { name, ...others } = entry ?? {};
    if (typeof name !== "string" || !/^[\w.@-]{1,64}$/.test(name))
      refuse(`app ${i + 1}: expected a name of 1 to 64 letters or digits`);
    if (names.has(name)) refuse(`app ${i + 1}: another app has the name ${name}`);
    if (keys.has(others.consumerKey)) refuse(`${name}: another app has its consumer key`);
    names.add(name);
    keys.add(others.consumerKey);
    for (const [member, value] of Object.entries(others)) {
      if (!MEMBERS.includes(member)) refuse(`${name}: "${member.slice(0, 20)}" is not a member of an app`);
      if (member !== "clients" && typeof value !== "string") refuse(`${name}: expected a text as ${member}`);
    }
  }
  return entries;
}

/** The base URL of an app. @param {Pick<Entry, "environment" | "baseUrl">} entry */
export function baseUrlOf({ environment = "sandbox", baseUrl }) {
  return new URL(baseUrl ?? BASE_URLS[environment]);
}

/** How many apps keep their manager open, as in TokenPool. If there are more, the least recently used one rests. */
const MAX_OPEN = 100;

export class Apps {
  /** @type {Map<string, Entry>} */
  #entries;
  /** @type {Map<string, App>} */
  #made = new Map();
  /** The apps whose manager is open, the least recently used one first. @type {Set<App>} */
  #open = new Set();
  #daraja;
  #storeOf;
  #onEvent;

  /**
   * @param {Entry[]} entries
   * @param {object} given
   * @param {Pick<typeof import("../../pkg/index.js"), "TokenManager" | "isTokenRejected">} given.daraja the package
   * @param {(entry: Entry) => any} given.storeOf returns the store of an app's token
   * @param {(app: string, event: import("../../pkg/index.js").TokenEvent) => void} [given.onEvent]
   */
  constructor(entries, { daraja, storeOf, onEvent = () => {} }) {
    this.#entries = new Map(entries.map((entry) => [entry.name, entry]));
    this.#daraja = daraja;
    this.#storeOf = storeOf;
    this.#onEvent = onEvent;
    // An invalid option then fails at the start, not at the first call.
    for (const entry of entries) new daraja.TokenManager(/** @type {any} */ (optionsOf(entry))).close();
  }

  /** The app with this name. Its first use makes it. */
  get(name) {
    const known = this.#made.get(name);
    if (known) {
      if (this.#open.delete(known)) this.#open.add(known);
      return known;
    }
    const entry = /** @type {Entry} */ (this.#entries.get(name));
    const given = { name, options: optionsOf(entry), baseUrl: baseUrlOf(entry), store: this.#storeOf(entry) };
    const onEvent = (event) => this.#onEvent(name, event);
    const onOpen = (app) => this.#opened(app);
    const app = new App({ ...given, daraja: this.#daraja }, { onEvent, onOpen });
    this.#made.set(name, app);
    return app;
  }

  made() {
    return this.#made.values();
  }

  pairs() {
    return this.#entries.values();
  }

  #opened(app) {
    this.#open.add(app);
    for (const other of this.#open) {
      if (this.#open.size <= MAX_OPEN) break;
      if (other !== app && other.rest()) this.#open.delete(other);
    }
  }

  close() {
    for (const app of this.#made.values()) app.close();
  }
}

/** The options of an app's TokenManager. @param {Entry} entry */
function optionsOf({ consumerKey, consumerSecret, environment, baseUrl }) {
  return { consumerKey, consumerSecret, ...(baseUrl === undefined ? { environment } : { baseUrl }) };
}
