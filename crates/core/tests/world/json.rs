//! The record in JSON, as every boundary reads and writes it.

use daraja_auth_core::exchange::is_token;
use daraja_auth_core::manager::{Budget, Id, Lease, MOST_REFUSALS, Reason, Record, Refusal, SCHEMA, StoreMillis};
use daraja_auth_core::time::Millis;
use serde_json::{Value, json};

/// The name of a token of up to eight characters: these themselves. A real driver has [`Names`].
///
/// [`Names`]: daraja_auth_core::manager::Names
pub fn name_of(token: &str) -> Id {
    assert!(token.len() <= 8, "{token}");
    Id(token.bytes().fold(0, |name, byte| name << 8 | u64::from(byte)))
}

/// The token of that name.
pub fn text_of(name: Id) -> String {
    name.0.to_be_bytes().into_iter().skip_while(|&byte| byte == 0).map(char::from).collect()
}

/// The record in a value, unless it is none of this schema. A field that is absent is zero, empty or false.
pub fn record_in(value: &Value) -> Option<Record> {
    if value["schema"] != SCHEMA {
        return None;
    }
    let number = |value: &Value, name: &str| value[name].as_u64().unwrap_or_default();
    let instant = |value: &Value, name: &str| StoreMillis(number(value, name));
    let text = |value: &Value, name: &str| value[name].as_str().unwrap_or_default().to_owned();
    // Names are hexadecimal, since they are no quantities.
    let id = |text: &str| Id(u64::from_str_radix(text, 16).unwrap_or_default());
    let mut record = Record {
        history: id(&text(value, "history")),
        epoch: number(value, "epoch"),
        token: name_of(&text(value, "token")),
        is_sound: is_token(&text(value, "token")),
        obtained_at: instant(value, "obtainedAt"),
        expires_at: instant(value, "expiresAt"),
        rotate_at: instant(value, "rotateAt"),
        dead: value["dead"] == true,
        not_before: instant(value, "notBefore"),
        failures: number(value, "failures") as u32,
        budget: Budget {
            left: number(&value["budget"], "left") as u32,
            refilled_at: instant(&value["budget"], "refilledAt"),
        },
        ..Record::default()
    };
    if let Some(lease) = value["lease"].as_object().map(|_| &value["lease"]) {
        record.lease = Lease {
            nonce: id(&text(lease, "nonce")),
            reason: Reason::Missing,
            duration: Millis(number(lease, "durationMs")),
            until: lease["until"].as_u64().map_or(StoreMillis(u64::MAX), StoreMillis),
        };
    }
    let refusals = value["refusals"].as_object().into_iter().flatten();
    let refusals: Vec<_> = refusals
        .map(|(endpoint, refusal)| Refusal {
            endpoint: id(endpoint),
            epoch: number(refusal, "epoch"),
            next_forced_at: instant(refusal, "nextForcedAt"),
            gap: Millis(number(refusal, "gapMs")),
        })
        .collect();
    let mut sorted = refusals;
    sorted.sort_by_key(|refusal| refusal.next_forced_at);
    let free = MOST_REFUSALS.saturating_sub(sorted.len());
    for (place, refusal) in record.refusals.iter_mut().skip(free).zip(sorted) {
        *place = refusal;
    }
    Some(record)
}

/// The record as a value; what the one before it has and this version does not know is kept.
pub fn value_of(record: &Record, before: Option<&Value>) -> Value {
    let id = |id: Id| format!("{:x}", id.0);
    let lease = record.lease.nonce.is_some().then(|| {
        json!({
            "nonce": id(record.lease.nonce),
            "reason": record.lease.reason.as_str(),
            "durationMs": record.lease.duration.0,
            "until": record.lease.until.0,
        })
    });
    let refusals = record.refusals.iter().filter(|refusal| refusal.endpoint.is_some()).map(|refusal| {
        let value = json!({ "epoch": refusal.epoch, "nextForcedAt": refusal.next_forced_at.0, "gapMs": refusal.gap.0 });
        (id(refusal.endpoint), value)
    });
    let known = json!({
        "schema": SCHEMA,
        "history": id(record.history),
        "epoch": record.epoch,
        "token": text_of(record.token),
        "obtainedAt": record.obtained_at.0,
        "expiresAt": record.expires_at.0,
        "rotateAt": record.rotate_at.0,
        "dead": record.dead,
        "lease": lease,
        "notBefore": record.not_before.0,
        "failures": record.failures,
        "budget": { "left": record.budget.left, "refilledAt": record.budget.refilled_at.0 },
        "refusals": refusals.collect::<Value>(),
    });
    let mut value = before.cloned().unwrap_or_else(|| json!({}));
    value.as_object_mut().unwrap().extend(known.as_object().unwrap().clone());
    value
}
