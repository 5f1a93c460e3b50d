//! The record that a store keeps, as js/manager/record.ts has read it from JSON or is to write it.
//!
//! That file checks the type of each member, so the getters here cannot fail. Identifiers are numbers; 0 is none.

use alloc::string::String;
use alloc::vec::Vec;

use daraja_auth_core::manager::{Budget, EndpointHash, HistoryId, Lease, LeaseId, Record, Refusal};
use wasm_bindgen::prelude::*;

use crate::number::{double, millis, store, whole};

#[wasm_bindgen(module = "daraja-auth-host")]
extern "C" {
    /// The record.
    pub type StoredRecord;
    #[wasm_bindgen(js_name = storedRecord)]
    fn stored_record() -> StoredRecord;
    #[wasm_bindgen(method, getter)]
    fn history(this: &StoredRecord) -> f64;
    #[wasm_bindgen(method, setter)]
    fn set_history(this: &StoredRecord, history: f64);
    #[wasm_bindgen(method, getter)]
    fn epoch(this: &StoredRecord) -> f64;
    #[wasm_bindgen(method, setter)]
    fn set_epoch(this: &StoredRecord, epoch: f64);
    #[wasm_bindgen(method, getter)]
    fn token(this: &StoredRecord) -> String;
    #[wasm_bindgen(method, setter)]
    fn set_token(this: &StoredRecord, token: &str);
    #[wasm_bindgen(method, getter, js_name = obtainedAt)]
    fn obtained_at(this: &StoredRecord) -> f64;
    #[wasm_bindgen(method, setter, js_name = obtainedAt)]
    fn set_obtained_at(this: &StoredRecord, at: f64);
    #[wasm_bindgen(method, getter, js_name = expiresAt)]
    fn expires_at(this: &StoredRecord) -> f64;
    #[wasm_bindgen(method, setter, js_name = expiresAt)]
    fn set_expires_at(this: &StoredRecord, at: f64);
    #[wasm_bindgen(method, getter, js_name = renewAt)]
    fn renew_at(this: &StoredRecord) -> f64;
    #[wasm_bindgen(method, setter, js_name = renewAt)]
    fn set_renew_at(this: &StoredRecord, at: f64);
    #[wasm_bindgen(method, getter)]
    fn dead(this: &StoredRecord) -> bool;
    #[wasm_bindgen(method, setter)]
    fn set_dead(this: &StoredRecord, dead: bool);
    #[wasm_bindgen(method, getter, js_name = notBefore)]
    fn not_before(this: &StoredRecord) -> f64;
    #[wasm_bindgen(method, setter, js_name = notBefore)]
    fn set_not_before(this: &StoredRecord, at: f64);
    #[wasm_bindgen(method, getter)]
    fn failures(this: &StoredRecord) -> u32;
    #[wasm_bindgen(method, setter)]
    fn set_failures(this: &StoredRecord, failures: u32);
    #[wasm_bindgen(method, getter)]
    fn lease(this: &StoredRecord) -> Option<StoredLease>;
    #[wasm_bindgen(method, setter)]
    fn set_lease(this: &StoredRecord, lease: StoredLease);
    #[wasm_bindgen(method, getter)]
    fn budget(this: &StoredRecord) -> StoredBudget;
    #[wasm_bindgen(method, setter)]
    fn set_budget(this: &StoredRecord, budget: StoredBudget);
    #[wasm_bindgen(method, getter)]
    fn refusals(this: &StoredRecord) -> Vec<StoredRefusal>;
    #[wasm_bindgen(method, js_name = addRefusal)]
    fn add_refusal(this: &StoredRecord, endpoint: f64, epoch: f64, next_forced_at: f64, gap_ms: f64);

    /// The record's lease.
    type StoredLease;
    #[wasm_bindgen(js_name = storedLease)]
    fn stored_lease(nonce: f64, reason: &str, duration_ms: f64, until: f64) -> StoredLease;
    #[wasm_bindgen(method, getter)]
    fn nonce(this: &StoredLease) -> f64;
    #[wasm_bindgen(method, getter, js_name = durationMs)]
    fn duration_ms(this: &StoredLease) -> f64;
    #[wasm_bindgen(method, getter)]
    fn until(this: &StoredLease) -> f64;

    /// The record's bucket of forced replacements.
    type StoredBudget;
    #[wasm_bindgen(js_name = storedBudget)]
    fn stored_budget(left: u32, refilled_at: f64) -> StoredBudget;
    #[wasm_bindgen(method, getter)]
    fn left(this: &StoredBudget) -> u32;
    #[wasm_bindgen(method, getter, js_name = refilledAt)]
    fn refilled_at(this: &StoredBudget) -> f64;

    /// What the record says of an endpoint that rejected a token.
    type StoredRefusal;
    #[wasm_bindgen(method, getter)]
    fn endpoint(this: &StoredRefusal) -> f64;
    #[wasm_bindgen(method, getter, js_name = epoch)]
    fn epoch_of_refusal(this: &StoredRefusal) -> f64;
    #[wasm_bindgen(method, getter, js_name = nextForcedAt)]
    fn next_forced_at(this: &StoredRefusal) -> f64;
    #[wasm_bindgen(method, getter, js_name = gapMs)]
    fn gap_ms(this: &StoredRefusal) -> f64;
}

/// The record as the core reads it.
pub fn from_js(stored: &StoredRecord) -> Record {
    let token = stored.token();
    let budget = stored.budget();
    Record {
        history: HistoryId::new(whole(stored.history())),
        epoch: whole(stored.epoch()),
        token: (!token.is_empty()).then(|| token.into()),
        obtained_at: store(stored.obtained_at()),
        expires_at: store(stored.expires_at()),
        renew_at: store(stored.renew_at()),
        dead: stored.dead(),
        lease: stored.lease().and_then(|lease| {
            Some(Lease {
                nonce: LeaseId::new(whole(lease.nonce()))?,
                // For people only: the protocol ignores it.
                reason: Default::default(),
                duration: millis(lease.duration_ms()),
                until: store(lease.until()),
            })
        }),
        not_before: store(stored.not_before()),
        failures: stored.failures(),
        budget: Budget { left: budget.left(), refilled_at: store(budget.refilled_at()) },
        refusals: stored.refusals().iter().filter_map(refusal_of).collect(),
    }
}

fn refusal_of(stored: &StoredRefusal) -> Option<Refusal> {
    Some(Refusal {
        endpoint: EndpointHash::new(whole(stored.endpoint()))?,
        epoch: whole(stored.epoch_of_refusal()),
        next_forced_at: store(stored.next_forced_at()),
        gap: millis(stored.gap_ms()),
    })
}

/// The record as js/manager/record.ts writes it.
pub fn to_js(record: &Record) -> StoredRecord {
    let stored = stored_record();
    stored.set_history(record.history.map_or(0.0, |history| double(history.0.get())));
    stored.set_epoch(double(record.epoch));
    stored.set_token(record.token.as_ref().map_or("", |token| token.as_str()));
    stored.set_obtained_at(double(record.obtained_at.0));
    stored.set_expires_at(double(record.expires_at.0));
    stored.set_renew_at(double(record.renew_at.0));
    stored.set_dead(record.dead);
    stored.set_not_before(double(record.not_before.0));
    stored.set_failures(record.failures);
    if let Some(Lease { nonce, reason, duration, until }) = record.lease {
        let lease = stored_lease(double(nonce.0.get()), reason.as_str(), double(duration.0), double(until.0));
        stored.set_lease(lease);
    }
    stored.set_budget(stored_budget(record.budget.left, double(record.budget.refilled_at.0)));
    for &Refusal { endpoint, epoch, next_forced_at, gap } in &record.refusals {
        stored.add_refusal(double(endpoint.0.get()), double(epoch), double(next_forced_at.0), double(gap.0));
    }
    stored
}
