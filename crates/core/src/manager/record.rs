//! The one record that a fleet shares, as data.
//!
//! The boundary reads and writes it as JSON, beside `schema`, under the names of these fields in camelCase; spans end in
//! `Ms`. Identifiers are hexadecimal text; the lease is null where there is none; the refusals are an object by endpoint, read
//! in the order of `nextForcedAt`. A field that is absent is zero, empty or false. Fields that this version does not know
//! are kept: the boundary writes these into a copy of the object that it loaded.

use alloc::vec::Vec;

use crate::manager::clock::StoreMillis;
use crate::manager::id::{EndpointHash, HistoryId, LeaseId};
use crate::manager::notice::Reason;
use crate::manager::policy::{Policy, doubled};
use crate::time::Millis;
use crate::token::AccessToken;

/// The schema that this version reads and writes. A record of another one is none of ours: [`Event::Unreadable`].
///
/// [`Event::Unreadable`]: crate::manager::Event::Unreadable
pub const SCHEMA: u32 = 1;

/// More endpoints with a fault of their own are not remembered.
pub const MOST_REFUSALS: usize = 8;

/// The record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Record {
    /// Random, made with the record.
    pub history: Option<HistoryId>,
    /// How many tokens there have been in this history.
    pub epoch: u64,
    /// The token of this epoch; none before the first.
    pub token: Option<AccessToken>,
    /// When the request for it was sent.
    pub obtained_at: StoreMillis,
    /// When it ends.
    pub expires_at: StoreMillis,
    /// When it is to be renewed; with its jitter, so that all instances agree.
    pub renew_at: StoreMillis,
    /// Whether an API refused it.
    pub dead: bool,
    /// Who is about to replace it.
    pub lease: Option<Lease>,
    /// Nobody generates before this.
    pub not_before: Option<StoreMillis>,
    /// How many holders in a row Daraja itself could not serve.
    pub failures: u32,
    /// How many tokens may still be replaced because they were refused.
    pub budget: Budget,
    /// The endpoints that refused a token lately, the latest last: at most [`MOST_REFUSALS`].
    pub refusals: Vec<Refusal>,
}

/// The right to generate, for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Lease {
    /// The holder's own.
    pub nonce: LeaseId,
    /// Why; for people, and never read.
    pub reason: Reason,
    /// How long it holds from its last renewal.
    pub duration: Millis,
    /// When it ends; the end of time where the record does not say.
    pub until: StoreMillis,
}

/// A bucket of forced replacements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Budget {
    /// How many are in it.
    pub left: u32,
    /// Up to when it has been refilled.
    pub refilled_at: StoreMillis,
}

/// What is remembered of an endpoint that refused a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Refusal {
    /// The endpoint.
    pub endpoint: EndpointHash,
    /// The epoch of the token that it refused last.
    pub epoch: u64,
    /// When it may have the token replaced again.
    pub next_forced_at: StoreMillis,
    /// The gap that led there.
    pub gap: Millis,
}

impl Record {
    /// The first record of a history.
    pub(super) fn new(history: HistoryId, policy: &Policy, now: StoreMillis) -> Self {
        let budget = Budget { left: policy.budget as u32, refilled_at: now };
        Self { history: Some(history), budget, ..Self::default() }
    }

    /// The lifetime of the token, where there is a valid token and a lifetime that can be believed.
    ///
    /// A store is foreign: what it says is judged as if Daraja had said it.
    pub(super) fn lifetime(&self) -> Option<Millis> {
        let lifetime = self.obtained_at.until(self.expires_at);
        let is_valid = self.token.as_ref().is_some_and(AccessToken::is_valid);
        (is_valid && (1_000..=86_400_000).contains(&lifetime.0)).then_some(lifetime)
    }

    /// Whether the lease is that of the holder with this nonce.
    pub(super) fn is_leased_to(&self, nonce: LeaseId) -> bool {
        self.lease.is_some_and(|lease| lease.nonce == nonce)
    }

    /// How long nobody may generate.
    pub(super) fn quiet_for(&self, policy: &Policy, now: StoreMillis) -> Millis {
        let left = self.not_before.map_or(Millis::ZERO, |at| now.until(at));
        if left > policy.longest_wait { Millis(0) } else { left }
    }

    /// How long nobody shall ask Daraja again, which could not serve the holder and asked for that much patience.
    pub(super) fn gap(&self, policy: &Policy, asked: Millis) -> Millis {
        let gap = doubled(policy.failure_backoff, self.failures, policy.max_failure_backoff);
        gap.max(asked.min(policy.longest_wait))
    }

    /// Takes one forced replacement out of the bucket; the error is how long it takes until there is one.
    pub(super) fn spend(&mut self, policy: &Policy, now: StoreMillis) -> Result<(), Millis> {
        let Budget { left, refilled_at } = self.budget;
        // A clock that was set back must not stop the refill.
        let refilled_at = refilled_at.min(now);
        let refill = policy.budget_refill.0.max(1);
        let back = refilled_at.until(now).0 / refill;
        let left = u64::from(left).saturating_add(back).min(policy.budget);
        let refilled_at = if left == policy.budget { now } else { refilled_at.after(Millis(back * refill)) };
        let Some(rest) = left.checked_sub(1) else {
            return Err(now.until(refilled_at.after(Millis(refill))));
        };
        self.budget = Budget { left: rest as u32, refilled_at };
        Ok(())
    }

    /// An endpoint refused the token: notes it, or says how long this endpoint may not have it replaced.
    ///
    /// An endpoint that refused the token before this one as well is at fault itself, unless it accepted one in between:
    /// then [`Self::forget_refusal`] was called with what was remembered of it.
    pub(super) fn refused(&mut self, policy: &Policy, now: StoreMillis, endpoint: EndpointHash) -> Result<(), Millis> {
        let mut gap = policy.endpoint_cooldown;
        if let Some(before) = self.refusals.iter().find(|refusal| refusal.endpoint == endpoint) {
            let wait = now.until(before.next_forced_at);
            // More than its gap ahead is the mark of a clock that was set back.
            if wait > Millis(0) && wait <= before.gap {
                return Err(wait);
            }
            // What is long over says nothing of today.
            if before.next_forced_at.after(policy.max_endpoint_cooldown) > now {
                gap = doubled(before.gap.max(gap), 1, policy.max_endpoint_cooldown);
            }
        }
        self.forget_refusal(endpoint);
        if self.refusals.len() >= MOST_REFUSALS {
            self.refusals.remove(0);
        }
        self.refusals.push(Refusal { endpoint, epoch: self.epoch, next_forced_at: now.after(gap), gap });
        Ok(())
    }

    /// Whether it is remembered that the endpoint refused an older token than this one.
    pub(super) fn has_refused(&self, endpoint: EndpointHash) -> bool {
        self.refusals.iter().any(|refusal| refusal.endpoint == endpoint && refusal.epoch < self.epoch)
    }

    /// The endpoint accepted this token: what is remembered of it is over.
    pub(super) fn forget_refusal(&mut self, endpoint: EndpointHash) {
        self.refusals.retain(|refusal| refusal.endpoint != endpoint);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: Policy = Policy::DEFAULT;
    const NOW: StoreMillis = StoreMillis(1_000_000);

    fn record() -> Record {
        Record {
            token: Some("T1".into()),
            epoch: 3,
            obtained_at: NOW,
            expires_at: NOW.after(Millis(3_599_000)),
            ..Record::new(HistoryId::new(1).unwrap(), &POLICY, NOW)
        }
    }

    fn api(number: u64) -> EndpointHash {
        EndpointHash::new(number).unwrap()
    }

    fn later(ms: u64) -> StoreMillis {
        NOW.after(Millis(ms))
    }

    fn endpoints(record: &Record) -> Vec<u64> {
        record.refusals.iter().map(|refusal| refusal.endpoint.0.get()).collect()
    }

    #[test]
    fn a_lifetime_is_believed_from_a_second_to_a_day() {
        let lifetime = |ms| Record { expires_at: later(ms), ..record() }.lifetime().map(|lifetime| lifetime.0);
        assert_eq!([999, 1_000, DAY, DAY + 1].map(lifetime), [None, Some(1_000), Some(DAY), None]);
        assert_eq!(Record { token: Some("T 1".into()), ..record() }.lifetime(), None);
        assert_eq!(Record { token: None, ..record() }.lifetime(), None);
    }

    const DAY: u64 = 86_400_000;

    #[test]
    fn the_bucket_is_refilled_one_by_one_and_never_overflows() {
        let mut record = record();
        for left in (0..10).rev() {
            assert_eq!(record.spend(&POLICY, NOW), Ok(()));
            assert_eq!(record.budget, Budget { left, refilled_at: NOW });
        }
        assert_eq!(record.spend(&POLICY, later(29_999)), Err(Millis(1)));
        assert_eq!(record.spend(&POLICY, later(59_999)), Ok(()));
        assert_eq!(record.budget, Budget { left: 0, refilled_at: later(30_000) });
        assert_eq!(record.spend(&POLICY, later(130_000)), Ok(()));
        assert_eq!(record.budget, Budget { left: 2, refilled_at: later(120_000) });
        assert_eq!(record.spend(&POLICY, later(9_000_000)), Ok(()));
        assert_eq!(record.budget, Budget { left: 9, refilled_at: later(9_000_000) });
        // A clock that was set back.
        assert_eq!(record.spend(&POLICY, NOW), Ok(()));
        assert_eq!(record.budget, Budget { left: 8, refilled_at: NOW });
    }

    #[test]
    fn a_gap_that_a_clock_made_longer_than_itself_is_ignored() {
        let mut record = record();
        assert_eq!(record.refused(&POLICY, NOW, api(7)), Ok(()));
        assert_eq!(record.refused(&POLICY, NOW, api(7)), Err(Millis(30_000)));
        assert_eq!(record.refused(&POLICY, later(29_999), api(7)), Err(Millis(1)));
        assert_eq!(record.refused(&POLICY, later(30_000), api(7)), Ok(()));
        let before = StoreMillis(NOW.0 - 1);
        assert_eq!(record.refused(&POLICY, before, api(7)), Ok(()));
    }

    #[test]
    fn gaps_double_to_ten_minutes_and_start_anew_after_ten_more() {
        let mut record = record();
        let mut now = NOW;
        let mut gaps = Vec::new();
        for _ in 0..7 {
            assert_eq!(record.refused(&POLICY, now, api(7)), Ok(()));
            let refusal = *record.refusals.last().unwrap();
            assert_eq!((refusal.epoch, refusal.next_forced_at), (3, now.after(refusal.gap)));
            gaps.push(refusal.gap.0);
            now = refusal.next_forced_at;
        }
        assert_eq!(gaps, [30_000, 60_000, 120_000, 240_000, 480_000, 600_000, 600_000]);
        for (wait, gap) in [(599_999, 600_000), (600_000, 30_000)] {
            let mut record = record.clone();
            assert_eq!(record.refused(&POLICY, now.after(Millis(wait)), api(7)), Ok(()));
            assert_eq!(record.refusals[0].gap, Millis(gap));
        }
    }

    #[test]
    fn the_latest_refusal_is_the_last_and_the_oldest_of_nine_is_forgotten() {
        let mut record = record();
        for endpoint in [4, 5, 6, 5] {
            let latest = record.refusals.last().map_or(0, |refusal| refusal.next_forced_at.0);
            let now = later(endpoint * 100_000 + latest);
            assert_eq!(record.refused(&POLICY, now, api(endpoint)), Ok(()));
        }
        assert_eq!(endpoints(&record), [4, 6, 5]);
        record.epoch = 4;
        assert!(record.has_refused(api(6)) && !record.has_refused(api(7)));
        record.forget_refusal(api(6));
        record.forget_refusal(api(7));
        assert_eq!(endpoints(&record), [4, 5]);
        record.epoch = 3;
        assert!(!record.has_refused(api(4)), "it refused this very token");
        for endpoint in 10..17 {
            assert_eq!(record.refused(&POLICY, NOW, api(endpoint)), Ok(()));
        }
        assert_eq!(endpoints(&record), [5, 10, 11, 12, 13, 14, 15, 16]);
    }

    #[test]
    fn a_quiet_time_is_believed_up_to_ten_minutes() {
        let quiet = |ms| Record { not_before: Some(later(ms)), ..record() }.quiet_for(&POLICY, NOW).0;
        assert_eq!([0, 1, 600_000, 600_001].map(quiet), [0, 1, 600_000, 0]);
        assert_eq!(record().quiet_for(&POLICY, NOW), Millis(0));
    }

    #[test]
    fn a_server_may_ask_for_more_patience_but_not_for_hours() {
        let gap = |asked| record().gap(&POLICY, Millis(asked)).0;
        assert_eq!([0, 1_000, 120_000, 3_600_000].map(gap), [1_000, 1_000, 120_000, 600_000]);
    }

    #[test]
    fn a_lease_is_its_holders_own() {
        let [own, other] = [5, 6].map(|number| LeaseId::new(number).unwrap());
        assert!(!record().is_leased_to(own));
        let (reason, duration, until) = (Reason::Missing, Millis(1), NOW);
        let lease = Some(Lease { nonce: own, reason, duration, until });
        let record = Record { lease, ..record() };
        assert!(record.is_leased_to(own) && !record.is_leased_to(other));
    }
}
