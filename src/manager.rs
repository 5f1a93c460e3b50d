//! The boundary of `TokenManager`. js/manager carries out each effect and enters again with its result.

use alloc::boxed::Box;
use alloc::string::String;
use core::result::Result;

use daraja_auth_core::credentials::Credentials;
use daraja_auth_core::error::Code;
use daraja_auth_core::exchange::{is_from_behind_the_gateway, is_token_rejection};
use daraja_auth_core::manager::{
    self, Acquisition, Acquisitions, EndpointHash, Failure, FailureKind, Input, ManagerOptions, Member,
};
use daraja_auth_core::time::Millis;
use daraja_auth_core::token::{AccessToken, Token};
use wasm_bindgen::prelude::*;

use crate::effect::{self, Effect, Limits, LiveToken, Moment, TokenEvent};
use crate::error::{thrown, to_js};
use crate::http::{self, AttemptEnd, TokenRequest, field_of};
use crate::manager_options;
use crate::number::{double, monotonic, store, whole};
use crate::options::option_value;
use crate::record::{self, StoredRecord};

/// One member of a fleet, and its acquisitions. Each has the number that `begin…` gave.
///
/// Each `step…` takes the result of the last effect of an acquisition, and gives the next effect.
#[wasm_bindgen(skip_typescript)]
pub struct ManagerCore {
    options: ManagerOptions,
    member: Member,
    runs: Acquisitions,
    /// The error of the last attempt, for the callers that share it.
    last_error: JsValue,
}

#[wasm_bindgen]
impl ManagerCore {
    /// Checks the options.
    #[wasm_bindgen(constructor, skip_typescript)]
    pub fn new(options: &JsValue) -> Result<ManagerCore, JsValue> {
        let options = manager_options::read(options).map_err(|error| thrown(&error))?;
        let member = Member::new(options.policy.clone());
        Ok(Self { member, options, runs: Acquisitions::default(), last_error: JsValue::UNDEFINED })
    }

    /// The URL of the token endpoint.
    #[wasm_bindgen(skip_typescript)]
    pub fn url(&self) -> JsValue {
        self.options.endpoint.url().into()
    }

    /// The numbers of the policy that js/manager uses.
    #[wasm_bindgen(skip_typescript)]
    pub fn limits(&self) -> Limits {
        effect::limits(&self.options.policy)
    }

    /// The request for a token. It has the credentials of the options, or else those that the function `credentials`
    /// gave.
    #[wasm_bindgen(js_name = requestFor, skip_typescript)]
    pub fn request_for(&self, credentials: &JsValue) -> Result<TokenRequest, JsValue> {
        let read;
        let credentials = match &self.options.credentials {
            Some(credentials) => credentials,
            None => {
                let read_option = &mut |name: &'static str| option_value(credentials, name).0;
                read = Credentials::from_options(read_option).map_err(|error| thrown(&error))?;
                &read
            }
        };
        Ok(http::request(credentials, &self.options.endpoint, self.options.policy.timeout))
    }

    /// Begins to get a token.
    #[wasm_bindgen(js_name = beginGet, skip_typescript)]
    pub fn begin_get(&mut self, now: &Moment, deadline: f64) -> u32 {
        self.begin(Acquisition::get(monotonic(deadline)), now)
    }

    /// Begins to load the record, and to renew the token if it is due.
    #[wasm_bindgen(js_name = beginRevalidate, skip_typescript)]
    pub fn begin_revalidate(&mut self, now: &Moment, deadline: f64) -> u32 {
        self.begin(Acquisition::revalidate(monotonic(deadline)), now)
    }

    /// Begins to replace a token that the endpoint rejected.
    #[wasm_bindgen(js_name = beginReport, skip_typescript)]
    pub fn begin_report(&mut self, now: &Moment, deadline: f64, token: String, endpoint: f64) -> u32 {
        let deadline = monotonic(deadline);
        let run = match token_of(token) {
            Some(token) => Acquisition::report(token, endpoint_of(endpoint), deadline),
            None => Acquisition::get(deadline),
        };
        self.begin(run, now)
    }

    /// Begins to tell the other members that the endpoint accepted a token.
    #[wasm_bindgen(js_name = beginAccept, skip_typescript)]
    pub fn begin_accept(&mut self, now: &Moment, deadline: f64, token: String, endpoint: f64) -> u32 {
        let deadline = monotonic(deadline);
        let run = match (token_of(token), endpoint_of(endpoint)) {
            (Some(token), Some(endpoint)) => Acquisition::accept(token, endpoint, deadline),
            _ => Acquisition::revalidate(deadline),
        };
        self.begin(run, now)
    }

    /// Adds a caller that waits for the acquisition until this deadline.
    #[wasm_bindgen(skip_typescript)]
    pub fn join(&mut self, run: u32, deadline: f64) {
        if let Some(run) = self.runs.get(run) {
            run.join(monotonic(deadline));
        }
    }

    /// The acquisition begins.
    #[wasm_bindgen(js_name = stepBegun, skip_typescript)]
    pub fn step_begun(&mut self, run: u32, now: &Moment) -> Effect {
        self.step(run, Input::Begun, now)
    }

    /// The wait is over, or there is a reason to load the record earlier.
    #[wasm_bindgen(js_name = stepWoke, skip_typescript)]
    pub fn step_woke(&mut self, run: u32, now: &Moment) -> Effect {
        self.step(run, Input::Woke, now)
    }

    /// The record was loaded, or there is none. `store_now` is the store's clock, if it has one.
    #[wasm_bindgen(js_name = stepLoaded, skip_typescript)]
    pub fn step_loaded(
        &mut self,
        run: u32,
        now: &Moment,
        record: Option<StoredRecord>,
        store_now: Option<f64>,
    ) -> Effect {
        let found = record.map(|record| Box::new(record::from_js(&record)));
        self.step(run, Input::Loaded { found, store: store_now.map(store) }, now)
    }

    /// The store holds something that is not a record, or says that trying again does not help.
    #[wasm_bindgen(js_name = stepUnreadable, skip_typescript)]
    pub fn step_unreadable(&mut self, run: u32, now: &Moment) -> Effect {
        self.step(run, Input::Unreadable, now)
    }

    /// The compare-and-swap has ended: the record was written, or the store has another one.
    #[wasm_bindgen(js_name = stepSwapped, skip_typescript)]
    pub fn step_swapped(&mut self, run: u32, now: &Moment, swapped: bool, store_now: Option<f64>) -> Effect {
        self.step(run, Input::Swapped { swapped, store: store_now.map(store) }, now)
    }

    /// An operation of the store failed.
    #[wasm_bindgen(js_name = stepStoreFailed, skip_typescript)]
    pub fn step_store_failed(&mut self, run: u32, now: &Moment) -> Effect {
        self.step(run, Input::StoreFailed, now)
    }

    /// The attempt that was sent at that moment has ended with a token, or with an error, which is kept for later
    /// callers.
    #[wasm_bindgen(js_name = stepAttempted, skip_typescript)]
    pub fn step_attempted(
        &mut self,
        run: u32,
        now: &Moment,
        request: &TokenRequest,
        end: &AttemptEnd,
        sent: &Moment,
    ) -> Effect {
        let input = match end.classify(request) {
            Ok(Token { access_token, expires_in, .. }) => {
                let expires_at = sent.wall().after(Millis::from_secs(expires_in));
                let token = Token { access_token, expires_in, expires_at };
                Input::Granted { token, sent: sent.monotonic() }
            }
            Err(mut error) => {
                let failure = Failure::attempt(error.code, error.retry_after);
                error.attempts = 1;
                self.last_error = to_js(&error, &end.cause(), &request.secrets());
                Input::Failed(failure)
            }
        };
        self.step(run, input, now)
    }

    /// Nothing was sent: the function `credentials` failed, or its credentials are another app's.
    #[wasm_bindgen(js_name = stepNotSent, skip_typescript)]
    pub fn step_not_sent(&mut self, run: u32, now: &Moment, error: JsValue, retryable: bool) -> Effect {
        self.last_error = error;
        let code = if retryable { Code::Network } else { Code::InvalidCredentials };
        self.step(run, Input::Failed(Failure::attempt(code, None)), now)
    }

    /// The live token, if there is one.
    #[wasm_bindgen(skip_typescript)]
    pub fn live(&self, now: &Moment) -> Option<LiveToken> {
        let now = now.now();
        let token = self.member.live(&now)?;
        let fresh = self.member.fresh_until().unwrap_or_default();
        let renewal = self.member.renew_at().map_or(Millis(0), |at| now.monotonic.until(at.monotonic));
        Some(effect::live_token(
            http::token(&token),
            double(fresh.wall.0),
            double(fresh.monotonic.0),
            double(renewal.0),
            self.member.token_during_renewal(&now).is_some(),
            self.member.tracks_rejections(),
        ))
    }

    /// Whether the other members should be told that the endpoint accepted this token.
    #[wasm_bindgen(js_name = isAcceptedAfterRejection, skip_typescript)]
    pub fn is_accepted_after_rejection(&self, token: &str, endpoint: f64) -> bool {
        endpoint_of(endpoint).is_some_and(|endpoint| self.member.is_accepted_after_rejection(token, endpoint))
    }

    /// Takes the oldest event.
    #[wasm_bindgen(js_name = takeEvent, skip_typescript)]
    pub fn take_event(&mut self) -> Option<TokenEvent> {
        self.member.take_event().map(|event| effect::event(&event))
    }

    /// Forgets the last failure, because the credentials have changed.
    #[wasm_bindgen(js_name = forgetFailure, skip_typescript)]
    pub fn forget_failure(&mut self) {
        self.member.forget_failure();
    }

    /// Closes the manager: its acquisitions end, after they have published a granted token or released a lease. The
    /// credentials are wiped, because a closed manager needs none.
    #[wasm_bindgen(skip_typescript)]
    pub fn close(&mut self) {
        self.member.close();
        self.options.credentials = None;
    }
}

impl ManagerCore {
    fn begin(&mut self, run: Acquisition, now: &Moment) -> u32 {
        self.runs.begin(run, &now.now())
    }

    fn step(&mut self, id: u32, input: Input, now: &Moment) -> Effect {
        let Some(run) = self.runs.get(id) else { return effect::fail(failed(FailureKind::Late), false) };
        let result = match manager::step(&mut self.member, run, input, &now.now()) {
            manager::Output::Load => return effect::load(),
            manager::Output::Swap => return effect::write(record::to_js(run.next())),
            manager::Output::Generate => return effect::generate(),
            manager::Output::Wait(pause) => return effect::wait(double(pause.0)),
            manager::Output::Complete(result) => result,
        };
        self.runs.end(id);
        match result {
            Ok(token) => effect::complete(http::token(&token)),
            Err(failure) if failure.kind == FailureKind::Attempt => {
                let retry_after_ms = failure.retry_after.map(|wait| double(wait.0));
                effect::fail_as_before(&self.last_error, retry_after_ms, failure.attempts)
            }
            Err(failure) => effect::fail(failed(failure), failure.kind == FailureKind::RejectedAgain),
        }
    }
}

/// The error of a caller that has no token at its deadline.
#[wasm_bindgen(js_name = lateError, skip_typescript)]
pub fn late_error() -> JsValue {
    failed(FailureKind::Late)
}

/// The error of a closed manager.
#[wasm_bindgen(js_name = closedError, skip_typescript)]
pub fn closed_error() -> JsValue {
    failed(FailureKind::Closed)
}

/// Reads a business API's error: 1 if it rejects the token, 2 if the gateway has accepted the token, 0 if it says
/// neither. `texts` has the texts of the error in lower case, without spaces, hyphens and underscores.
#[wasm_bindgen(js_name = judgeError, skip_typescript)]
pub fn judge_error(status: u16, json: &JsValue, texts: &str) -> u32 {
    let json = &|paths: &str| field_of(json, paths);
    if is_token_rejection(status, json, texts) { 1 } else { u32::from(is_from_behind_the_gateway(json)) * 2 }
}

fn failed(failure: impl Into<Failure>) -> JsValue {
    thrown(&failure.into().error())
}

/// The token with that text. An empty text means no token.
fn token_of(text: String) -> Option<AccessToken> {
    (!text.is_empty()).then(|| text.into())
}

fn endpoint_of(hash: f64) -> Option<EndpointHash> {
    EndpointHash::new(whole(hash))
}
