//! How the local copy keeps up with the record.

use alloc::boxed::Box;

use crate::manager::cache::Cache;
use crate::manager::clock::{Deadline, Now, Reading};
use crate::manager::id::HistoryId;
use crate::manager::instance::Instance;
use crate::manager::notice::Kind;
use crate::manager::record::{Record, Refusal};
use crate::time::{EpochMillis, Millis};

/// Looks at a record give a token's end to within a round trip. So small a difference leaves it as it is, so that a
/// token's `expiresAt` does not flicker.
const SAME_INSTANT: Millis = Millis(2_000);

impl Instance {
    /// What the record should say, given what it says and what is known here; and whether that differs.
    ///
    /// A record of an older epoch is a stale replica's, or a write was lost. One that is gone was flushed: while the
    /// token that is known here lives there is no need for another, nor for another history.
    pub(super) fn reconcile(&self, loaded: Option<Box<Record>>, reading: Reading, now: &Now) -> (Record, bool) {
        let is_missing = loaded.is_none();
        let mut record = match loaded {
            Some(record) => *record,
            None => Record::new(HistoryId(now.random), &self.policy, reading.at()),
        };
        let Some(local) = &self.local else { return (record, false) };
        let is_same = record.history == local.record.history;
        let is_flushed = is_missing && self.is_alive(now, None) && reading.at() < local.record.expires_at;
        if is_flushed || (is_same && record.epoch < local.record.epoch) {
            let mut known = local.record.clone();
            known.lease = record.lease;
            return (known, true);
        }
        // Dead for one is dead for all, whatever a replica forgot.
        record.dead |= is_same && record.token == local.record.token && local.record.dead;
        (record, false)
    }

    /// Takes over what a record says, once [`Self::reconcile`] has seen to it that it is not behind.
    pub(super) fn adopt(&mut self, record: &Record, reading: Reading, now: &Now, is_own: bool) {
        let Some(lifetime) = record.lifetime() else {
            self.local = None;
            return;
        };
        let before = self.local.as_ref().filter(|local| local.record.history == record.history);
        let mut left = reading.at_most(now.monotonic).until(record.expires_at).min(lifetime);
        let is_same = |local: &&Cache| local.record.epoch == record.epoch && local.record.token == record.token;
        let same = before.filter(is_same);
        if let Some(local) = same {
            left = left.min(now.monotonic.until(local.expires.monotonic));
        }
        let mut expires = Deadline::after(now, left);
        if let Some(local) = same
            && local.expires.wall.0.abs_diff(expires.wall.0) < SAME_INSTANT.0
        {
            expires.wall = local.expires.wall;
        }
        let early = record.renew_at.until(record.expires_at).min(Millis(lifetime.0 / 2));
        let is_new = same.is_none();
        let died_early = is_new && before.is_some_and(|local| !local.rotates.has_passed(now));
        let rotates = expires.before(early);
        self.local = Some(Cache { record: record.clone(), lifetime, expires, rotates });
        if is_new && !is_own && self.is_alive(now, None) {
            self.notice(Kind::Shared, Millis(0), None, None);
        }
        if died_early && !self.was_killed_by_an_endpoint(record) {
            self.count_early_death(now);
        }
    }

    /// The token has ended by then, whatever else is known.
    pub(super) fn ends_by(&mut self, wall: EpochMillis) {
        if let Some(local) = &mut self.local {
            local.expires.wall = local.expires.wall.min(wall);
        }
    }

    /// The record as it is known here; where there is no other to go by.
    pub(super) fn last_known(&self, reading: Reading, now: &Now) -> Record {
        let new = || Record::new(HistoryId(now.random), &self.policy, reading.at());
        self.local.as_ref().map_or_else(new, |local| local.record.clone())
    }

    /// A token was replaced since an endpoint refused it that had refused others before: no sign of a second fleet.
    fn was_killed_by_an_endpoint(&self, record: &Record) -> bool {
        let by = |refusal: &Refusal| {
            refusal.epoch.saturating_add(1) == record.epoch && refusal.gap > self.policy.endpoint_cooldown
        };
        record.refusals.iter().any(by)
    }
}
