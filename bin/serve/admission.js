// Who asks: the client that a pair or a token belongs to.
import { createHash, timingSafeEqual } from "node:crypto";
import { addressOf } from "./guard.js";
import { isSecretOf, Remembered } from "./secret.js";
import { Tries } from "./tries.js";

/** How many pairs are checked at one time. Each check takes 16 MB and a tenth of a second. */
const MAX_CHECKS = 4;
/** Another server may have given out an unknown token. The records of at most this many apps are read to find it. */
const MAX_LOOKED_AT = 32;
/** The hash for a name that no client has, so that the time of the answer does not show which names exist. */
const NOBODY = `scrypt$16384$8$5$${"A".repeat(22)}==$${"A".repeat(43)}=`;

/** A pair may not be tried now. */
export class Throttled extends Error {
  constructor(retryAfterMs) {
    super("too many wrong pairs");
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * @typedef {object} Holder Who asks, and what for.
 * @property {string} name
 * @property {import("./app.js").App} app
 * @property {import("./clients.js").Client} [client] the client in a file; none where the app's own pair was given
 */

const digest = (text) => createHash("sha256").update(text).digest();

export class Admission {
  #apps;
  #tries;
  #remembered = new Remembered();
  #checks = 0;
  /** @type {Map<string, import("./clients.js").Client> | undefined} */
  #clients;
  /** The app and the digest of its pair, by the consumer key. */
  #pairs = new Map();
  /** The clients' own tokens: whose, and their end. @type {Map<string, { name: string, secret: string, end: number }>} */
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

  /** Takes the clients of a file, in place of those that were known. With clients, no app's own pair is taken. */
  setClients(clients) {
    this.#clients = clients;
    this.#remembered = new Remembered();
  }

  /** The holder of a pair, or undefined. @returns {Promise<Holder | undefined>} */
  async admit(pair, incoming) {
    const [name, secret] = [pair.slice(0, Math.max(pair.indexOf(":"), 0)), pair.slice(pair.indexOf(":") + 1)];
    const client = this.#clients?.get(name);
    if (client && this.#remembered.has(name, secret)) return this.#holderOf(client);
    const address = addressOf(incoming.socket);
    const waitMs = this.#tries.waitMs(name, address);
    if (waitMs > 0) throw new Throttled(waitMs);
    const holder = this.#clients ? await this.#check(client, secret) : this.#ownPair(name, secret);
    if (!holder) this.#tries.count(name, address);
    return holder;
  }

  /** The live token, in the form that a holder gets. */
  async tokenOf({ app, client }) {
    const token = await app.token();
    if (!client || client.isDirect) return token;
    const accessToken = client.tokenFor(token.accessToken);
    this.#note(accessToken, client, token.expiresAt);
    return { ...token, accessToken };
  }

  /** The holder of a token, or undefined: at once if it is known. @returns {Holder | undefined | Promise<Holder | undefined>} */
  holderOf(bearer) {
    const known = this.#tokens.get(bearer);
    if (known && this.#now() < known.end) {
      const client = this.#clients?.get(known.name);
      // Not if the client was taken out of the file, or has another secret now.
      return client?.secret === known.secret ? this.#holderOf(client) : undefined;
    }
    for (const app of this.#apps.made()) if (app.hasGiven(bearer)) return { name: app.name, app };
    return this.#elsewhere(bearer);
  }

  /** The holder of a token that another server may have given out. */
  async #elsewhere(bearer) {
    const apps = [...this.#apps.made()].slice(-MAX_LOOKED_AT);
    const looked = await Promise.allSettled(apps.map((app) => app.look()));
    for (const app of apps) if (app.hasGiven(bearer)) return { name: app.name, app };
    for (const client of this.#clients?.values() ?? []) {
      const app = apps.find(({ name }) => name === client.app);
      if (app && !client.isDirect && this.#isOf(client, bearer)) {
        this.#note(bearer, client, app.peek()?.expiresAt ?? 0);
        return this.#holderOf(client);
      }
    }
    // Without a live token this cannot be known.
    const failed = looked.find(({ status }) => status === "rejected");
    if (failed?.status === "rejected" && looked.every(({ status }) => status === "rejected")) throw failed.reason;
    return undefined;
  }

  /** Whether a token is what a client gets in place of one of its app's tokens. */
  #isOf(client, bearer) {
    const app = this.#apps.get(client.app);
    return app.tokens().some((token) => client.tokenFor(token) === bearer);
  }

  #holderOf(client) {
    return { name: client.name, app: this.#apps.get(client.app), client };
  }

  #ownPair(consumerKey, consumerSecret) {
    const known = this.#pairs.get(consumerKey);
    if (!known || !timingSafeEqual(known.digest, digest(consumerSecret))) return undefined;
    return { name: known.name, app: this.#apps.get(known.name) };
  }

  async #check(client, secret) {
    if (this.#checks >= MAX_CHECKS) throw new Throttled(1000);
    this.#checks++;
    try {
      const isRight = await isSecretOf(secret, client?.secret ?? NOBODY);
      // It may have been taken out of the file in the meantime.
      if (!client || !isRight || this.#clients?.get(client.name) !== client) return undefined;
      this.#remembered.add(client.name, secret);
      return this.#holderOf(client);
    } finally {
      this.#checks--;
    }
  }

  #note(accessToken, { name, secret }, end) {
    if (this.#tokens.has(accessToken)) return;
    const now = this.#now();
    for (const [token, known] of this.#tokens) if (known.end <= now) this.#tokens.delete(token);
    this.#tokens.set(accessToken, { name, secret, end });
  }
}
