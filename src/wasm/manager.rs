//! The boundary of `TokenManager`: js/manager does what a step asks for, and hands what came of it to the next step.
//!
//! There is one function for everything that a running manager asks, since each further one costs a quarter of a
//! kilobyte. Numbers come and go in one row of them, which js/manager/core.js names.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

use crate::credentials::{Credentials, Secrets};
use crate::error::{Code, Error, Result};
use crate::exchange::{self, USER_AGENT, is_token_rejection};
use crate::manager::{
    Effect, Event, Id, Instance, ManagerOptions, MonotonicMillis, NAMES, Now, Policy, Run, StoreMillis, is_of_endpoint,
    late, read, step, write,
};
use crate::options::{no_object, unknown};
use crate::text::join;
use crate::time::{EpochMillis, Millis};
use crate::token::Token;
use crate::wasm::client::field_of;
use crate::wasm::options::found;
use crate::wasm::{error, host};

type JsResult = core::result::Result<JsValue, JsValue>;

const LISTED: &str = "The README lists the options of TokenManager, and docs/fleet.md the members of its policy.";

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
    runs: Vec<Run>,
    free: Vec<usize>,
}

#[wasm_bindgen]
impl Core {
    /// Judges the options.
    #[wasm_bindgen(constructor, skip_typescript)]
    pub fn new(options: &JsValue) -> core::result::Result<Core, JsValue> {
        let options = options_of(options).map_err(|error| thrown(&error))?;
        let instance = Instance::new(options.policy.clone());
        Ok(Self { instance, options, runs: Vec::new(), free: Vec::new() })
    }

    /// The request for a token: of the credentials that the option `credentials` gave, or of the options' own.
    #[wasm_bindgen(skip_typescript)]
    pub fn request(&self, given: &JsValue) -> JsResult {
        let fresh;
        let credentials = match &self.options.credentials {
            Some(credentials) => credentials,
            None => {
                let read = |name| {
                    let found = found(given, name).0;
                    if found.kind == "a string" { found.text } else { Zeroizing::default() }
                };
                fresh =
                    Credentials::new(read("consumerKey"), read("consumerSecret")).map_err(|error| thrown(&error))?;
                &fresh
            }
        };
        let request = exchange::request(credentials, &self.options.endpoint);
        let (key, secret) = (credentials.consumer_key(), credentials.consumer_secret());
        Ok(host::request(&request.url, &request.authorization, key, secret, USER_AGENT))
    }

    /// Everything else; `what` says what.
    #[wasm_bindgen(skip_typescript)]
    pub fn call(&mut self, what: u32, id: usize, text: String, numbers: &mut [f64]) -> JsResult {
        let at = |place: usize| numbers.get(place).copied().unwrap_or_default();
        let whole = |place: usize| at(place) as u64;
        let now = Now { wall: EpochMillis(whole(0)), monotonic: MonotonicMillis(whole(1)), random: Id(whole(2)) };
        let store = (at(3) >= 0.0).then_some(StoreMillis(whole(3)));
        let (deadline, endpoint) = (MonotonicMillis(whole(4)), Id(whole(5)));
        let event = match what {
            0 => Event::Woke,
            9 => Event::Begun,
            1 => {
                let record = read(numbers.get(RECORD..).unwrap_or_default(), text);
                Event::Loaded { found: Some(Box::new(record)), store }
            }
            2 => Event::Loaded { found: None, store },
            3 | 4 => Event::Swapped { swapped: what == 3, store },
            5 => Event::StoreFailed,
            6 => Event::Unreadable,
            7 => {
                let token = Token { access_token: text, expires_in: whole(5) as u32, expires_at: EpochMillis(0) };
                Event::Granted { token, sent: MonotonicMillis(whole(4)) }
            }
            8 => {
                let mut error = Error::new(code_of(&text), &[], "");
                error.retry_after = (at(4) >= 0.0).then_some(Millis(whole(4)));
                Event::Failed(error)
            }
            10 => return Ok(self.begin(Run::get(deadline))),
            11 => return Ok(self.begin(Run::report(text, endpoint, deadline))),
            12 => return Ok(self.begin(Run::look(deadline))),
            13 => return Ok(self.begin(Run::accept(text, endpoint, deadline))),
            14 => {
                if let Some(run) = self.runs.get_mut(id) {
                    run.join(deadline);
                }
                return Ok(JsValue::UNDEFINED);
            }
            15 => return Err(thrown(&late())),
            20 => return Ok(self.live(&now, numbers)),
            21 => return Ok(JsValue::from_bool(self.instance.is_news(&text, endpoint))),
            22 => return Ok(self.notice(numbers)),
            23 => {
                self.instance.forget_failure();
                return Ok(JsValue::UNDEFINED);
            }
            24 => {
                self.instance.close();
                return Ok(JsValue::UNDEFINED);
            }
            25 => return Ok(JsValue::from_f64(self.setting(&text))),
            _ => return Ok(JsValue::from_str(self.options.endpoint.url())),
        };
        let Some(run) = self.runs.get_mut(id) else { return Ok(JsValue::UNDEFINED) };
        let result = match step(&mut self.instance, run, event, &now) {
            Effect::Wait(pause) => return Ok(JsValue::from_f64(pause.0 as f64)),
            Effect::Load => return Ok(JsValue::from_f64(LOAD)),
            Effect::Generate => return Ok(JsValue::from_f64(GENERATE)),
            Effect::Swap => {
                write(run.next(), numbers.get_mut(RECORD..).unwrap_or_default());
                return Ok(JsValue::from_str(&run.next().token));
            }
            Effect::Complete(result) => result,
        };
        self.free.push(id);
        match result {
            Ok(token) => Ok(token_of(&token)),
            Err(error) if error.message.is_empty() => {
                put(numbers, 0, error.retry_after.map_or(-1.0, |wait| wait.0 as f64));
                put(numbers, 1, error.attempts.into());
                Ok(JsValue::from_f64(FAILED))
            }
            Err(error) => {
                put(numbers, 6, is_of_endpoint(&error).into());
                Err(thrown(&error))
            }
        }
    }
}

impl Core {
    fn begin(&mut self, run: Run) -> JsValue {
        let id = self.free.pop().unwrap_or(self.runs.len());
        match self.runs.get_mut(id) {
            Some(place) => *place = run,
            None => self.runs.push(run),
        }
        JsValue::from_f64(id as f64)
    }

    /// The live token, or undefined. The numbers: until when it is fresh by each clock, in how long it is to be renewed,
    /// and whether it may be handed out meanwhile.
    fn live(&self, now: &Now, numbers: &mut [f64]) -> JsValue {
        let Some(token) = self.instance.live(now) else { return JsValue::UNDEFINED };
        let fresh = self.instance.fresh_until();
        let renewal = self.instance.renew_at().map_or(Millis(0), |at| now.monotonic.until(at.monotonic));
        put(numbers, 0, fresh.wall.0 as f64);
        put(numbers, 1, fresh.monotonic.0 as f64);
        put(numbers, 2, renewal.0 as f64);
        put(numbers, 3, self.instance.spare(now).is_some().into());
        token_of(&token)
    }

    /// The next notice's words, or undefined. The numbers: its epoch, and how long it took.
    fn notice(&mut self, numbers: &mut [f64]) -> JsValue {
        let Some(notice) = self.instance.take_notice() else { return JsValue::UNDEFINED };
        put(numbers, 0, notice.epoch as f64);
        put(numbers, 1, notice.duration.0 as f64);
        let reason = notice.reason.map_or("", |reason| reason.as_str());
        JsValue::from_str(&join(&[notice.kind.as_str(), " ", reason, " ", notice.code.map_or("", Code::as_str)]))
    }

    fn setting(&self, name: &str) -> f64 {
        match name {
            "renewInBackground" => self.options.renews_in_background.into(),
            "retryOnRejection" => self.options.retries_on_rejection.into(),
            name => self.options.policy.get(name).0 as f64,
        }
    }
}

/// Whether a business API's refusal is one of the token.
#[wasm_bindgen(js_name = isTokenRejection, skip_typescript)]
pub fn is_rejection(status: u16, json: &JsValue) -> bool {
    is_token_rejection(status, &|paths: &str| field_of(json, paths))
}

/// The codes by which the protocol tells failures apart; any other is one that stays.
fn code_of(code: &str) -> Code {
    let some = [Code::Timeout, Code::Network, Code::RateLimited, Code::Unavailable];
    some.into_iter().find(|some| some.as_str() == code).unwrap_or(Code::InvalidCredentials)
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
    let policy_names = Policy::NAMES.join(" ");
    for (object, names) in [(options, NAMES), (&policy, &policy_names)] {
        if let Some(name) = host::stranger_in(object, names).as_string() {
            return Err(unknown(&name, LISTED));
        }
    }
    ManagerOptions::read(&mut |name| found(options, name).0, &mut |name| found(&policy, name).0)
}

fn token_of(token: &Token) -> JsValue {
    host::token(&token.access_token, token.expires_in.into(), token.expires_at.0 as f64)
}

fn thrown(failure: &Error) -> JsValue {
    error::to_js(failure, &JsValue::UNDEFINED, &Secrets::default())
}
