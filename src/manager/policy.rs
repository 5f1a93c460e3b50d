//! The numbers of the protocol, each with its reason.

use crate::error::{Code, Error, Result};
use crate::retry::RetryPolicy;
use crate::text::{decimal, join};
use crate::time::Millis;

/// More than any lifetime that Daraja may state and be believed.
const LONGEST_LIFETIME: Millis = Millis(86_400_000);
/// The longest pause between two attempts; src/retry.rs has it.
const LONGEST_ATTEMPT_PAUSE: Millis = Millis(5_000);

/// What to do where no usable token is known and the store does not answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnStoreDown {
    /// Fail, with an error that says that trying again may help. Generating blindly kills the others' token.
    #[default]
    Fail,
    /// Generate without the store, rarely: for one instance that must go on.
    Generate,
}

/// The numbers of the protocol. A field's name is that of the option `policy`, without `Ms`.
///
/// Instances that share a record should have the same policy; nothing breaks where they have not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// A token is renewed this long before its end, or a twelfth of its lifetime if that is less.
    /// 5 minutes, as AWS's clients do; Google's are between 225 and 300 seconds.
    pub renew_before: Millis,
    /// Whether `renew_before` was asked for: then it is kept, up to half of a lifetime, whatever the twelfth is.
    pub renew_before_is_given: bool,
    /// In the last minute of a token, or the last sixtieth of its lifetime, callers wait for its successor as long as
    /// somebody works on it: AWS's mandatory window.
    pub must_wait: Millis,
    /// A token with less than this, or a 360th of its lifetime, is not handed out: it could end on its way.
    /// golang.org/x/oauth2 has 10 seconds.
    pub floor: Millis,
    /// A local copy is compared with the record this often, so that a token that died elsewhere is soon known here, and
    /// an idle instance asks the store for almost nothing.
    pub look_up: Millis,
    /// Before a usable token is replaced, the calls in flight get this long to finish.
    pub drain: Millis,
    /// While a usable token is being replaced, callers wait this long for the new one: the drain and an ordinary answer.
    pub rotation_wait: Millis,
    /// The first pause before another look at the record.
    pub first_pause: Millis,
    /// Pauses double up to this.
    pub longest_pause: Millis,
    /// How long one attempt may take. The driver ends it.
    pub timeout: Millis,
    /// Attempts of one holder. They are serial, since each new token kills the one before it.
    pub retry: RetryPolicy,
    /// A lease outlasts an attempt by this: the fence before it and the publish after it must fit.
    /// A lock shorter than the request that it guards is the classic fault.
    pub lease_margin: Millis,
    /// How long one caller waits, where it does not say. By default a crashed holder's lease, and all attempts with their
    /// longest pauses: 45 seconds.
    pub deadline: Millis,
    /// How long one operation of the store may take. The driver ends it.
    pub store_timeout: Millis,
    /// How long a caller without a usable token goes on asking a store that fails: a restart takes about a second.
    pub store_patience: Millis,
    /// What to do after that.
    pub on_store_down: OnStoreDown,
    /// Where the store has no clock, a lease is stale when the wall clock is this long past its end: more than clocks
    /// differ that anybody keeps.
    pub clock_tolerance: Millis,
    /// How many tokens may be replaced because an API refused them before one comes back each `budget_refill`: enough
    /// to heal at once, too few to fight for ever with a second fleet.
    pub budget: u32,
    /// One replacement comes back in this time.
    pub budget_refill: Millis,
    /// An endpoint that refuses the successor too has a fault of its own, such as a missing product. It gets another
    /// token only after this.
    pub refusal_gap: Millis,
    /// That gap doubles up to this.
    pub longest_refusal_gap: Millis,
    /// After a failure that may pass nobody generates for this long.
    pub failure_gap: Millis,
    /// That gap doubles up to this.
    pub longest_failure_gap: Millis,
    /// After an answer that stays, such as bad credentials, this instance does not generate for this long.
    /// It is no one else's business: one instance with a wrong secret must not stall the others.
    pub refused_gap: Millis,
    /// That gap doubles up to this.
    pub longest_refused_gap: Millis,
    /// An instant to wait for that is farther away than this is the mark of a clock that jumped, and is ignored.
    pub longest_wait: Millis,
    /// Three tokens that died before their time within this mean that somebody else generates with the same key.
    pub contention_window: Millis,
    /// How long a store keeps a record that nobody writes: longer than all that it remembers.
    pub keep_record: Millis,
}

impl Policy {
    /// The policy where nothing else is asked for.
    pub const DEFAULT: Self = Self {
        renew_before: Millis(300_000),
        renew_before_is_given: false,
        must_wait: Millis(60_000),
        floor: Millis(10_000),
        look_up: Millis(10_000),
        drain: Millis(1_000),
        rotation_wait: Millis(3_000),
        first_pause: Millis(100),
        longest_pause: Millis(2_000),
        timeout: Millis(10_000),
        retry: RetryPolicy { retries: 1 },
        lease_margin: Millis(5_000),
        deadline: Millis(45_000),
        store_timeout: Millis(2_000),
        store_patience: Millis(3_000),
        on_store_down: OnStoreDown::Fail,
        clock_tolerance: Millis(60_000),
        budget: 10,
        budget_refill: Millis(30_000),
        refusal_gap: Millis(30_000),
        longest_refusal_gap: Millis(600_000),
        failure_gap: Millis(1_000),
        longest_failure_gap: Millis(30_000),
        refused_gap: Millis(5_000),
        longest_refused_gap: Millis(300_000),
        longest_wait: Millis(600_000),
        contention_window: Millis(600_000),
        keep_record: Millis(172_800_000),
    };

    /// The policy, if the protocol works with it.
    ///
    /// # Errors
    ///
    /// [`Code::InvalidOption`], which names the two numbers that contradict each other.
    pub fn checked(self) -> Result<Self> {
        let lease = self.lease();
        let whole = Millis(lease.0.saturating_add(self.attempts().saturating_mul(self.timeout.0)));
        let at_least_one = [
            ("timeoutMs", self.timeout),
            ("policy.storeTimeoutMs", self.store_timeout),
            ("policy.firstPauseMs", self.first_pause),
            ("policy.budget", Millis(self.budget.into())),
            ("policy.budgetRefillMs", self.budget_refill),
        ];
        for (name, found) in at_least_one {
            expect(name, found, found >= Millis(1), "at least 1", "")?;
        }
        let at_most = [
            ("policy.floorMs", self.floor, "policy.mustWaitMs", self.must_wait),
            // Up to a tenth of it is jitter.
            ("policy.mustWaitMs", self.must_wait, "nine tenths of renewBeforeMs", Millis(self.renew_before.0 / 10 * 9)),
            ("policy.drainMs", self.drain, "policy.rotationWaitMs", self.rotation_wait),
            ("policy.firstPauseMs", self.first_pause, "policy.longestPauseMs", self.longest_pause),
            ("policy.longestPauseMs", self.longest_pause, "the lease (timeoutMs and policy.leaseMarginMs)", lease),
            (
                "policy.storeTimeoutMs",
                self.store_timeout,
                "half of policy.leaseMarginMs",
                Millis(self.lease_margin.0 / 2),
            ),
            ("a lease and all attempts", whole, "policy.deadlineMs", self.deadline),
            ("policy.refusalGapMs", self.refusal_gap, "policy.longestRefusalGapMs", self.longest_refusal_gap),
            ("policy.failureGapMs", self.failure_gap, "policy.longestFailureGapMs", self.longest_failure_gap),
            ("policy.refusedGapMs", self.refused_gap, "policy.longestRefusedGapMs", self.longest_refused_gap),
            ("policy.longestFailureGapMs", self.longest_failure_gap, "policy.longestWaitMs", self.longest_wait),
            ("a day and policy.longestWaitMs", self.remembered(), "policy.keepRecordMs", self.keep_record),
        ];
        for (name, found, other, most) in at_most {
            expect(name, found, found <= most, "at most ", &join(&[other, ", ", &decimal(most.0)]))?;
        }
        Ok(self)
    }

    /// How long a lease is taken for, or renewed.
    #[must_use]
    pub const fn lease(&self) -> Millis {
        Millis(self.timeout.0.saturating_add(self.lease_margin.0))
    }

    /// The deadline where none is asked for: a crashed holder's lease, and all attempts with their longest pauses.
    #[must_use]
    pub fn derived_deadline(&self) -> Millis {
        let attempt = self.timeout.0.saturating_add(LONGEST_ATTEMPT_PAUSE.0);
        Millis(self.lease().0.saturating_add(self.attempts().saturating_mul(attempt)))
    }

    /// How long before its end a token of that lifetime is renewed.
    pub(super) fn early_of(&self, lifetime: Millis) -> Millis {
        let parts = if self.renew_before_is_given { 2 } else { 12 };
        self.renew_before.min(Millis(lifetime.0 / parts))
    }

    /// The last part of that lifetime, in which callers wait for the successor.
    pub(super) fn must_wait_of(&self, lifetime: Millis) -> Millis {
        self.must_wait.min(Millis(lifetime.0 / 60))
    }

    /// The last part of that lifetime, in which the token is not handed out.
    pub(super) fn floor_of(&self, lifetime: Millis) -> Millis {
        self.floor.min(Millis(lifetime.0 / 360))
    }

    fn attempts(&self) -> u64 {
        u64::from(self.retry.retries) + 1
    }

    fn remembered(&self) -> Millis {
        Millis(LONGEST_LIFETIME.0.saturating_add(self.longest_wait.0))
    }
}

/// A span doubled so many times, up to a longest one.
pub(super) fn doubled(span: Millis, times: u32, longest: Millis) -> Millis {
    Millis(span.0.saturating_mul(1 << times.min(20))).min(longest)
}

fn expect(name: &str, found: Millis, holds: bool, how: &str, than: &str) -> Result<()> {
    if holds {
        return Ok(());
    }
    let message = [name, ": expected ", how, than, ", found ", &decimal(found.0)];
    Err(Error::new(Code::InvalidOption, &message, "The protocol would fail with it. Raise the one or lower the other."))
}

#[cfg(test)]
mod tests {
    use std::prelude::rust_2024::{String, Vec};

    use super::*;

    const DEFAULT: Policy = Policy::DEFAULT;

    fn refusal(policy: Policy) -> String {
        let error = policy.checked().unwrap_err();
        assert_eq!(error.code, Code::InvalidOption);
        error.message
    }

    #[test]
    fn the_default_is_sound() {
        assert_eq!(DEFAULT.checked(), Ok(DEFAULT));
        assert_eq!(DEFAULT.derived_deadline(), DEFAULT.deadline);
        assert_eq!(DEFAULT.lease(), Millis(15_000));
    }

    #[test]
    fn a_policy_that_breaks_an_inequality_is_refused_and_told_which() {
        let cases = [
            (Policy { timeout: Millis(0), ..DEFAULT }, "timeoutMs: expected at least 1, found 0"),
            (Policy { store_timeout: Millis(0), ..DEFAULT }, "policy.storeTimeoutMs: expected at least 1, found 0"),
            (Policy { first_pause: Millis(0), ..DEFAULT }, "policy.firstPauseMs: expected at least 1, found 0"),
            (Policy { budget: 0, ..DEFAULT }, "policy.budget: expected at least 1, found 0"),
            (Policy { budget_refill: Millis(0), ..DEFAULT }, "policy.budgetRefillMs: expected at least 1, found 0"),
            (
                Policy { floor: Millis(60_001), ..DEFAULT },
                "policy.floorMs: expected at most policy.mustWaitMs, 60000, found 60001",
            ),
            (
                Policy { renew_before: Millis(66_669), ..DEFAULT },
                "policy.mustWaitMs: expected at most nine tenths of renewBeforeMs, 59994, found 60000",
            ),
            (
                Policy { drain: Millis(3_001), ..DEFAULT },
                "policy.drainMs: expected at most policy.rotationWaitMs, 3000, found 3001",
            ),
            (
                Policy { first_pause: Millis(2_001), ..DEFAULT },
                "policy.firstPauseMs: expected at most policy.longestPauseMs, 2000, found 2001",
            ),
            (
                Policy { longest_pause: Millis(15_001), ..DEFAULT },
                "policy.longestPauseMs: expected at most the lease (timeoutMs and policy.leaseMarginMs), 15000, found 15001",
            ),
            (
                Policy { store_timeout: Millis(2_501), ..DEFAULT },
                "policy.storeTimeoutMs: expected at most half of policy.leaseMarginMs, 2500, found 2501",
            ),
            (
                Policy { deadline: Millis(34_999), ..DEFAULT },
                "a lease and all attempts: expected at most policy.deadlineMs, 34999, found 35000",
            ),
            (
                Policy { refusal_gap: Millis(600_001), ..DEFAULT },
                "policy.refusalGapMs: expected at most policy.longestRefusalGapMs, 600000, found 600001",
            ),
            (
                Policy { failure_gap: Millis(30_001), ..DEFAULT },
                "policy.failureGapMs: expected at most policy.longestFailureGapMs, 30000, found 30001",
            ),
            (
                Policy { refused_gap: Millis(300_001), ..DEFAULT },
                "policy.refusedGapMs: expected at most policy.longestRefusedGapMs, 300000, found 300001",
            ),
            (
                Policy { longest_wait: Millis(29_999), ..DEFAULT },
                "policy.longestFailureGapMs: expected at most policy.longestWaitMs, 29999, found 30000",
            ),
            (
                Policy { keep_record: Millis(86_999_999), ..DEFAULT },
                "a day and policy.longestWaitMs: expected at most policy.keepRecordMs, 86999999, found 87000000",
            ),
        ];
        for (policy, message) in cases {
            assert_eq!(refusal(policy), message);
        }
    }

    #[test]
    fn numbers_at_their_limits_are_taken_and_numbers_without_measure_do_no_harm() {
        let limits = Policy {
            floor: Millis(60_000),
            drain: Millis(3_000),
            first_pause: Millis(2_000),
            store_timeout: Millis(2_500),
            deadline: Millis(35_000),
            renew_before: Millis(66_670),
            keep_record: Millis(87_000_000),
            ..DEFAULT
        };
        assert_eq!(limits.checked(), Ok(limits));
        let endless = Policy { timeout: Millis(u64::MAX), longest_wait: Millis(u64::MAX), ..DEFAULT };
        assert!(endless.checked().is_err());
        assert_eq!(endless.derived_deadline(), Millis(u64::MAX));
    }

    #[test]
    fn margins_shrink_with_the_lifetime() {
        let margins = |seconds| {
            let lifetime = Millis(seconds * 1000);
            [DEFAULT.early_of(lifetime), DEFAULT.must_wait_of(lifetime), DEFAULT.floor_of(lifetime)]
                .map(|margin| margin.0)
        };
        let all: Vec<_> = [86_400_u64, 3_600, 60, 1].into_iter().map(margins).collect();
        assert_eq!(all, [[300_000, 60_000, 10_000], [300_000, 60_000, 10_000], [5_000, 1_000, 166], [83, 16, 2]]);
    }

    #[test]
    fn a_margin_that_was_asked_for_is_kept_up_to_half_of_the_lifetime() {
        let policy = Policy { renew_before: Millis(600_000), renew_before_is_given: true, ..DEFAULT };
        assert_eq!(policy.early_of(Millis(3_599_000)), Millis(600_000));
        assert_eq!(policy.early_of(Millis(60_000)), Millis(30_000));
    }

    #[test]
    fn gaps_double_up_to_their_limit() {
        let gaps: Vec<_> = [0, 1, 4, 5, u32::MAX].map(|times| doubled(Millis(1), times, Millis(30)).0).into();
        assert_eq!(gaps, [1, 2, 16, 30, 30]);
    }
}
