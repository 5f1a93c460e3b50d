// Finds the client to which a pair or a token belongs. A pair is a client's name (or a consumer key) and its secret.
import { createHash, timingSafeEqual } from "node:crypto";
import { addressOf } from "./guard.js";
import { isSecretOf, Remembered } from "./secret.js";
import { Tries } from "./tries.js";

/** How many pairs are checked at one time. Each check takes 16 MB and a fifth of a second. */
const MAX_CHECKS = 4;
/** Another server may have issued an unknown token. The records of at most this many apps are read to find it. */
const MAX_LOOKED_AT = 32;
/** The hash for a name that no client has, so that the time of the answer does not show which names exist. */
const NOBODY = `scrypt$16384$8$5$${"A".repeat(22)}==$${"A".repeat(43)}=`;

/** Too many wrong pairs were tried, or too many are checked now. */
export class Throttled extends Error {
  constructor(retryAfterMs) {
    super("too many wrong pairs");
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * @typedef {object} Admitted The client that asks, and its app.
 * @property {string} name
 * @property {import("./app.js").App} app
 * @property {import("./clients.js").Client} [client] from a file; undefined for an app's pair and Daraja's token
 */

const digest = (text) => createHash("sha256").update(text).digest();

export class Admission {
  #apps;
  #tries;
  #remembered = new Remembered();
  /**
   * The checks that run now. Requests with the same pair share one.
   *
   * @type {Map<string, Promise<boolean>>}
   */
  #checks = new Map();
  /** @type {Map<string, import("./clients.js").Client> | undefined} */
  #clients;
  /** The name of each app and the digest of its secret, by the consumer key. */
  #pairs = new Map();
  /**
   * The clients' own tokens: the client of each, and its end.
   *
   * @type {Map<string, { name: string, secret: string, end: number }>}
   */
  #tokens = new Map();
  #now;

  /** @param {import("./apps.js").Apps} apps */
  constructor(apps, now = Date.now) {
    this.#apps = apps;
    this.#now = now;
    this.#tries = new Tries(now);
    for (const { name, consumerKey, consumerSecret } of apps.pairs()) {
      this.#pairs.set(consumerKey, { name, digest: digest(consumerSecret) });
    }
  }

  /** Replaces the clients. From now on, no app's own pair is accepted. */
  setClients(clients) {
    this.#clients = clients;
    this.#remembered = new Remembered();
  }

  /** The client with this pair, or undefined. @returns {Promise<Admitted | undefined>} */
  async admit(pair, incoming) {
    const [name, secret] = [pair.slice(0, Math.max(pair.indexOf(":"), 0)), pair.slice(pair.indexOf(":") + 1)];
    const client = this.#clients?.get(name);
    if (client && this.#remembered.has(name, secret)) return this.#admitted(client);
    const address = addressOf(incoming.socket);
    const waitMs = this.#tries.waitMs(name, address);
    if (waitMs > 0) throw new Throttled(waitMs);
    const admitted = this.#clients ? await this.#check(name, secret) : this.#ownPair(name, secret);
    if (!admitted) this.#tries.count(name, address);
    return admitted;
  }

  /** The live token, or the token that the client gets in its place. */
  async tokenOf({ app, client }) {
    const token = await app.token();
    if (!client || client.isDirect) return token;
    const accessToken = client.tokenFor(token.accessToken);
    this.#note(accessToken, client, token.expiresAt);
    return { ...token, accessToken };
  }

  /**
   * The client that got this token, or undefined. It is a promise only if the token is not known here.
   *
   * @returns {Admitted | undefined | Promise<Admitted | undefined>}
   */
  clientWith(bearer) {
    const known = this.#tokens.get(bearer);
    if (known && this.#now() < known.end) {
      const client = this.#clients?.get(known.name);
      // The client may have been removed from the file since, or may have another secret.
      return client?.secret === known.secret ? this.#admitted(client) : undefined;
    }
    for (const app of this.#apps.made()) if (app.hasGiven(bearer)) return { name: app.name, app };
    return this.#elsewhere(bearer);
  }

  /** The client that got this token from another server, or undefined. */
  async #elsewhere(bearer) {
    const apps = [...this.#apps.made()].slice(-MAX_LOOKED_AT);
    const looked = await Promise.allSettled(apps.map((app) => app.look()));
    for (const app of apps) if (app.hasGiven(bearer)) return { name: app.name, app };
    for (const client of this.#clients?.values() ?? []) {
      const app = apps.find(({ name }) => name === client.app);
      if (app && !client.isDirect && this.#isOf(client, bearer)) {
        this.#note(bearer, client, app.peek()?.expiresAt ?? 0);
        return this.#admitted(client);
      }
    }
    // If no app has a live token, the token cannot be judged.
    const failed = looked.find(({ status }) => status === "rejected");
    if (failed?.status === "rejected" && looked.every(({ status }) => status === "rejected")) throw failed.reason;
    return undefined;
  }

  /** Whether the client gets this token in place of one of its app's tokens. */
  #isOf(client, bearer) {
    const app = this.#apps.get(client.app);
    return app.tokens().some((token) => client.tokenFor(token) === bearer);
  }

  #admitted(client) {
    return { name: client.name, app: this.#apps.get(client.app), client };
  }

  #ownPair(consumerKey, consumerSecret) {
    const known = this.#pairs.get(consumerKey);
    if (!known || !timingSafeEqual(known.digest, digest(consumerSecret))) return undefined;
    return { name: known.name, app: this.#apps.get(known.name) };
  }

  async #check(name, secret) {
    const hash = this.#clients?.get(name)?.secret ?? NOBODY;
    const pair = `${hash}:${secret}`;
    let check = this.#checks.get(pair);
    if (!check) {
      if (this.#checks.size >= MAX_CHECKS) throw new Throttled(1000);
      check = isSecretOf(secret, hash).finally(() => this.#checks.delete(pair));
      this.#checks.set(pair, check);
    }
    const isRight = await check;
    // The file may have been read again during the check.
    const client = this.#clients?.get(name);
    if (!isRight || client?.secret !== hash) return undefined;
    this.#remembered.add(name, secret);
    return this.#admitted(client);
  }

  #note(accessToken, { name, secret }, end) {
    if (this.#tokens.has(accessToken)) return;
    const now = this.#now();
    for (const [token, known] of this.#tokens) if (known.end <= now) this.#tokens.delete(token);
    this.#tokens.set(accessToken, { name, secret, end });
  }
}
