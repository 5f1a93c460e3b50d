//! The record as a row of numbers, as it crosses the boundary; its token crosses beside it.
//!
//! js/manager/record.js has the same order, and the names that they have in JSON.

use alloc::string::String;

use crate::manager::clock::{Id, StoreMillis};
use crate::manager::notice::Reason;
use crate::manager::record::{Budget, Lease, MOST_REFUSALS, Record, Refusal};
use crate::time::Millis;

/// How many numbers a record has.
pub const NUMBERS: usize = 14 + 4 * MOST_REFUSALS;

/// The record of these numbers.
#[must_use]
pub fn read(numbers: &[f64], token: String) -> Record {
    let mut numbers = numbers.iter();
    let mut next = || numbers.next().map_or(0, |&number| number as u64);
    let mut record = Record {
        history: Id(next()),
        epoch: next(),
        token,
        obtained_at: StoreMillis(next()),
        expires_at: StoreMillis(next()),
        rotate_at: StoreMillis(next()),
        dead: next() != 0,
        not_before: StoreMillis(next()),
        failures: next() as u32,
        budget: Budget { left: next() as u32, refilled_at: StoreMillis(next()) },
        lease: Lease {
            nonce: Id(next()),
            reason: if next() == 1 { Reason::Rejected } else { Reason::Missing },
            duration: Millis(next()),
            until: StoreMillis(next()),
        },
        ..Record::default()
    };
    for refusal in &mut record.refusals {
        *refusal =
            Refusal { endpoint: Id(next()), epoch: next(), next_forced_at: StoreMillis(next()), gap: Millis(next()) };
    }
    record
}

/// Writes the numbers of the record.
pub fn write(record: &Record, numbers: &mut [f64]) {
    let mut numbers = numbers.iter_mut();
    let mut next = |number: u64| {
        if let Some(place) = numbers.next() {
            *place = number as f64;
        }
    };
    next(record.history.0);
    next(record.epoch);
    next(record.obtained_at.0);
    next(record.expires_at.0);
    next(record.rotate_at.0);
    next(record.dead.into());
    next(record.not_before.0);
    next(record.failures.into());
    next(record.budget.left.into());
    next(record.budget.refilled_at.0);
    next(record.lease.nonce.0);
    next(record.lease.reason as u64);
    next(record.lease.duration.0);
    next(record.lease.until.0);
    for refusal in &record.refusals {
        next(refusal.endpoint.0);
        next(refusal.epoch);
        next(refusal.next_forced_at.0);
        next(refusal.gap.0);
    }
}
