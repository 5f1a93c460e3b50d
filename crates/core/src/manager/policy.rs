//! The numbers of the protocol, each with its reason.

use alloc::boxed::Box;

use crate::error::{Code, Error, Result};
use crate::manager::numbers::{COUNT, Place};
use crate::retry::RetryPolicy;
use crate::text::{decimal, join, split};
use crate::time::Millis;

/// The longest lifetime that Daraja may state and be believed.
const DAY: u64 = 86_400_000;
/// So great a number means for ever, and sums and products of such numbers stay far from the end of 64 bits.
const MOST: u64 = 1 << 40;
/// More retries than anybody may ask for; options.rs stops at ten.
const MOST_RETRIES: u32 = 1000;
/// The longest pause between two attempts; src/retry.rs has it.
const LONGEST_ATTEMPT_PAUSE: u64 = 5_000;

/// What to do where no usable token is known and the store does not answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OnStoreDown {
    /// Fail, with an error that says that trying again may help. Generating blindly kills the others' token.
    #[default]
    Fail,
    /// Generate without the store, rarely: for one instance that must go on.
    Generate,
}

/// The numbers of the protocol; most are milliseconds.
///
/// They are kept in one row, so that a small loop can read them from the option `policy` by [`Policy::NAMES`].
/// Instances that share a record should have the same policy; nothing breaks where they have not.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Policy {
    pub(super) numbers: [u64; COUNT],
    /// Whether `renewBeforeMs` was asked for: then it is kept, up to half of a lifetime, whatever the twelfth is.
    pub renew_before_is_given: bool,
    /// Attempts of one holder. They are serial, since each new token kills the one before it.
    pub retry: RetryPolicy,
    /// What to do where the store does not answer.
    pub on_store_down: OnStoreDown,
}

/// These must be 1 at least.
const POSITIVE: [Place; 5] =
    [Place::timeout, Place::store_timeout, Place::first_pause, Place::budget_refill, Place::bucket];

/// In each pair the first must not be greater.
const ORDERED: [(Place, Place); 7] = [
    (Place::floor, Place::must_wait),
    (Place::drain, Place::rotation_wait),
    (Place::first_pause, Place::longest_pause),
    (Place::refusal_gap, Place::longest_refusal_gap),
    (Place::failure_gap, Place::longest_failure_gap),
    (Place::refused_gap, Place::longest_refused_gap),
    (Place::longest_failure_gap, Place::longest_wait),
];

impl Policy {
    /// The same with another number, by its name in [`Self::NAMES`], but no more than 34 years; a name that is none changes
    /// nothing.
    #[must_use]
    pub fn with(mut self, name: &str, number: u64) -> Self {
        if let Some(place) = Self::place(name) {
            self.set(place, number);
        }
        self
    }

    pub(super) fn set(&mut self, place: usize, number: u64) {
        if let Some(at) = self.numbers.get_mut(place) {
            *at = number.min(MOST);
        }
    }

    /// The names, one by one.
    pub(super) fn names() -> impl Iterator<Item = &'static str> {
        let mut rest = Self::NAMES;
        core::iter::from_fn(move || {
            let (name, after) = split(rest, " ").unwrap_or((rest, ""));
            rest = after;
            (!name.is_empty()).then_some(name)
        })
    }

    fn place(name: &str) -> Option<usize> {
        Self::names().position(|place| place == name)
    }

    /// The policy, if the protocol works with it.
    ///
    /// # Errors
    ///
    /// [`Code::InvalidOption`], which names the two numbers that contradict each other.
    pub fn checked(self) -> Result<Self> {
        self.fault().map_or(Ok(self), Err)
    }

    /// Why the protocol does not work with it.
    pub(super) fn fault(&self) -> Option<Box<Error>> {
        for place in POSITIVE {
            if self.number(place) == 0 {
                return Some(refusal(name(place), 0, "at least ", 1));
            }
        }
        for (small, great) in ORDERED {
            if self.number(small) > self.number(great) {
                return Some(too_great(name(small), self.number(small), name(great), self.number(great)));
            }
        }
        let whole = self.lease().0 + self.attempts() * self.timeout().0;
        let others = [
            // Up to a tenth of it is jitter.
            ("mustWaitMs", self.must_wait().0, "nine tenths of renewBeforeMs", self.renew_before().0 / 10 * 9),
            ("longestPauseMs", self.longest_pause().0, "the lease (timeoutMs and leaseMarginMs)", self.lease().0),
            ("storeTimeoutMs", self.store_timeout().0, "half of leaseMarginMs", self.lease_margin().0 / 2),
            ("the lease and all attempts", whole, "deadlineMs", self.deadline().0),
            ("longestWaitMs and a day", self.longest_wait().0 + DAY, "keepRecordMs", self.keep_record().0),
        ];
        let (small, found, great, most) = others.into_iter().find(|(_, found, _, most)| found > most)?;
        Some(too_great(small, found, great, most))
    }

    /// A number by its name; zero for a name that is none.
    #[must_use]
    pub fn get(&self, name: &str) -> Millis {
        Millis(Self::place(name).and_then(|place| self.numbers.get(place).copied()).unwrap_or_default())
    }

    pub(super) fn number(&self, place: Place) -> u64 {
        self.numbers.get(place as usize).copied().unwrap_or_default()
    }

    /// How long a lease is taken for, or renewed.
    #[must_use]
    pub fn lease(&self) -> Millis {
        Millis(self.timeout().0 + self.lease_margin().0)
    }

    /// The deadline where none is asked for: a crashed holder's lease, and all attempts with their longest pauses.
    #[must_use]
    pub fn derived_deadline(&self) -> Millis {
        Millis(self.lease().0 + self.attempts() * (self.timeout().0 + LONGEST_ATTEMPT_PAUSE))
    }

    /// How long before its end a token of that lifetime is renewed.
    pub(super) fn early_of(&self, lifetime: Millis) -> Millis {
        let parts = if self.renew_before_is_given { 2 } else { 12 };
        self.renew_before().min(Millis(lifetime.0 / parts))
    }

    /// The last part of that lifetime, in which callers wait for the successor.
    pub(super) fn must_wait_of(&self, lifetime: Millis) -> Millis {
        self.must_wait().min(Millis(lifetime.0 / 60))
    }

    /// The last part of that lifetime, in which the token is not handed out.
    pub(super) fn floor_of(&self, lifetime: Millis) -> Millis {
        self.floor().min(Millis(lifetime.0 / 360))
    }

    fn attempts(&self) -> u64 {
        u64::from(self.retry.retries.min(MOST_RETRIES)) + 1
    }
}

/// A span doubled so many times, up to a longest one.
pub(super) fn doubled(span: Millis, times: u32, longest: Millis) -> Millis {
    let times = times.min(20);
    // Multiplying 64 bits without overflow takes a function that the module would not have otherwise.
    if span.0 > longest.0 >> times { longest } else { Millis(span.0 << times) }
}

fn name(place: Place) -> &'static str {
    Policy::names().nth(place as usize).unwrap_or_default()
}

fn too_great(name: &str, found: u64, other: &str, most: u64) -> Box<Error> {
    refusal(name, found, &join(&["at most ", other, ", "]), most)
}

fn refusal(name: &str, found: u64, limit: &str, bound: u64) -> Box<Error> {
    let message = ["policy: ", name, ": expected ", limit, &decimal(bound), ", found ", &decimal(found)];
    Error::new(Code::InvalidOption, &message, "The protocol would fail with it. Raise the one or lower the other.")
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
        assert_eq!(DEFAULT.derived_deadline(), DEFAULT.deadline());
        assert_eq!(DEFAULT.lease(), Millis(15_000));
        assert_eq!([DEFAULT.get("timeoutMs"), DEFAULT.get("patienceMs")], [Millis(10_000), Millis(0)]);
    }

    #[test]
    fn a_policy_that_breaks_an_inequality_is_refused_and_told_which() {
        let cases = [
            (DEFAULT.with("timeoutMs", 0), "policy: timeoutMs: expected at least 1, found 0"),
            (DEFAULT.with("storeTimeoutMs", 0), "policy: storeTimeoutMs: expected at least 1, found 0"),
            (DEFAULT.with("firstPauseMs", 0), "policy: firstPauseMs: expected at least 1, found 0"),
            (DEFAULT.with("budget", 0), "policy: budget: expected at least 1, found 0"),
            (DEFAULT.with("budgetRefillMs", 0), "policy: budgetRefillMs: expected at least 1, found 0"),
            (DEFAULT.with("floorMs", 60_001), "policy: floorMs: expected at most mustWaitMs, 60000, found 60001"),
            (
                DEFAULT.with("renewBeforeMs", 66_669),
                "policy: mustWaitMs: expected at most nine tenths of renewBeforeMs, 59994, found 60000",
            ),
            (DEFAULT.with("drainMs", 3_001), "policy: drainMs: expected at most rotationWaitMs, 3000, found 3001"),
            (
                DEFAULT.with("firstPauseMs", 2_001),
                "policy: firstPauseMs: expected at most longestPauseMs, 2000, found 2001",
            ),
            (
                DEFAULT.with("longestPauseMs", 15_001),
                "policy: longestPauseMs: expected at most the lease (timeoutMs and leaseMarginMs), 15000, found 15001",
            ),
            (
                DEFAULT.with("storeTimeoutMs", 2_501),
                "policy: storeTimeoutMs: expected at most half of leaseMarginMs, 2500, found 2501",
            ),
            (
                DEFAULT.with("deadlineMs", 34_999),
                "policy: the lease and all attempts: expected at most deadlineMs, 34999, found 35000",
            ),
            (
                DEFAULT.with("refusalGapMs", 600_001),
                "policy: refusalGapMs: expected at most longestRefusalGapMs, 600000, found 600001",
            ),
            (
                DEFAULT.with("failureGapMs", 30_001),
                "policy: failureGapMs: expected at most longestFailureGapMs, 30000, found 30001",
            ),
            (
                DEFAULT.with("refusedGapMs", 300_001),
                "policy: refusedGapMs: expected at most longestRefusedGapMs, 300000, found 300001",
            ),
            (
                DEFAULT.with("longestWaitMs", 29_999),
                "policy: longestFailureGapMs: expected at most longestWaitMs, 29999, found 30000",
            ),
            (
                DEFAULT.with("keepRecordMs", 86_999_999),
                "policy: longestWaitMs and a day: expected at most keepRecordMs, 86999999, found 87000000",
            ),
        ];
        for (policy, message) in cases {
            assert_eq!(refusal(policy), message);
        }
    }

    #[test]
    fn numbers_at_their_limits_are_taken_and_numbers_without_measure_do_no_harm() {
        let limits = [
            ("floorMs", 60_000),
            ("drainMs", 3_000),
            ("firstPauseMs", 2_000),
            ("storeTimeoutMs", 2_500),
            ("deadlineMs", 35_000),
            ("renewBeforeMs", 66_670),
            ("keepRecordMs", 87_000_000),
            ("budget", 1),
        ];
        let limits = limits.into_iter().fold(DEFAULT, |policy, (name, number)| policy.with(name, number));
        assert_eq!(limits.clone().checked(), Ok(limits));
        let endless = Policy::names().fold(DEFAULT, |policy, name| policy.with(name, u64::MAX));
        let endless = Policy { retry: RetryPolicy { retries: u32::MAX }, ..endless };
        assert_eq!(endless.timeout(), Millis(1 << 40));
        assert_eq!(endless.derived_deadline(), Millis((2 << 40) + 1_001 * ((1 << 40) + 5_000)));
        assert!(endless.checked().is_err());
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
        let policy = Policy { renew_before_is_given: true, ..DEFAULT.with("renewBeforeMs", 600_000) };
        assert_eq!(policy.early_of(Millis(3_599_000)), Millis(600_000));
        assert_eq!(policy.early_of(Millis(60_000)), Millis(30_000));
    }

    #[test]
    fn gaps_double_up_to_their_limit() {
        let gaps: Vec<_> = [0, 1, 4, 5, u32::MAX].map(|times| doubled(Millis(1), times, Millis(30)).0).into();
        assert_eq!(gaps, [1, 2, 16, 30, 30]);
    }
}
