//! The record in JSON, as the boundary reads and writes it, but with a plain token.

use daraja_auth_core::manager::{
    Budget, EndpointHash, EndpointRejection, HistoryId, Lease, LeaseId, MAX_REJECTIONS, Reason, Record, SCHEMA,
    StoreMillis,
};
use daraja_auth_core::time::Millis;
use daraja_auth_core::token::AccessToken;
use serde_json::{Value, json};

/// The record in a value, or none if it has another schema. An absent field is zero, empty or false, but a lease without
/// `until` ends for a member that has seen it unchanged for its duration.
pub fn record_in(value: &Value) -> Option<Record> {
    if value["schema"] != SCHEMA {
        return None;
    }
    let number = |value: &Value, name: &str| value[name].as_u64().unwrap_or_default();
    let instant = |value: &Value, name: &str| StoreMillis(number(value, name));
    let text = |value: &Value, name: &str| value[name].as_str().unwrap_or_default().to_owned();
    // Identifiers are written in hexadecimal.
    let id = |text: &str| u64::from_str_radix(text, 16).unwrap_or_default();
    let mut record = Record {
        history: HistoryId::new(id(&text(value, "history"))),
        epoch: number(value, "epoch"),
        token: Some(text(value, "token")).filter(|text| !text.is_empty()).map(AccessToken::from),
        obtained_at: instant(value, "obtainedAt"),
        expires_at: instant(value, "expiresAt"),
        renew_at: instant(value, "renewAt"),
        dead: value["dead"] == true,
        not_before: Some(instant(value, "notBefore")).filter(|at| *at > StoreMillis(0)),
        failures: number(value, "failures") as u32,
        budget: Budget {
            left: number(&value["budget"], "left") as u32,
            refilled_at: instant(&value["budget"], "refilledAt"),
        },
        ..Record::default()
    };
    if let Some(lease) = value["lease"].as_object().map(|_| &value["lease"]) {
        record.lease = LeaseId::new(id(&text(lease, "nonce"))).map(|nonce| Lease {
            nonce,
            reason: Reason::Missing,
            duration: Millis(number(lease, "durationMs")),
            until: lease["until"].as_u64().map_or(StoreMillis(u64::MAX), StoreMillis),
        });
    }
    let rejections = value["refusals"].as_object().into_iter().flatten();
    let refusal = |(endpoint, refusal): (&String, &Value)| {
        Some(EndpointRejection {
            endpoint: EndpointHash::new(id(endpoint))?,
            epoch: number(refusal, "epoch"),
            next_forced_at: instant(refusal, "nextForcedAt"),
            cooldown: Millis(number(refusal, "gapMs")),
        })
    };
    record.rejections.extend(rejections.filter_map(refusal));
    record.rejections.sort_by_key(|rejection| rejection.next_forced_at);
    let too_many = record.rejections.len().saturating_sub(MAX_REJECTIONS);
    record.rejections.drain(..too_many);
    Some(record)
}

/// The record as a value. Members of the old value that this version does not know are kept.
pub fn value_of(record: &Record, before: Option<&Value>) -> Value {
    let lease = record.lease.map(|lease| {
        json!({
            "nonce": format!("{:x}", lease.nonce.0),
            "reason": lease.reason.as_str(),
            "durationMs": lease.duration.0,
            "until": lease.until.0,
        })
    });
    let rejections = record.rejections.iter().map(|rejection| {
        let value =
            json!({ "epoch": rejection.epoch, "nextForcedAt": rejection.next_forced_at.0, "gapMs": rejection.cooldown.0 });
        (format!("{:x}", rejection.endpoint.0), value)
    });
    let known = json!({
        "schema": SCHEMA,
        "history": record.history.map_or_else(|| "0".into(), |history| format!("{:x}", history.0)),
        "epoch": record.epoch,
        "token": record.token.as_ref().map_or("", AccessToken::as_str),
        "obtainedAt": record.obtained_at.0,
        "expiresAt": record.expires_at.0,
        "renewAt": record.renew_at.0,
        "dead": record.dead,
        "lease": lease,
        "notBefore": record.not_before.map_or(0, |at| at.0),
        "failures": record.failures,
        "budget": { "left": record.budget.left, "refilledAt": record.budget.refilled_at.0 },
        "refusals": rejections.collect::<Value>(),
    });
    let mut value = before.cloned().unwrap_or_else(|| json!({}));
    value.as_object_mut().unwrap().extend(known.as_object().unwrap().clone());
    value
}
