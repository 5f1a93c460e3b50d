//! The boundary of `TokenManager`: js/manager does what a step asks for, and hands what came of it to the next step.
//!
//! There is one function for everything that a running manager asks, since each further one costs a quarter of a
//! kilobyte. Numbers come and go in one row of them, which js/manager/core.js names.

use alloc::boxed::Box;
use alloc::string::String;
use core::num::NonZeroU64;

use wasm_bindgen::prelude::*;

use crate::error::thrown;
use crate::http::{self, TokenRequest, field_of};
use crate::options::{found, unknown_option};
use daraja_auth_core::credentials::Credentials;
use daraja_auth_core::error::{Code, Result};
use daraja_auth_core::exchange::{is_beyond_the_gateway, is_token_rejection};
use daraja_auth_core::manager::{
    Effect, EndpointHash, Event, Failure, Instance, ManagerOptions, MonotonicMillis, NAMES, Now, Policy, Run, Runs,
    StoreMillis, Why, read, step, write,
};
use daraja_auth_core::options::{no_object, unknown};
use daraja_auth_core::text::join;
use daraja_auth_core::time::{EpochMillis, Millis};
use daraja_auth_core::token::{AccessToken, Token};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A record in a {@link TokenStore}: what it says, and the version that a swap must name. */
export interface StoredRecord {
  readonly version: string;
  readonly value: string;
}

/**
 * Where the token is kept that instances share: Redis, Postgres, … The package has one for each; to write your own, see
 * docs/stores.md and `storeConformance` of `daraja-auth/testing`.
 *
 * Nothing in a store retries, and an operation whose outcome is unknown rejects.
 */
export interface TokenStore {
  /**
   * Gives the record, as it is now: never an older one that a replica still has.
   * `now` is the store's own clock in milliseconds, where it has one; then it comes without a record too.
   */
  load(key: string): Promise<{ record: StoredRecord | null; now?: number }>;
  /**
   * Writes the next record if the version there is `expected`; `null`: if there is none.
   * A record may be forgotten `ttlMs` after it was written last.
   */
  compareAndSwap(
    key: string,
    expected: string | null,
    next: StoredRecord,
    options: { ttlMs: number },
  ): Promise<{ swapped: boolean; now?: number }>;
  /** Calls `wake` when the record may have changed; gives the way to end that. It is a hint, and may be absent. */
  watch?(key: string, wake: () => void): () => void;
}

/** What a {@link TokenManager} tells: `onEvent`. It is frozen, and shows no secret and no token. */
export interface TokenEvent {
  /**
   * What happened.
   *
   * - `generated`, `renewed`: this instance asked Daraja for a token, since there was none or ahead of time.
   * - `shared`: it took over another instance's token.
   * - `rejected`: an API refused the token; with a `code` it was not replaced, and that says why.
   * - `lease-taken`, `lease-lost`: it became the one who generates, or was too slow to stay it.
   * - `waited`: a call waited for another instance or for the store.
   * - `store-error`: an operation of the store failed.
   * - `contention`: somebody else generates tokens with this consumer key.
   */
  readonly type:
    | "generated"
    | "renewed"
    | "shared"
    | "rejected"
    | "lease-taken"
    | "lease-lost"
    | "waited"
    | "store-error"
    | "contention";
  /** Which token of the record's history it was about, counted from 1; 0 before there was any. */
  readonly epoch: number;
  /** How long it took, in milliseconds; 0 where it took no time. */
  readonly durationMs: number;
  /** Why a token was asked for. */
  readonly reason?: "missing" | "rejected" | "renewal";
  /** Why a token that was refused is not replaced. */
  readonly code?: DarajaErrorCode;
}

/** The options of {@link TokenManager}. An unknown or ill-typed one is refused by name. */
export type TokenManagerOptions = TokenManagerSettings & (AppCredentials | ChangingCredentials);

/** Credentials that change, instead of the two strings. */
export interface ChangingCredentials {
  /**
   * Gives the credentials each time Daraja is asked for a token: for rotation and secret managers. It must settle within
   * `timeoutMs`; where it fails, it is called again as Daraja would be.
   */
  credentials: () => AppCredentials | Promise<AppCredentials>;
}

/** The options of {@link TokenManager}, but the credentials. */
export interface TokenManagerSettings {
  /** Which Daraja to ask. Default: `"sandbox"`, so that nobody moves money by omission. */
  environment?: "sandbox" | "production" | undefined;
  /** Another base URL instead of the environment's; https only, http on loopback only. */
  baseUrl?: string | undefined;
  /** The path of the token endpoint. Default: `"/oauth/v1/generate"`, the documented one. */
  path?: string | undefined;
  /** The `fetch` to use, for tokens and for {@link TokenManager.fetch}; always with a URL in text. Default: the global one, looked up at each call. */
  fetch?: ((input: string, init: RequestInit) => Promise<Response>) | undefined;
  /** How long one attempt to get a token may take, in milliseconds. Default: 10 000. */
  timeoutMs?: number | undefined;
  /** How many attempts may follow a failed one, 0 to 10. Default: 1. */
  retries?: number | undefined;
  /** Where the token is kept. Default: {@link memoryStore}, for a single instance. */
  store?: TokenStore | undefined;
  /** How long before its end a token is renewed, in milliseconds. Default: 5 minutes, or a twelfth of its lifetime. */
  renewBeforeMs?: number | undefined;
  /**
   * Whether a token is renewed in time though nobody asks for it. Default: false, since serverless instances freeze. It
   * keeps no process alive, and has no effect on workers and edge runtimes.
   */
  renewInBackground?: boolean | undefined;
  /**
   * Whether {@link TokenManager.fetch} sends a request once more after its token was refused. Default: true. Without it
   * the token is replaced all the same, for the next request.
   */
  retryOnRejection?: boolean | undefined;
  /**
   * What to do with no usable token and a store that fails. Default: `"fail"`. `"generate"` asks Daraja without the store,
   * which kills the token of the others.
   */
  onStoreDown?: "fail" | "generate" | undefined;
  /** Is told what happens. What it throws is ignored. */
  onEvent?: ((event: TokenEvent) => void) | undefined;
  /** Seals a token before it is written to the store. It needs `open` beside it; docs/manager.md has a recipe. */
  seal?: ((accessToken: string) => string | Promise<string>) | undefined;
  /**
   * Opens what `seal` made. It rejects where it cannot, and the store counts as failed; or gives null, where the key is
   * lost: then the token counts as none, and another is asked for. A token that was not sealed is not given to it.
   */
  open?: ((sealed: string) => string | null | Promise<string | null>) | undefined;
  /** The wall clock, in milliseconds since the epoch. Default: `Date.now`. For tests. */
  now?: (() => number) | undefined;
  /** The numbers of the protocol, by name; docs/manager.md lists them. Instances that share a record have the same. */
  policy?: Partial<Record<PolicyNumber, number>> | undefined;
}

/** A Consumer Key and its Consumer Secret. */
export interface AppCredentials {
  consumerKey: string;
  consumerSecret: string;
}

/** A number of the protocol; most are milliseconds. */
export type PolicyNumber =
  | "renewBeforeMs"
  | "mustWaitMs"
  | "floorMs"
  | "lookUpMs"
  | "drainMs"
  | "rotationWaitMs"
  | "firstPauseMs"
  | "longestPauseMs"
  | "timeoutMs"
  | "leaseMarginMs"
  | "deadlineMs"
  | "storeTimeoutMs"
  | "storePatienceMs"
  | "clockToleranceMs"
  | "budgetRefillMs"
  | "refusalGapMs"
  | "longestRefusalGapMs"
  | "failureGapMs"
  | "longestFailureGapMs"
  | "refusedGapMs"
  | "longestRefusedGapMs"
  | "longestWaitMs"
  | "contentionWindowMs"
  | "keepRecordMs"
  | "budget";

/** What one call of {@link TokenManager.fetch} may say, besides what fetch takes. */
export interface FetchOptions {
  retryOnRejection?: boolean | undefined;
  waitUntil?: ((promise: Promise<unknown>) => void) | undefined;
}

/** What one call of {@link TokenManager.getToken} may say. */
export interface GetTokenOptions {
  /** Ends this call, and no other, with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** How long this call may wait, in milliseconds. Default: 45 000, a crashed holder's lease and all attempts. */
  deadlineMs?: number | undefined;
  /**
   * The platform's own, which keeps a request for a token going though the client hung up. It is called without its
   * object: `(promise) => ctx.waitUntil(promise)`.
   */
  waitUntil?: ((promise: Promise<unknown>) => void) | undefined;
}

/**
 * One live token, always ready: cached, renewed ahead of time, asked for once however many callers want it, replaced when
 * an API refuses it, and shared between all instances that have the same store.
 *
 * Make one for each app, and keep it.
 *
 * @example
 * ```js
 * import { TokenManager } from "daraja-auth";
 *
 * const tokens = new TokenManager({
 *   consumerKey: process.env.DARAJA_CONSUMER_KEY,
 *   consumerSecret: process.env.DARAJA_CONSUMER_SECRET,
 *   environment: "production",
 * });
 *
 * const response = await tokens.fetch("/mpesa/stkpush/v1/processrequest", {
 *   method: "POST",
 *   headers: { "Content-Type": "application/json" },
 *   body: JSON.stringify(payment),
 * });
 * ```
 */
export class TokenManager {
  /** @throws {DarajaError} ERR_DARAJA_INVALID_OPTION, for an option that cannot be used. Nothing is sent. */
  constructor(options: TokenManagerOptions);
  /**
   * Gives a live token: at once, if there is a fresh one.
   *
   * It rejects with a {@link DarajaError}: those of {@link generateToken}, ERR_DARAJA_TIMEOUT at the deadline,
   * ERR_DARAJA_STORE_UNAVAILABLE, ERR_DARAJA_CLOSED. A failure reaches all who wait for it, and is not remembered beyond
   * a back-off; bad credentials are remembered for 5 seconds to 5 minutes.
   */
  getToken(options?: GetTokenOptions): Promise<AccessToken>;
  /**
   * Says that an API refused this token, for clients that do not use {@link TokenManager.fetch}; gives the one to use
   * instead. Where another one is live already, that one, and nothing is asked of Daraja.
   *
   * It rejects with ERR_DARAJA_TOKEN_REJECTED where none may be generated: the endpoint refuses fresh tokens, or so many
   * were refused that somebody else must be generating them.
   */
  report(accessToken: string, options?: { endpoint?: string }): Promise<AccessToken>;
  /**
   * Says that an API accepted this token, for clients that do not use {@link TokenManager.fetch} and report with an
   * endpoint: an endpoint that takes tokens is not at fault when it refuses one later. It costs next to nothing.
   */
  accepted(accessToken: string, options: { endpoint: string }): void;
  /**
   * Sends a request to a business API with a live token: a path, which goes below the environment's address or
   * `baseUrl`, or a URL of the same origin.
   *
   * Where the token is refused, the request is sent once more with another one: the gateway refused it, so it was not
   * carried out. A second refusal, any other answer, and a redirect come back as they are. A body that is a stream is sent
   * once, and that of a Request is read whole first. `retryOnRejection: false` sends everything once. `waitUntil` is that of
   * {@link GetTokenOptions}. It may be handed on as a function: it is bound to its manager.
   */
  fetch(input: string | URL | Request, init?: RequestInit & FetchOptions): Promise<Response>;
  /** The live token, or null; without asking anybody. */
  peek(): AccessToken | null;
  /** Ends it: its timers, its watch, and with ERR_DARAJA_CLOSED every call that waits or comes later. */
  close(): void;
  /** The same, for `using`. */
  [Symbol.dispose](): void;
}

/** Keeps records in this process: the default, for a single instance. */
export function memoryStore(): TokenStore;

/**
 * Whether a business API's response says that the token was refused, so that the request was not carried out; for clients
 * that do not use {@link TokenManager.fetch}. The response stays readable.
 */
export function isTokenRejected(response: Response): Promise<boolean>;
"#;

type JsResult = core::result::Result<JsValue, JsValue>;

const LISTED: &str = "The README lists the options of TokenManager, and docs/manager.md the members of its policy.";

/// What a run asks for, besides a token, an error, a wait (milliseconds) and a write (the text of the record's token).
const LOAD: f64 = -1.0;
const GENERATE: f64 = -2.0;
/// A run ends with the error of its last attempt, which JavaScript has.
const FAILED: f64 = -3.0;

/// Where the numbers of a record begin.
const RECORD: usize = 8;

/// An instance of the protocol, and its runs.
#[wasm_bindgen(skip_typescript)]
pub struct Core {
    options: ManagerOptions,
    instance: Instance,
    runs: Runs,
}

#[wasm_bindgen]
impl Core {
    /// Judges the options.
    #[wasm_bindgen(constructor, skip_typescript)]
    pub fn new(options: &JsValue) -> core::result::Result<Core, JsValue> {
        let options = options_of(options).map_err(|error| thrown(&error))?;
        let instance = Instance::new(options.policy.clone());
        Ok(Self { instance, options, runs: Runs::default() })
    }

    /// The request for a token: of the credentials that the option `credentials` gave, or of the options' own.
    #[wasm_bindgen(skip_typescript)]
    pub fn request(&self, given: &JsValue) -> core::result::Result<TokenRequest, JsValue> {
        let fresh;
        let credentials = match &self.options.credentials {
            Some(credentials) => credentials,
            None => {
                let find = &mut |name: &'static str| found(given, name).0;
                fresh = Credentials::given(find).map_err(|error| thrown(&error))?;
                &fresh
            }
        };
        Ok(http::request(credentials, &self.options.endpoint, self.options.policy.timeout()))
    }

    /// Everything else; `what` says what.
    #[wasm_bindgen(skip_typescript)]
    pub fn call(&mut self, what: u32, id: u32, text: String, numbers: &mut [f64]) -> JsResult {
        let [wall, monotonic, random, store, a, b] = [0, 1, 2, 3, 4, 5].map(|place| at(numbers, place));
        let now = Now {
            wall: EpochMillis(wall as u64),
            monotonic: MonotonicMillis(monotonic as u64),
            random: NonZeroU64::new(random as u64).unwrap_or(NonZeroU64::MIN),
        };
        let store = (store >= 0.0).then_some(StoreMillis(store as u64));
        let (deadline, endpoint) = (MonotonicMillis(a as u64), EndpointHash::new(b as u64));
        let wall_sent = EpochMillis(at(numbers, 7) as u64);
        let event = match what {
            0 => Event::Woke,
            9 => Event::Begun,
            1 => {
                let record = read(numbers.get(RECORD..).unwrap_or_default(), token_of(text));
                Event::Loaded { found: Some(Box::new(record)), store }
            }
            2 => Event::Loaded { found: None, store },
            3 | 4 => Event::Swapped { swapped: what == 3, store },
            5 => Event::StoreFailed,
            6 => Event::Unreadable,
            7 => {
                let expires_at = wall_sent.after(Millis(b as u64 * 1000));
                let token = Token { access_token: text.into(), expires_in: b as u32, expires_at };
                Event::Granted { token, sent: deadline }
            }
            8 => Event::Failed(Failure::attempt(code_of(&text), (a >= 0.0).then_some(Millis(a as u64)))),
            10 => return Ok(self.begin(Run::get(deadline), &now)),
            11 => {
                let run = match token_of(text) {
                    Some(token) => Run::report(token, endpoint, deadline),
                    None => Run::get(deadline),
                };
                return Ok(self.begin(run, &now));
            }
            12 => return Ok(self.begin(Run::look(deadline), &now)),
            13 => {
                let run = match (token_of(text), endpoint) {
                    (Some(token), Some(endpoint)) => Run::accept(token, endpoint, deadline),
                    _ => Run::look(deadline),
                };
                return Ok(self.begin(run, &now));
            }
            14 => {
                if let Some(run) = self.runs.get(id) {
                    run.join(deadline);
                }
                return Ok(JsValue::UNDEFINED);
            }
            15 => return Err(failed(Why::Late.into())),
            16 => return Err(failed(Why::Closed.into())),
            20 => return Ok(self.live(&now, numbers)),
            21 => {
                let is_news = endpoint.is_some_and(|endpoint| self.instance.is_news(&text, endpoint));
                return Ok(JsValue::from_bool(is_news));
            }
            22 => return Ok(self.notice(numbers)),
            23 => {
                self.instance.forget_failure();
                return Ok(JsValue::UNDEFINED);
            }
            24 => {
                self.instance.close();
                return Ok(JsValue::UNDEFINED);
            }
            25 => return Ok(JsValue::from_f64(self.options.policy.get(&text).0 as f64)),
            _ => return Ok(JsValue::from_str(self.options.endpoint.url())),
        };
        let Some(run) = self.runs.get(id) else { return Err(failed(Why::Late.into())) };
        let result = match step(&mut self.instance, run, event, &now) {
            Effect::Wait(pause) => return Ok(JsValue::from_f64(pause.0 as f64)),
            Effect::Load => return Ok(JsValue::from_f64(LOAD)),
            Effect::Generate => return Ok(JsValue::from_f64(GENERATE)),
            Effect::Swap => {
                write(run.next(), numbers.get_mut(RECORD..).unwrap_or_default());
                return Ok(JsValue::from_str(run.next().token.as_ref().map_or("", AccessToken::as_str)));
            }
            Effect::Complete(result) => result,
        };
        self.runs.end(id);
        match result {
            Ok(token) => Ok(to_js(&token)),
            Err(failure) if failure.why == Why::Attempt => {
                put(numbers, 0, failure.retry_after.map_or(-1.0, |wait| wait.0 as f64));
                put(numbers, 1, failure.attempts.into());
                Ok(JsValue::from_f64(FAILED))
            }
            Err(failure) => {
                put(numbers, 6, (failure.why == Why::RefusedAgain).into());
                Err(failed(failure))
            }
        }
    }
}

impl Core {
    fn begin(&mut self, run: Run, now: &Now) -> JsValue {
        JsValue::from_f64(self.runs.begin(run, now).into())
    }

    /// The live token, or undefined. The numbers: until when it is fresh by each clock, in how long it is to be renewed,
    /// whether it may be handed out meanwhile, and whether [`Instance::is_news`] may be true.
    fn live(&self, now: &Now, numbers: &mut [f64]) -> JsValue {
        let Some(token) = self.instance.live(now) else { return JsValue::UNDEFINED };
        let fresh = self.instance.fresh_until();
        let renewal = self.instance.renew_at().map_or(Millis(0), |at| now.monotonic.until(at.monotonic));
        put(numbers, 0, fresh.wall.0 as f64);
        put(numbers, 1, fresh.monotonic.0 as f64);
        put(numbers, 2, renewal.0 as f64);
        put(numbers, 3, self.instance.spare(now).is_some().into());
        put(numbers, 4, self.instance.awaits_news().into());
        to_js(&token)
    }

    /// The next notice's words, or undefined. The numbers: its epoch, and how long it took.
    fn notice(&mut self, numbers: &mut [f64]) -> JsValue {
        let Some(notice) = self.instance.take_notice() else { return JsValue::UNDEFINED };
        put(numbers, 0, notice.epoch as f64);
        put(numbers, 1, notice.duration.0 as f64);
        let reason = notice.reason.map_or("", |reason| reason.as_str());
        JsValue::from_str(&join(&[notice.kind.as_str(), " ", reason, " ", notice.code.map_or("", Code::as_str)]))
    }
}

/// What a business API's error says of the token: 1 that it was refused, 2 that it was accepted, 0 nothing.
#[wasm_bindgen(js_name = judgeError, skip_typescript)]
pub fn judge_error(status: u16, json: &JsValue) -> u32 {
    let json = &|paths: &str| field_of(json, paths);
    if is_token_rejection(status, json) { 1 } else { u32::from(is_beyond_the_gateway(json)) * 2 }
}

fn to_js(token: &Token) -> JsValue {
    http::access_token(token.access_token.as_str(), token.expires_in, token.expires_at.0 as f64)
}

/// The token of that text; no token where it is empty.
fn token_of(text: String) -> Option<AccessToken> {
    (!text.is_empty()).then(|| text.into())
}

/// The codes by which the protocol tells failures apart; any other is one that stays.
fn code_of(code: &str) -> Code {
    let some = [Code::Timeout, Code::Network, Code::RateLimited, Code::Unavailable];
    some.into_iter().find(|some| some.as_str() == code).unwrap_or(Code::InvalidCredentials)
}

fn at(numbers: &[f64], place: usize) -> f64 {
    numbers.get(place).copied().unwrap_or_default()
}

fn put(numbers: &mut [f64], place: usize, number: f64) {
    if let Some(at) = numbers.get_mut(place) {
        *at = number;
    }
}

fn options_of(options: &JsValue) -> Result<ManagerOptions> {
    if !options.is_object() {
        return Err(no_object());
    }
    let policy = found(options, "policy").1;
    // Without one, each of its members is undefined.
    let policy = if policy.is_object() { policy } else { js_sys::Object::new().into() };
    for (object, names) in [(options, NAMES), (&policy, Policy::NAMES)] {
        if let Some(name) = unknown_option(object, names) {
            return Err(unknown(&name, LISTED));
        }
    }
    ManagerOptions::read(&mut |name| found(options, name).0, &mut |name| found(&policy, name).0)
}

fn failed(failure: Failure) -> JsValue {
    thrown(&failure.error())
}
