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
        Ok(http::request(credentials, &self.options.endpoint, self.options.policy.timeout))
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
            25 => return Ok(JsValue::from_f64(self.options.policy.get(&text) as f64)),
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

/// The names of `TokenManager`'s options, or of the members of its `policy`, separated by spaces.
#[wasm_bindgen(js_name = optionNames, skip_typescript)]
pub fn option_names(of_policy: bool) -> JsValue {
    if of_policy { policy_names().into() } else { NAMES.into() }
}

fn policy_names() -> String {
    let mut names = String::new();
    for name in Policy::names() {
        if !names.is_empty() {
            names.push(' ');
        }
        names.push_str(name);
    }
    names
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
    let names = policy_names();
    for (object, names) in [(options, NAMES), (&policy, names.as_str())] {
        if let Some(name) = unknown_option(object, names) {
            return Err(unknown(&name, LISTED));
        }
    }
    ManagerOptions::read(&mut |name| found(options, name).0, &mut |name| found(&policy, name).0)
}

fn failed(failure: Failure) -> JsValue {
    thrown(&failure.error())
}
