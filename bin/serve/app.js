// One app: its live token, the tokens that its clients hold, and its requests to Daraja.
import { keyOf } from "../status/record.js";
import { renewingEarly } from "./early-renewal.js";
import { Upstream } from "./upstream.js";

/** An issued token has at least this much life left, unless Daraja grants no other one. */
const PROMISED_MS = 300_000;
/** The manager renews a token this long before its end, or up to a tenth later. This keeps the promise. */
const RENEW_BEFORE_MS = 400_000;
/** How often a caller with a short token asks again. Each call ends after 3 seconds, or later in the last minute. */
const MAX_WAITS = 3;
/** An error from behind Daraja's gateway, which accepted the token: is_from_behind_the_gateway in crates/core. */
const ACCEPTED = /"errorCode"\s*:\s*"(400\.002|500\.001)\./;
/** How often the manager is told that an endpoint accepts tokens, and how many endpoints are remembered. */
const TOLD_MS = 1000;
const MAX_TOLD = 100;
/** The least time between two replacements that reports force. WeChat has the same limit for its stable token. */
const FORCED_GAP_MS = 30_000;
/** How many tokens are remembered. In an hour an app gets at most 130: ten at once, and one in 30 seconds. */
const MAX_GIVEN = 1000;

/** Lets one report in FORCED_GAP_MS force a replacement. */
class Gate {
  #next = 0;

  take(now) {
    if (now < this.#next)
      throw Object.assign(new Error("too soon"), { isTooSoon: true, retryAfterMs: this.#next - now });
    this.#next = now + FORCED_GAP_MS;
  }
}

export class App {
  /** Whether the last attempt to get a token failed. */
  isFailing = false;
  #forced = new Gate();
  /** @type {import("../../pkg/index.js").TokenManager | undefined} */
  #manager;
  #makeManager;
  #onOpen;
  /** How many calls use the manager now. */
  #users = 0;
  /**
   * The live token when the manager was closed, until the next manager knows one.
   *
   * @type {import("../../pkg/index.js").AccessToken | null}
   */
  #last = null;
  #isTokenRejected;
  #upstream;
  #store;
  #key;
  #now;
  /** The end of each token that clients may hold. @type {Map<string, number>} */
  #given = new Map();
  /**
   * For each endpoint, the token that it accepted, and the time before which the manager is not told of it again.
   *
   * @type {Map<string, { accessToken: string, until: number }>}
   */
  #told = new Map();
  /** The read of the record that is under way. @type {Promise<void> | undefined} */
  #look;
  /** The next read, for requests that came after the first one began. @type {Promise<void> | undefined} */
  #nextLook;

  /**
   * @param {object} given
   * @param {string} given.name
   * @param {any} given.options the credentials, and the environment or the base URL, as TokenManager takes them
   * @param {URL} given.baseUrl
   * @param {any} [given.store]
   * @param {Pick<typeof import("../../pkg/index.js"), "TokenManager" | "isTokenRejected">} given.daraja the package
   * @param {{ now?: () => number, onEvent?: (event: import("../../pkg/index.js").TokenEvent) => void,
   *   onOpen?: (app: App) => void }} [others] `onOpen` is called when the manager is made, also after a `rest`
   */
  constructor({ name, options, baseUrl, store, daraja }, { now = Date.now, onEvent, onOpen = () => {} } = {}) {
    this.name = name;
    this.#now = now;
    this.#store = store;
    this.#key = keyOf(baseUrl, options.consumerKey);
    this.#upstream = new Upstream(baseUrl);
    const { fetch } = this.#upstream;
    const shared = store && { store: renewingEarly(store) };
    this.#isTokenRejected = daraja.isTokenRejected;
    this.#onOpen = onOpen;
    this.#makeManager = () =>
      new daraja.TokenManager({
        ...options,
        ...shared,
        fetch: /** @type {any} */ (fetch),
        renewBeforeMs: RENEW_BEFORE_MS,
        onEvent,
        ...(now !== Date.now && { now }),
      });
  }

  /**
   * Closes the manager, which takes 12 KB, until the next call. Its token stays in the store. Without a store it stays in
   * the memory that belongs to this app's `fetch`. Returns false, and closes nothing, while a call uses the manager.
   */
  rest() {
    if (this.#users > 0) return false;
    this.#last = this.peek();
    this.#manager?.close();
    this.#manager = undefined;
    this.#upstream.rest();
    return true;
  }

  /** The live token, with the promised life left. */
  async token() {
    let token = await this.#get();
    // After 3 seconds getToken may return the old token, while the renewal goes on.
    for (let waits = 0; waits < MAX_WAITS && this.#isShort(token); waits++) {
      token = await this.#get();
    }
    this.#give(token);
    return token;
  }

  /** A token in the form of Daraja's answer. */
  asGrant({ accessToken, expiresAt }) {
    const seconds = Math.max(Math.floor((expiresAt - this.#now()) / 1000), 0);
    return { access_token: accessToken, expires_in: this.#upstream.writesNumbers ? seconds : String(seconds) };
  }

  /** Daraja's own answer, if Daraja answered the last request for a token with an error. */
  get refusal() {
    return this.#upstream.refusal;
  }

  /** The live token, or null. This asks neither Daraja nor the store. */
  peek() {
    const token = this.#manager?.peek() ?? this.#last;
    return token && token.expiresAt > this.#now() ? token : null;
  }

  /** Whether a client may hold this token: this server or another one issued it, and it has not ended. */
  hasGiven(bearer) {
    return this.#now() < (this.#given.get(bearer) ?? 0);
  }

  /** Daraja's tokens that clients may hold. */
  tokens() {
    return [...this.#given.keys()].filter((token) => this.hasGiven(token));
  }

  /** Learns of the record's token, which another server may have got. It rejects if there is no token. */
  async look() {
    this.#give(this.peek() ?? (await this.#get()));
    if (this.#store) await this.#lookFromNow();
  }

  /**
   * Sends a client's request with the live token, and once more with another one after a definitive rejection. The
   * package decides what is a rejection, and whether the token is replaced, as for any HTTP client: docs/manager.md.
   * TokenManager.fetch takes the same steps. It is not used: its Request and Response cost more than all the rest.
   */
  async forward(pathname, exchange) {
    const { accessToken } = await this.#get();
    const answer = await exchange.send(this.#upstream, accessToken);
    this.#noteAnswer(answer, accessToken, pathname);
    if (answer.ok === true || !(await this.#isTokenRejected(answer))) return answer;
    let successor;
    try {
      successor = await this.#report(accessToken, { endpoint: pathname });
    } catch (error) {
      // The endpoint rejects good tokens, or another program ends them. The client gets Daraja's answer.
      if (error.code === "ERR_DARAJA_TOKEN_REJECTED") return answer;
      throw error;
    }
    const second = await exchange.send(this.#upstream, successor.accessToken);
    this.#noteAnswer(second, successor.accessToken, pathname);
    return second;
  }

  /**
   * Takes a client's report that Daraja rejected a token, and returns the token to use instead. The report can be false,
   * and each replacement costs other clients a retry. So this fails if another report has just forced one, unless the
   * token is old.
   */
  async report(accessToken, endpoint) {
    const isOld = this.hasGiven(accessToken) && accessToken !== this.peek()?.accessToken;
    if (!isOld) this.#forced.take(this.#now());
    const token = await this.#report(accessToken, endpoint === undefined ? {} : { endpoint });
    this.#give(token);
    return token;
  }

  accepted(accessToken, endpoint) {
    this.#open().accepted(accessToken, { endpoint });
  }

  close() {
    this.#manager?.close();
    this.#upstream.close();
  }

  /**
   * Tells the manager if an endpoint accepted a token. Once in a second is enough for the same token. Another token is
   * told at once: if the manager did not know, it would blame the endpoint for the next rejection.
   */
  #noteAnswer(answer, accessToken, endpoint) {
    if (answer.ok !== true && !ACCEPTED.test(answer.text ?? "")) return;
    const now = this.#now();
    const told = this.#told.get(endpoint);
    if (told && told.accessToken === accessToken && now < told.until) return;
    if (this.#told.size >= MAX_TOLD) this.#told.clear();
    this.#told.set(endpoint, { accessToken, until: now + TOLD_MS });
    this.#open().accepted(accessToken, { endpoint });
  }

  #open() {
    if (this.#manager === undefined) {
      this.#manager = this.#makeManager();
      this.#onOpen(this);
    }
    return this.#manager;
  }

  async #get() {
    this.#users++;
    try {
      const token = await this.#open().getToken();
      this.#last = null;
      this.isFailing = false;
      return token;
    } catch (error) {
      this.isFailing = true;
      throw error;
    } finally {
      this.#users--;
    }
  }

  async #report(accessToken, options) {
    this.#users++;
    // This may be the rejected token, which must not be shown.
    this.#last = null;
    try {
      return await this.#open().report(accessToken, options);
    } finally {
      this.#users--;
    }
  }

  #isShort({ expiresAt, expiresIn }) {
    return expiresAt - this.#now() < Math.min(PROMISED_MS, expiresIn * 250);
  }

  #give({ accessToken, expiresAt }) {
    if (this.#given.has(accessToken)) return;
    const now = this.#now();
    for (const [token, end] of this.#given) {
      // The first entries are the oldest.
      if (end > now && this.#given.size < MAX_GIVEN) break;
      this.#given.delete(token);
    }
    this.#given.set(accessToken, expiresAt);
  }

  /**
   * The result of a read of the record that begins now or later. There is one read at a time, for any number of unknown
   * tokens.
   */
  #lookFromNow() {
    if (this.#look === undefined) {
      this.#look = this.#lookAtRecord().finally(() => {
        this.#look = undefined;
      });
      return this.#look;
    }
    this.#nextLook ??= this.#look.then(() => {
      this.#nextLook = undefined;
      return this.#lookFromNow();
    });
    return this.#nextLook;
  }

  /** Reads the record that servers share. A record that cannot be read has no token. */
  async #lookAtRecord() {
    try {
      const { record } = await this.#store.load(await this.#key);
      const { token, expiresAt, sealed } = JSON.parse(record.value);
      if (typeof token === "string" && token !== "" && !sealed && expiresAt > 0) {
        this.#give({ accessToken: token, expiresAt });
      }
    } catch {
      // The client learns that its token is not known, and asks for another.
    }
  }
}
