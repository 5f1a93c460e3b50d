//! The record that a store keeps, as js/manager/record.ts reads and writes it in JSON.
//!
//! That file checks the type of each member. Identifiers are numbers. 0 means none.

use alloc::string::String;
use alloc::vec::Vec;

use daraja_auth_core::manager::{Budget, EndpointHash, EndpointRejection, HistoryId, Lease, LeaseId, Record};
use wasm_bindgen::prelude::*;

use crate::number::{count, double, millis, store, whole};
use crate::object::JsObject;

#[wasm_bindgen(module = "daraja-auth-host")]
extern "C" {
    /// The record.
    #[wasm_bindgen(extends = JsObject)]
    pub type StoredRecord;
    /// A record with an empty list of rejections, and no other member.
    #[wasm_bindgen(js_name = storedRecord)]
    fn stored_record() -> StoredRecord;
    #[wasm_bindgen(method, getter)]
    fn token(this: &StoredRecord) -> String;
}

/// The record as the core reads it.
pub fn from_js(stored: &StoredRecord) -> Record {
    let token = stored.token();
    let at = |name| store(stored.number(name));
    Record {
        history: HistoryId::new(whole(stored.number("history"))),
        epoch: whole(stored.number("epoch")),
        token: (!token.is_empty()).then(|| token.into()),
        obtained_at: at("obtainedAt"),
        expires_at: at("expiresAt"),
        renew_at: at("renewAt"),
        dead: stored.number("dead") != 0.0,
        lease: stored.object("lease").and_then(|lease| lease_of(&lease)),
        not_before: Some(at("notBefore")).filter(|at| at.0 > 0),
        failures: count(stored.number("failures")),
        budget: stored.object("budget").map(|budget| budget_of(&budget)).unwrap_or_default(),
        rejections: rejections_of(stored),
    }
}

fn lease_of(stored: &JsObject) -> Option<Lease> {
    Some(Lease {
        nonce: LeaseId::new(whole(stored.number("nonce")))?,
        // It is for people only: the protocol ignores it.
        reason: Default::default(),
        duration: millis(stored.number("durationMs")),
        until: store(stored.number("until")),
    })
}

fn budget_of(stored: &JsObject) -> Budget {
    Budget { left: count(stored.number("left")), refilled_at: store(stored.number("refilledAt")) }
}

fn rejections_of(stored: &StoredRecord) -> Vec<EndpointRejection> {
    let Some(rejections) = stored.object("refusals") else { return Vec::new() };
    let items = (0..).map_while(|index| rejections.item(index));
    items.filter_map(|rejection| rejection_of(&rejection)).collect()
}

fn rejection_of(stored: &JsObject) -> Option<EndpointRejection> {
    Some(EndpointRejection {
        endpoint: EndpointHash::new(whole(stored.number("endpoint")))?,
        epoch: whole(stored.number("epoch")),
        next_forced_at: store(stored.number("nextForcedAt")),
        cooldown: millis(stored.number("gapMs")),
    })
}

/// The record as js/manager/record.ts writes it.
pub fn to_js(record: &Record) -> StoredRecord {
    let stored = stored_record();
    stored.set_number("history", record.history.map_or(0.0, |history| double(history.0.get())));
    stored.set_number("epoch", double(record.epoch));
    stored.set_text("token", record.token.as_ref().map_or("", |token| token.as_str()));
    stored.set_number("obtainedAt", double(record.obtained_at.0));
    stored.set_number("expiresAt", double(record.expires_at.0));
    stored.set_number("renewAt", double(record.renew_at.0));
    stored.set("dead", record.dead.into());
    stored.set_number("notBefore", record.not_before.map_or(0.0, |at| double(at.0)));
    stored.set_number("failures", record.failures.into());
    if let Some(Lease { nonce, reason, duration, until }) = record.lease {
        let lease = JsObject::new();
        lease.set_number("nonce", double(nonce.0.get()));
        lease.set_text("reason", reason.as_str());
        lease.set_number("durationMs", double(duration.0));
        lease.set_number("until", double(until.0));
        stored.set("lease", lease.into());
    }
    let budget = JsObject::new();
    budget.set_number("left", record.budget.left.into());
    budget.set_number("refilledAt", double(record.budget.refilled_at.0));
    stored.set("budget", budget.into());
    if let Some(rejections) = stored.object("refusals") {
        for (index, rejection) in (0..).zip(&record.rejections) {
            rejections.set_item(index, rejection_to_js(rejection));
        }
    }
    stored
}

fn rejection_to_js(&EndpointRejection { endpoint, epoch, next_forced_at, cooldown }: &EndpointRejection) -> JsObject {
    let stored = JsObject::new();
    stored.set_number("endpoint", double(endpoint.0.get()));
    stored.set_number("epoch", double(epoch));
    stored.set_number("nextForcedAt", double(next_forced_at.0));
    stored.set_number("gapMs", double(cooldown.0));
    stored
}
