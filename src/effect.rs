//! The objects that js/manager gets: effects (the outputs of the core), the live token, limits and events.
//! js/manager/effect.ts makes them.

use daraja_auth_core::error::Code;
use daraja_auth_core::manager::{self, MonotonicMillis, Now};
use daraja_auth_core::time::EpochMillis;
use wasm_bindgen::prelude::*;

use crate::number::{double, epoch, monotonic, whole};
use crate::object::JsObject;
use crate::record::StoredRecord;
use core::num::NonZeroU64;

#[wasm_bindgen(module = "daraja-auth-host")]
extern "C" {
    /// The next task of js/manager. It reports the result by a `step…`.
    pub type Effect;
    /// Load the record.
    pub fn load() -> Effect;
    /// Write this record, by compare-and-swap.
    pub fn write(record: StoredRecord) -> Effect;
    /// Ask Daraja for a token, once.
    pub fn generate() -> Effect;
    /// Wait.
    pub fn wait(ms: f64) -> Effect;
    /// The acquisition is over. This is its token.
    pub fn complete(token: JsValue) -> Effect;
    /// The acquisition is over. This is its error. `endpoint` says whether the endpoint is probably at fault.
    pub fn fail(error: JsValue, endpoint: bool) -> Effect;
    /// The acquisition is over. This is the error of the last attempt. This or another acquisition made that attempt.
    #[wasm_bindgen(js_name = failAsBefore)]
    pub fn fail_as_before(error: &JsValue, retry_after_ms: Option<f64>, attempts: u32) -> Effect;

    /// The live token, and what is known about it.
    pub type LiveToken;
    #[wasm_bindgen(js_name = liveToken)]
    pub fn live_token(
        token: JsValue,
        fresh_by_wall: f64,
        fresh_by_monotonic: f64,
        renew_in_ms: f64,
        is_usable_during_renewal: bool,
        tracks_rejections: bool,
    ) -> LiveToken;

    /// The numbers of the policy that js/manager uses.
    pub type Limits;
    #[wasm_bindgen(js_name = limits)]
    fn limits_of(
        deadline_ms: f64,
        timeout_ms: f64,
        store_timeout_ms: f64,
        keep_record_ms: f64,
        renewal_wait_ms: f64,
    ) -> Limits;

    /// A `TokenEvent`.
    pub type TokenEvent;
    #[wasm_bindgen(js_name = tokenEvent)]
    fn token_event(kind: &str, epoch: f64, duration_ms: f64, reason: Option<&str>, code: Option<&str>) -> TokenEvent;

    /// This moment, by the clocks of js/manager, and random bits.
    #[wasm_bindgen(extends = JsObject)]
    pub type Moment;
}

impl Moment {
    /// The wall clock.
    pub fn wall(&self) -> EpochMillis {
        epoch(self.number("wall"))
    }

    /// The clock that never jumps.
    pub fn monotonic(&self) -> MonotonicMillis {
        monotonic(self.number("monotonic"))
    }

    /// This moment, as the core takes it.
    pub fn now(&self) -> Now {
        let random = NonZeroU64::new(whole(self.number("random"))).unwrap_or(NonZeroU64::MIN);
        Now { wall: self.wall(), monotonic: self.monotonic(), random }
    }
}

/// The numbers of the policy that js/manager uses.
pub fn limits(policy: &manager::Policy) -> Limits {
    let [deadline, timeout, store_timeout, keep_record, renewal_wait] =
        [policy.deadline, policy.timeout, policy.store_timeout, policy.keep_record, policy.renewal_wait]
            .map(|span| double(span.0));
    limits_of(deadline, timeout, store_timeout, keep_record, renewal_wait)
}

/// The event, for JavaScript.
pub fn event(event: &manager::TokenEvent) -> TokenEvent {
    let reason = event.reason.map(|reason| reason.as_str());
    let code = event.code.map(Code::as_str);
    token_event(event.event_type.as_str(), double(event.epoch), double(event.duration.0), reason, code)
}
