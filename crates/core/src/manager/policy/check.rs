//! Whether the protocol works with a policy.

use alloc::boxed::Box;

use crate::error::{Code, Error, Result};
use crate::manager::policy::Policy;
use crate::text::decimal;

/// The longest lifetime that is accepted for a token.
const DAY: u64 = 86_400_000;

/// These numbers must be at least 1.
const POSITIVE: [&str; 5] = ["timeoutMs", "storeTimeoutMs", "firstPauseMs", "budgetRefillMs", "budget"];

/// In each pair the first number must not be greater than the second.
const ORDERED: [(&str, &str); 7] = [
    ("minRemainingMs", "blockingWindowMs"),
    ("drainMs", "renewalWaitMs"),
    ("firstPauseMs", "longestPauseMs"),
    ("endpointCooldownMs", "maxEndpointCooldownMs"),
    ("failureBackoffMs", "maxFailureBackoffMs"),
    ("credentialsBackoffMs", "maxCredentialsBackoffMs"),
    ("maxFailureBackoffMs", "longestWaitMs"),
];

impl Policy {
    /// The policy, if the protocol works with it.
    ///
    /// # Errors
    ///
    /// [`Code::InvalidOption`], which names the number that must not be zero, or the two numbers that contradict each
    /// other.
    pub fn checked(self) -> Result<Self> {
        self.fault().map_or(Ok(self), Err)
    }

    /// The error, if the protocol does not work with the policy.
    pub(in crate::manager) fn fault(&self) -> Option<Box<Error>> {
        for name in POSITIVE {
            if self.get(name) == 0 {
                return Some(refusal(name, 0, "at least ", 1));
            }
        }
        for (small, great) in ORDERED {
            let (found, most) = (self.get(small), self.get(great));
            if found > most {
                return Some(too_great(small, found, great, most));
            }
        }
        let whole = self.lease().0 + self.attempts() * self.timeout.0;
        let others = [
            // Up to a tenth of renewBeforeMs is jitter.
            ("blockingWindowMs", self.blocking_window.0, "nine tenths of renewBeforeMs", self.renew_before.0 / 10 * 9),
            ("longestPauseMs", self.longest_pause.0, "the lease (timeoutMs and leaseMarginMs)", self.lease().0),
            ("storeTimeoutMs", self.store_timeout.0, "half of leaseMarginMs", self.lease_margin.0 / 2),
            ("the lease and all attempts", whole, "deadlineMs", self.deadline.0),
            ("longestWaitMs and a day", self.longest_wait.0 + DAY, "keepRecordMs", self.keep_record.0),
        ];
        let (small, found, great, most) = others.into_iter().find(|(_, found, _, most)| found > most)?;
        Some(too_great(small, found, great, most))
    }
}

fn too_great(name: &str, found: u64, other: &str, most: u64) -> Box<Error> {
    refusal(name, found, &["at most ", other, ", "].concat(), most)
}

fn refusal(name: &str, found: u64, limit: &str, bound: u64) -> Box<Error> {
    let message = ["policy: ", name, ": expected ", limit, &decimal(bound), ", found ", &decimal(found)];
    Error::new(Code::InvalidOption, &message, "Raise the one or lower the other.")
}

#[cfg(test)]
mod tests {
    use std::prelude::rust_2024::{String, Vec};

    use super::*;
    use crate::manager::policy::doubled;
    use crate::retry::RetryPolicy;
    use crate::time::Millis;

    const DEFAULT: Policy = Policy::DEFAULT;

    fn refusal(policy: Policy) -> String {
        let error = policy.checked().unwrap_err();
        assert_eq!(error.code, Code::InvalidOption);
        error.message
    }

    #[test]
    fn the_default_is_valid() {
        assert_eq!(DEFAULT.checked(), Ok(DEFAULT));
        assert_eq!(DEFAULT.derived_deadline(), DEFAULT.deadline);
        assert_eq!(DEFAULT.lease(), Millis(15_000));
        assert_eq!([DEFAULT.get("timeoutMs"), DEFAULT.get("patienceMs")], [10_000, 0]);
    }

    #[test]
    fn an_error_names_a_zero_or_the_two_numbers_that_contradict_each_other() {
        let cases = [
            (DEFAULT.with("timeoutMs", 0), "policy: timeoutMs: expected at least 1, found 0"),
            (DEFAULT.with("storeTimeoutMs", 0), "policy: storeTimeoutMs: expected at least 1, found 0"),
            (DEFAULT.with("firstPauseMs", 0), "policy: firstPauseMs: expected at least 1, found 0"),
            (DEFAULT.with("budget", 0), "policy: budget: expected at least 1, found 0"),
            (DEFAULT.with("budgetRefillMs", 0), "policy: budgetRefillMs: expected at least 1, found 0"),
            (
                DEFAULT.with("minRemainingMs", 60_001),
                "policy: minRemainingMs: expected at most blockingWindowMs, 60000, found 60001",
            ),
            (
                DEFAULT.with("renewBeforeMs", 66_669),
                "policy: blockingWindowMs: expected at most nine tenths of renewBeforeMs, 59994, found 60000",
            ),
            (DEFAULT.with("drainMs", 3_001), "policy: drainMs: expected at most renewalWaitMs, 3000, found 3001"),
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
                DEFAULT.with("endpointCooldownMs", 600_001),
                "policy: endpointCooldownMs: expected at most maxEndpointCooldownMs, 600000, found 600001",
            ),
            (
                DEFAULT.with("failureBackoffMs", 30_001),
                "policy: failureBackoffMs: expected at most maxFailureBackoffMs, 30000, found 30001",
            ),
            (
                DEFAULT.with("credentialsBackoffMs", 300_001),
                "policy: credentialsBackoffMs: expected at most maxCredentialsBackoffMs, 300000, found 300001",
            ),
            (
                DEFAULT.with("longestWaitMs", 29_999),
                "policy: maxFailureBackoffMs: expected at most longestWaitMs, 29999, found 30000",
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
    fn numbers_at_their_limits_are_valid_and_huge_numbers_do_not_overflow() {
        let limits = [
            ("minRemainingMs", 60_000),
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
        assert_eq!(endless.timeout, Millis(1 << 40));
        assert_eq!(endless.derived_deadline(), Millis((2 << 40) + 1_001 * ((1 << 40) + 5_000)));
        assert!(endless.checked().is_err());
    }

    #[test]
    fn margins_shrink_with_the_lifetime() {
        let margins = |seconds| {
            let lifetime = Millis(seconds * 1000);
            [DEFAULT.early_of(lifetime), DEFAULT.blocking_window_of(lifetime), DEFAULT.min_remaining_of(lifetime)]
                .map(|margin| margin.0)
        };
        let all: Vec<_> = [86_400_u64, 3_600, 60, 1].into_iter().map(margins).collect();
        assert_eq!(all, [[300_000, 60_000, 10_000], [300_000, 60_000, 10_000], [5_000, 1_000, 166], [83, 16, 2]]);
    }

    #[test]
    fn the_option_renew_before_ms_is_limited_to_half_of_the_lifetime() {
        let policy = Policy { renew_before_is_given: true, ..DEFAULT.with("renewBeforeMs", 600_000) };
        assert_eq!(policy.early_of(Millis(3_599_000)), Millis(600_000));
        assert_eq!(policy.early_of(Millis(60_000)), Millis(30_000));
    }

    #[test]
    fn spans_double_up_to_their_limit() {
        let spans: Vec<_> = [0, 1, 4, 5, u32::MAX].map(|times| doubled(Millis(1), times, Millis(30)).0).into();
        assert_eq!(spans, [1, 2, 16, 30, 30]);
    }
}
