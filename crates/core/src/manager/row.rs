//! The record as a row of numbers, as it crosses the boundary; its token crosses beside it, as text.
//!
//! js/manager/core.js has the same order, and the names that they have in JSON.

use core::slice::{Iter, IterMut};

use crate::manager::clock::StoreMillis;
use crate::manager::id::{EndpointHash, HistoryId, LeaseId};
use crate::manager::notice::Reason;
use crate::manager::record::{Lease, MOST_REFUSALS, Record, Refusal};
use crate::time::Millis;
use crate::token::AccessToken;

/// How many numbers a record has.
pub const NUMBERS: usize = 14 + 4 * MOST_REFUSALS;

/// The record of these numbers.
#[must_use]
pub fn read(numbers: &[f64], token: Option<AccessToken>) -> Record {
    let row = &mut numbers.iter();
    let mut record = Record { token, ..Record::default() };
    record.history = HistoryId::new(next(row));
    record.epoch = next(row);
    record.obtained_at = StoreMillis(next(row));
    record.expires_at = StoreMillis(next(row));
    record.rotate_at = StoreMillis(next(row));
    record.dead = next(row) != 0;
    record.not_before = StoreMillis(next(row));
    record.failures = next(row) as u32;
    record.budget.left = next(row) as u32;
    record.budget.refilled_at = StoreMillis(next(row));
    let nonce = LeaseId::new(next(row));
    // `reason` is for people; the protocol ignores it.
    next(row);
    let (duration, until) = (Millis(next(row)), StoreMillis(next(row)));
    record.lease = nonce.map(|nonce| Lease { nonce, reason: Reason::Missing, duration, until });
    for _ in 0..MOST_REFUSALS {
        let endpoint = EndpointHash::new(next(row));
        let (epoch, next_forced_at, gap) = (next(row), StoreMillis(next(row)), Millis(next(row)));
        record.refusals.extend(endpoint.map(|endpoint| Refusal { endpoint, epoch, next_forced_at, gap }));
    }
    record
}

/// Writes the numbers of the record.
pub fn write(record: &Record, numbers: &mut [f64]) {
    let row = &mut numbers.iter_mut();
    put(row, record.history.map_or(0, |history| history.0.get()));
    put(row, record.epoch);
    put(row, record.obtained_at.0);
    put(row, record.expires_at.0);
    put(row, record.rotate_at.0);
    put(row, record.dead.into());
    put(row, record.not_before.0);
    put(row, record.failures.into());
    put(row, record.budget.left.into());
    put(row, record.budget.refilled_at.0);
    let lease = record.lease.as_ref();
    put(row, lease.map_or(0, |lease| lease.nonce.0.get()));
    put(row, lease.map_or(0, |lease| lease.reason as u64));
    put(row, lease.map_or(0, |lease| lease.duration.0));
    put(row, lease.map_or(0, |lease| lease.until.0));
    for _ in record.refusals.len()..MOST_REFUSALS {
        (0..4).for_each(|_| put(row, 0));
    }
    for refusal in &record.refusals {
        put(row, refusal.endpoint.0.get());
        put(row, refusal.epoch);
        put(row, refusal.next_forced_at.0);
        put(row, refusal.gap.0);
    }
}

/// Once, not at each place: both are called twenty times.
#[inline(never)]
fn next(row: &mut Iter<'_, f64>) -> u64 {
    row.next().map_or(0, |&number| number as u64)
}

#[inline(never)]
fn put(row: &mut IterMut<'_, f64>, number: u64) {
    if let Some(place) = row.next() {
        *place = number as f64;
    }
}

#[cfg(test)]
mod tests {
    use std::prelude::rust_2024::Vec;

    use super::*;

    #[test]
    fn a_record_comes_back_from_its_numbers_as_it_was() {
        let numbers: Vec<f64> = (1..=NUMBERS).map(|number| number as f64).collect();
        let record = read(&numbers, Some("T1".into()));
        assert_eq!((record.history, record.token.as_ref()), (HistoryId::new(1), Some(&"T1".into())));
        assert!(record.dead);
        let mut written = [0.0; NUMBERS];
        write(&record, &mut written);
        // A flag is a flag, and nobody reads a reason.
        let expected = numbers.iter().enumerate().map(|(place, &number)| match place {
            5 => 1.0,
            11 => Reason::Missing as u64 as f64,
            _ => number,
        });
        assert_eq!(written.to_vec(), expected.collect::<Vec<_>>());
    }

    #[test]
    fn what_is_no_number_or_is_missing_is_nothing() {
        let record = read(&[f64::NAN, -1.0, f64::INFINITY], None);
        assert_eq!((record.history, record.epoch, record.obtained_at), (None, 0, StoreMillis(u64::MAX)));
        assert_eq!(record.expires_at, StoreMillis(0));
        write(&record, &mut []);
    }
}
