//! The one record that a fleet shares, as data.
//!
//! The boundary reads and writes it as JSON with `schema`, under the names of these fields in camelCase. Names of
//! spans end in `Ms`, and the `cooldown` of a rejection is `gapMs`. Identifiers are hexadecimal text. The lease is null
//! if there is none. The rejections are the object `refusals` by endpoint, read in the order of `nextForcedAt`. An
//! absent field is zero, empty or false, but a lease without `until` ends for a member that has seen it unchanged for
//! its duration. Fields that this version does not know are kept: the boundary writes the record into a copy of the
//! object that it loaded.

use alloc::vec::Vec;

use crate::manager::budget::Budget;
use crate::manager::clock::StoreMillis;
use crate::manager::event::Reason;
use crate::manager::id::{EndpointHash, HistoryId, LeaseId};
use crate::manager::policy::{Policy, doubled};
use crate::time::Millis;
use crate::token::AccessToken;

/// The schema that this version reads and writes. A record of another schema is [`Input::Unreadable`].
///
/// [`Input::Unreadable`]: crate::manager::Input::Unreadable
pub const SCHEMA: u32 = 1;

/// How many endpoints the record remembers that rejected a token.
pub const MAX_REJECTIONS: usize = 8;

/// The record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Record {
    /// The random identifier of this history of the record.
    pub history: Option<HistoryId>,
    /// How many tokens there have been in this history.
    pub epoch: u64,
    /// The token of this epoch. There is none before the first one.
    pub token: Option<AccessToken>,
    /// When the request for the token was sent.
    pub obtained_at: StoreMillis,
    /// When the token ends.
    pub expires_at: StoreMillis,
    /// When the token is due for renewal. This includes the jitter, so that all members agree.
    pub renew_at: StoreMillis,
    /// Whether the token must be replaced, because an endpoint rejected it.
    pub dead: bool,
    /// The right to replace the token.
    pub lease: Option<Lease>,
    /// No member generates before this instant.
    pub not_before: Option<StoreMillis>,
    /// How many holders in a row failed because of Daraja itself.
    pub failures: u32,
    /// How many rejected tokens may still be replaced.
    pub budget: Budget,
    /// The endpoints that rejected a token, at most [`MAX_REJECTIONS`]. They are read in the order of their
    /// `next_forced_at`. A new one is added at the end.
    pub rejections: Vec<EndpointRejection>,
}

/// The right to generate for a limited time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Lease {
    /// The identifier of the holder.
    pub nonce: LeaseId,
    /// Why the lease was taken. This is for people. The protocol ignores it.
    pub reason: Reason,
    /// How long the lease is valid after its last renewal.
    pub duration: Millis,
    /// When the lease ends.
    pub until: StoreMillis,
}

/// An endpoint that rejected a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EndpointRejection {
    /// The endpoint.
    pub endpoint: EndpointHash,
    /// The epoch of the token that it rejected last.
    pub epoch: u64,
    /// Before this instant its rejections do not replace the token.
    pub next_forced_at: StoreMillis,
    /// The length of the cooldown that ends at that instant.
    pub cooldown: Millis,
}

impl Record {
    /// The first record of a history.
    pub(super) fn new(history: HistoryId, policy: &Policy, now: StoreMillis) -> Self {
        let budget = Budget { left: policy.budget as u32, refilled_at: now };
        Self { history: Some(history), budget, ..Self::default() }
    }

    /// The lifetime of the token. None without a valid token, or if the lifetime is not one of a token.
    ///
    /// A store is not trusted, so its record is checked like Daraja's answers.
    pub(super) fn lifetime(&self) -> Option<Millis> {
        let lifetime = self.obtained_at.until(self.expires_at);
        let is_valid = self.token.as_ref().is_some_and(AccessToken::is_valid);
        (is_valid && (1_000..=86_400_000).contains(&lifetime.0)).then_some(lifetime)
    }

    /// Whether the lease is that of the holder with this nonce.
    pub(super) fn is_leased_to(&self, nonce: LeaseId) -> bool {
        self.lease.is_some_and(|lease| lease.nonce == nonce)
    }

    /// How long no member may generate.
    pub(super) fn cooldown_left(&self, policy: &Policy, now: StoreMillis) -> Millis {
        let left = self.not_before.map_or(Millis::ZERO, |at| now.until(at));
        if left > policy.longest_wait { Millis(0) } else { left }
    }

    /// How long no member generates after Daraja failed and asked for a wait, or for none.
    pub(super) fn cooldown(&self, policy: &Policy, asked: Millis) -> Millis {
        let cooldown = doubled(policy.failure_backoff, self.failures, policy.max_failure_backoff);
        cooldown.max(asked.min(policy.longest_wait))
    }

    /// Notes that an endpoint rejected the token. The error says how long its rejections do not replace the token.
    ///
    /// An endpoint that also rejected an earlier token is at fault itself, unless it accepted one in between, which
    /// [`Self::forget_rejection`] notes.
    pub(super) fn note_rejection(
        &mut self,
        policy: &Policy,
        now: StoreMillis,
        endpoint: EndpointHash,
    ) -> Result<(), Millis> {
        let mut cooldown = policy.endpoint_cooldown;
        if let Some(before) = self.rejections.iter().find(|rejection| rejection.endpoint == endpoint) {
            let wait = now.until(before.next_forced_at);
            // An end that is more than its cooldown away means that a clock was set back.
            if wait > Millis(0) && wait <= before.cooldown {
                return Err(wait);
            }
            // A rejection that was long ago does not count.
            if before.next_forced_at.after(policy.max_endpoint_cooldown) > now {
                cooldown = doubled(before.cooldown.max(cooldown), 1, policy.max_endpoint_cooldown);
            }
        }
        self.forget_rejection(endpoint);
        if self.rejections.len() >= MAX_REJECTIONS {
            self.rejections.remove(0);
        }
        self.rejections.push(EndpointRejection {
            endpoint,
            epoch: self.epoch,
            next_forced_at: now.after(cooldown),
            cooldown,
        });
        Ok(())
    }

    /// Whether the endpoint rejected an older token than this one.
    pub(super) fn has_rejected(&self, endpoint: EndpointHash) -> bool {
        self.rejections.iter().any(|rejection| rejection.endpoint == endpoint && rejection.epoch < self.epoch)
    }

    /// Forgets an endpoint's rejection, because it accepted this token.
    pub(super) fn forget_rejection(&mut self, endpoint: EndpointHash) {
        self.rejections.retain(|rejection| rejection.endpoint != endpoint);
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
        record.rejections.iter().map(|rejection| rejection.endpoint.0.get()).collect()
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
    fn a_cooldown_is_ignored_if_a_clock_was_set_back() {
        let mut record = record();
        assert_eq!(record.note_rejection(&POLICY, NOW, api(7)), Ok(()));
        assert_eq!(record.note_rejection(&POLICY, NOW, api(7)), Err(Millis(30_000)));
        assert_eq!(record.note_rejection(&POLICY, later(29_999), api(7)), Err(Millis(1)));
        assert_eq!(record.note_rejection(&POLICY, later(30_000), api(7)), Ok(()));
        let before = StoreMillis(NOW.0 - 1);
        assert_eq!(record.note_rejection(&POLICY, before, api(7)), Ok(()));
    }

    #[test]
    fn cooldowns_double_to_ten_minutes_and_begin_again_after_ten_more() {
        let mut record = record();
        let mut now = NOW;
        let mut cooldowns = Vec::new();
        for _ in 0..7 {
            assert_eq!(record.note_rejection(&POLICY, now, api(7)), Ok(()));
            let rejection = *record.rejections.last().unwrap();
            assert_eq!((rejection.epoch, rejection.next_forced_at), (3, now.after(rejection.cooldown)));
            cooldowns.push(rejection.cooldown.0);
            now = rejection.next_forced_at;
        }
        assert_eq!(cooldowns, [30_000, 60_000, 120_000, 240_000, 480_000, 600_000, 600_000]);
        for (wait, cooldown) in [(599_999, 600_000), (600_000, 30_000)] {
            let mut record = record.clone();
            assert_eq!(record.note_rejection(&POLICY, now.after(Millis(wait)), api(7)), Ok(()));
            assert_eq!(record.rejections[0].cooldown, Millis(cooldown));
        }
    }

    #[test]
    fn the_latest_rejection_is_the_last_and_the_oldest_of_nine_is_forgotten() {
        let mut record = record();
        for endpoint in [4, 5, 6, 5] {
            let latest = record.rejections.last().map_or(0, |rejection| rejection.next_forced_at.0);
            let now = later(endpoint * 100_000 + latest);
            assert_eq!(record.note_rejection(&POLICY, now, api(endpoint)), Ok(()));
        }
        assert_eq!(endpoints(&record), [4, 6, 5]);
        record.epoch = 4;
        assert!(record.has_rejected(api(6)) && !record.has_rejected(api(7)));
        record.forget_rejection(api(6));
        record.forget_rejection(api(7));
        assert_eq!(endpoints(&record), [4, 5]);
        record.epoch = 3;
        assert!(!record.has_rejected(api(4)), "it rejected this very token");
        for endpoint in 10..17 {
            assert_eq!(record.note_rejection(&POLICY, NOW, api(endpoint)), Ok(()));
        }
        assert_eq!(endpoints(&record), [5, 10, 11, 12, 13, 14, 15, 16]);
    }

    #[test]
    fn a_cooldown_is_believed_up_to_ten_minutes() {
        let cooldown = |ms| Record { not_before: Some(later(ms)), ..record() }.cooldown_left(&POLICY, NOW).0;
        assert_eq!([0, 1, 600_000, 600_001].map(cooldown), [0, 1, 600_000, 0]);
        assert_eq!(record().cooldown_left(&POLICY, NOW), Millis(0));
    }

    #[test]
    fn a_wait_that_the_server_asks_for_is_respected_up_to_ten_minutes() {
        let cooldown = |asked| record().cooldown(&POLICY, Millis(asked)).0;
        assert_eq!([0, 1_000, 120_000, 3_600_000].map(cooldown), [1_000, 1_000, 120_000, 600_000]);
    }

    #[test]
    fn a_lease_belongs_to_one_holder() {
        let [own, other] = [5, 6].map(|number| LeaseId::new(number).unwrap());
        assert!(!record().is_leased_to(own));
        let (reason, duration, until) = (Reason::Missing, Millis(1), NOW);
        let lease = Some(Lease { nonce: own, reason, duration, until });
        let record = Record { lease, ..record() };
        assert!(record.is_leased_to(own) && !record.is_leased_to(other));
    }
}
