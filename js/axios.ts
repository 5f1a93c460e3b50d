// daraja-auth/axios: a client of axios that calls Daraja with the tokens of a manager.
import { DarajaError, isTokenRejected, type TokenManager } from "daraja-auth";
import { isStream } from "./is-stream.ts";
import { MAX_TIMER_MS } from "./manager/clock.ts";
import { invalidOption, kindOf } from "./stores/invalid-option.ts";
import { withTimeout } from "./with-timeout.ts";

/** The members of a client that {@link withDaraja} uses. Clients of axios 1, and of axios 0.22 and later, have them. */
export interface AxiosClient {
  /** The configuration of each request, unless the request says otherwise. */
  readonly defaults: object;
  /** The interceptors. One of them gives each request its token. */
  readonly interceptors: {
    /** The functions that a request goes through before it is sent. */
    readonly request: object;
  };
}

/** A client, as far as this file uses it. */
interface Client {
  readonly defaults: Record<string, unknown>;
  readonly interceptors: { readonly request: { use(onFulfilled: (config: Config) => Config): void } };
  create(config?: object): Client;
  request(config: object): Promise<Answer>;
}
/** A request's configuration, as axios has merged it. */
interface Config {
  readonly url?: string;
  readonly baseURL?: string;
  readonly allowAbsoluteUrls?: boolean;
  readonly data?: unknown;
  readonly headers?: object;
  readonly adapter?: unknown;
  readonly auth?: unknown;
  readonly fetchOptions?: object;
  readonly signal?: AbortSignal;
}
interface Answer {
  readonly status: number;
  readonly data: unknown;
  config: Config;
  readonly request?: unknown;
}

/** What axios rejects with. `response` is there if the server answered. */
type Failure = Error & { readonly response?: Answer; config?: Config; readonly request?: unknown };

/**
 * Lets a client of axios call Daraja with the tokens of a manager, as {@link TokenManager.fetch} does. Returns the
 * client.
 *
 * Each request carries a live token. If Daraja rejects the token, the manager replaces it, and the request is sent once
 * more: the gateway rejected it, so it was not carried out. A second rejection, and any other answer, comes from axios
 * as usual. A body that is a stream is sent once. Redirects are not followed. A URL of another origin is an error,
 * because the token is for the manager's `baseUrl` only. A client without a `baseURL` gets the manager's.
 *
 * Your interceptors run once for each request, and get no token. Other clients of axios are not changed.
 *
 * @param client A client from `axios.create()` that only calls Daraja, of axios 1, or of axios 0.22 or later.
 * @param tokens The manager of the app.
 * @throws {DarajaError} ERR_DARAJA_INVALID_OPTION, if the client is not one of axios, or `tokens` is not a manager.
 * @example
 * ```js
 * import axios from "axios";
 * import { TokenManager } from "daraja-auth";
 * import { withDaraja } from "daraja-auth/axios";
 *
 * const tokens = new TokenManager({ consumerKey, consumerSecret, environment: "production" });
 * const daraja = withDaraja(axios.create(), tokens);
 *
 * const { data } = await daraja.post("/mpesa/stkpush/v1/processrequest", payment);
 * ```
 */
export function withDaraja<Axios extends AxiosClient>(client: Axios, tokens: TokenManager): Axios {
  const { defaults, interceptors, create } = ((client as unknown) ?? {}) as Partial<Client>;
  if (!defaults || typeof interceptors?.request?.use !== "function" || typeof create !== "function") {
    const hint = "Pass axios.create() of axios 1, or of axios 0.22 or later.";
    throw invalidOption(`client: expected a client of axios, found ${kindOf(client)}`, hint);
  }
  if (typeof tokens?.getToken !== "function" || typeof tokens.baseUrl !== "string") {
    const hint = "Pass the TokenManager of the app: withDaraja(axios.create(), tokens).";
    throw invalidOption(`tokens: expected a TokenManager, found ${kindOf(tokens)}`, hint);
  }
  defaults.baseURL ??= tokens.baseUrl;
  const bare = bareClient(create);
  interceptors.request.use((config) => ({ ...config, adapter: (whole: Config) => send(whole, config, bare, tokens) }));
  return client;
}

/** A client that adds nothing to a request: no interceptors, and no defaults. */
function bareClient(create: Client["create"]): Client {
  const bare = create();
  for (const name of Object.keys(bare.defaults)) delete bare.defaults[name];
  bare.defaults.headers = {};
  return bare;
}

const asItIs = [(data: unknown) => data];

/**
 * Sends a request that axios has prepared, and once more with another token if the first one was rejected. `original`
 * has the adapter that axios would have used.
 */
async function send(config: Config, original: Config, bare: Client, tokens: TokenManager): Promise<Answer> {
  const url = urlOf(config, tokens.baseUrl);
  const { signal } = config;
  const attempt = async (accessToken: string): Promise<Attempt> => {
    const settled = await bare
      .request({
        ...config,
        adapter: original.adapter,
        headers: { ...withoutAuthorization(config.headers), Authorization: `Bearer ${accessToken}` },
        // With `auth`, axios would replace the token.
        auth: undefined,
        // A redirect must not get the token. `fetchOptions` is for axios's adapter over fetch.
        maxRedirects: 0,
        fetchOptions: { ...config.fetchOptions, redirect: "manual" },
        transformRequest: asItIs,
        transformResponse: asItIs,
      })
      .then(
        (answer) => ({ answer, failure: undefined }),
        (failure: Failure) => ({ answer: failure?.response, failure }),
      );
    withoutToken(settled.answer, config);
    withoutToken(settled.failure, config);
    return settled;
  };

  const { accessToken } = await tokens.getToken(signal && { signal });
  const first = await attempt(accessToken);
  const endpoint = url.pathname;
  if (first.answer && first.answer.status < 300) tokens.accepted(accessToken, { endpoint });
  if (!first.answer || !(await isRejected(first.answer))) return outcomeOf(first);
  const replacing = tokens.report(accessToken, { endpoint });
  // If the signal aborts first, nothing waits for this promise, and its rejection would be unhandled.
  replacing.catch(() => {});
  let successor: string;
  try {
    ({ accessToken: successor } = await withTimeout(MAX_TIMER_MS, signal, () => replacing));
  } catch (cause) {
    // No other token may be generated, none comes in time, or the signal aborts. The caller gets the API's answer.
    if (first.failure && cause instanceof DarajaError) Object.defineProperty(first.failure, "cause", { value: cause });
    return outcomeOf(first);
  }
  if (isStream(config.data)) return outcomeOf(first);
  return outcomeOf(await attempt(successor));
}

/** How a request ended: with an answer that axios counts as a success, or with a failure, which may have an answer. */
interface Attempt {
  readonly answer: Answer | undefined;
  readonly failure: Failure | undefined;
}

function outcomeOf({ answer, failure }: Attempt): Answer {
  if (failure || !answer) throw failure;
  return answer;
}

/**
 * Removes the token from what a log would show of an answer or a failure. `config` is the caller's configuration.
 * `request` of an answer contains the token, because Node keeps the headers as text. So `request` becomes a property
 * that is not enumerable, which logs do not show.
 */
function withoutToken(settled: Answer | Failure | undefined, config: Config): void {
  if (!settled?.config) return;
  settled.config = config;
  if (settled.request) Object.defineProperty(settled, "request", { value: settled.request, enumerable: false });
}

function withoutAuthorization(headers: object | undefined): object {
  return Object.fromEntries(Object.entries(headers ?? {}).filter(([name]) => name.toLowerCase() !== "authorization"));
}

/** Whether an answer says that the token was rejected. A stream is not read: the caller wants it. */
async function isRejected({ status, data }: Answer): Promise<boolean> {
  const isText = typeof data === "string" || data instanceof ArrayBuffer || ArrayBuffer.isView(data);
  if (!(status >= 400 && status <= 599) || !isText) return false;
  return isTokenRejected(new Response(data as BodyInit, { status }));
}

/** The URL of the request. axios combines a path and `baseURL` in the same way. */
function urlOf({ url = "", baseURL = "", allowAbsoluteUrls = true }: Config, home: string): URL {
  const isAbsolute = /^([a-z][a-z\d+\-.]*:)?\/\//i.test(url) && allowAbsoluteUrls;
  const whole = isAbsolute || !baseURL ? url : `${baseURL.replace(/\/+$/, "")}/${url.replace(/^\/+/, "")}`;
  let origin: string | undefined;
  try {
    const parsed = new URL(whole);
    origin = parsed.origin;
    if (origin === new URL(home).origin && parsed.protocol === new URL(home).protocol) return parsed;
  } catch {
    // A path without a base URL is not a URL. axios would choose the host for it.
  }
  const hint = "The token goes to the environment's host, or to baseUrl, only. Use another client of axios for others.";
  const found = origin === undefined ? "no URL" : "another origin";
  throw invalidOption(`url: expected the environment's origin, found ${found}`, hint);
}
