//! Reconciles the cache with the record.

use alloc::boxed::Box;

use crate::manager::cache::Cache;
use crate::manager::clock::{Deadline, Now, Reading};
use crate::manager::event::EventType;
use crate::manager::id::HistoryId;
use crate::manager::member::Member;
use crate::manager::record::{EndpointRejection, Record};
use crate::time::{EpochMillis, Millis};

/// Each load gives a token's end with an error of up to one round trip. A difference below this limit changes nothing,
/// so that a token's `expiresAt` stays the same.
const SAME_INSTANT: Millis = Millis(2_000);

impl Member {
    /// Gives the record as it should be, and whether it differs from the loaded one.
    ///
    /// If the loaded record has an older epoch than the cache, it comes from a stale replica, or a write was lost. Then
    /// the cache's record is the right one. A missing record was flushed: if the token in the cache is still valid, the
    /// cache's record is written again, in the same history.
    pub(super) fn reconcile(&self, loaded: Option<Box<Record>>, reading: Reading, now: &Now) -> (Record, bool) {
        let is_missing = loaded.is_none();
        let mut record = match loaded {
            Some(record) => *record,
            None => Record::new(HistoryId(now.random), &self.policy, reading.at()),
        };
        let Some(cache) = &self.cache else { return (record, false) };
        let is_same = record.history == cache.record.history;
        let is_flushed = is_missing && self.is_alive(now, None) && reading.at() < cache.record.expires_at;
        if is_flushed || (is_same && record.epoch < cache.record.epoch) {
            let mut known = cache.record.clone();
            known.lease = record.lease;
            return (known, true);
        }
        // A token that is dead for one member is dead for all, even if a replica has forgotten it.
        record.dead |= is_same && record.token == cache.record.token && cache.record.dead;
        (record, false)
    }

    /// Takes a record into the cache, after [`Self::reconcile`] has made sure that it is not an old one.
    pub(super) fn adopt(&mut self, record: &Record, reading: Reading, now: &Now, is_own: bool) {
        let Some(lifetime) = record.lifetime() else {
            self.cache = None;
            return;
        };
        let before = self.cache.as_ref().filter(|cache| cache.record.history == record.history);
        let mut left = reading.at_most(now.monotonic).until(record.expires_at).min(lifetime);
        let is_same = |cache: &&Cache| cache.record.epoch == record.epoch && cache.record.token == record.token;
        let same = before.filter(is_same);
        if let Some(cache) = same {
            left = left.min(now.monotonic.until(cache.expires.monotonic));
        }
        let mut expires = Deadline::after(now, left);
        if let Some(cache) = same
            && cache.expires.wall.0.abs_diff(expires.wall.0) < SAME_INSTANT.0
        {
            expires.wall = cache.expires.wall;
        }
        let early = record.renew_at.until(record.expires_at).min(Millis(lifetime.0 / 2));
        let is_new = same.is_none();
        let died_early = is_new && before.is_some_and(|cache| !cache.renew.has_passed(now));
        let renew = expires.before(early);
        self.cache = Some(Cache { record: record.clone(), lifetime, expires, renew });
        if is_new && !is_own && self.is_alive(now, None) {
            self.emit(EventType::Shared, Millis(0), None, None);
        }
        if died_early && !self.was_replaced_for_an_endpoint(record) {
            self.count_early_death(now);
        }
    }

    /// The token ends at that moment at the latest.
    pub(super) fn limit_end(&mut self, wall: EpochMillis) {
        if let Some(cache) = &mut self.cache {
            cache.expires.wall = cache.expires.wall.min(wall);
        }
    }

    /// The record in the cache, or a new one.
    pub(super) fn last_known(&self, reading: Reading, now: &Now) -> Record {
        let new = || Record::new(HistoryId(now.random), &self.policy, reading.at());
        self.cache.as_ref().map_or_else(new, |cache| cache.record.clone())
    }

    /// Whether the previous token was replaced because an endpoint rejects every token. That is not a sign of a second
    /// fleet.
    fn was_replaced_for_an_endpoint(&self, record: &Record) -> bool {
        let by = |rejection: &EndpointRejection| {
            rejection.epoch.saturating_add(1) == record.epoch && rejection.cooldown > self.policy.endpoint_cooldown
        };
        record.rejections.iter().any(by)
    }
}
