//! When to ask again, and after how long.
//!
//! An attempt begins only after the one before it has ended. Each new token ends the previous one, so with two attempts
//! in flight it would be unclear which token is valid.

use crate::error::Code;
use crate::time::Millis;

/// The first pause is at most this long.
const FIRST_PAUSE: Millis = Millis(500);
/// Pauses double up to this length, because a person may be waiting.
const LONGEST_PAUSE: Millis = Millis(5_000);
/// The shortest pause after a time-out. The request may still reach Daraja, and its token would end that of the next
/// attempt.
const PAUSE_AFTER_TIMEOUT: Millis = Millis(1_000);
/// If a server asks for a longer wait than this, the call fails, so that the caller can decide.
const LONGEST_RETRY_AFTER: Millis = Millis(5_000);

/// How often failed attempts are repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RetryPolicy {
    /// How many attempts may follow the first.
    pub retries: u32,
}

impl RetryPolicy {
    /// The pause before the next attempt, or `None` if there must be no other attempt.
    ///
    /// `code` is that of the failure, `asked` the wait that the server asked for, `attempts` the number of failed
    /// attempts, and `random` a number from 0 up to 1. Only failures that may pass by themselves are tried again, with
    /// exponential back-off and full jitter, so that members that failed together do not come back together.
    #[must_use]
    pub fn pause(self, code: Code, asked: Option<Millis>, attempts: u32, random: f64) -> Option<Millis> {
        let asked = asked.unwrap_or_default();
        if attempts > self.retries || !code.is_retryable() || asked > LONGEST_RETRY_AFTER {
            return None;
        }
        let doublings = attempts.saturating_sub(1).min(16);
        let ceiling = (FIRST_PAUSE.0 << doublings).min(LONGEST_PAUSE.0);
        // A caller may have replaced Math.random. The cast saturates, and makes NaN zero.
        let jittered = ((ceiling as f64 * random) as u64).min(ceiling);
        let least = if code == Code::Timeout { PAUSE_AFTER_TIMEOUT } else { Millis(0) };
        Some(Millis(jittered).max(least).max(asked))
    }
}

#[cfg(test)]
mod tests {
    use std::prelude::rust_2024::Vec;

    use super::*;

    const ONCE: RetryPolicy = RetryPolicy { retries: 1 };

    fn millis(pause: Option<Millis>) -> Option<u64> {
        pause.map(|pause| pause.0)
    }

    #[test]
    fn a_failure_that_may_pass_is_tried_again_as_often_as_allowed() {
        let pause = |policy: RetryPolicy, attempts| policy.pause(Code::Unavailable, None, attempts, 0.5);
        assert!(pause(ONCE, 1).is_some());
        assert_eq!(pause(ONCE, 2), None);
        assert_eq!(pause(RetryPolicy { retries: 0 }, 1), None);
    }

    #[test]
    fn a_failure_that_does_not_pass_is_not_tried_again() {
        for code in [Code::InvalidCredentials, Code::Blocked, Code::Refused, Code::MalformedResponse, Code::Redirect] {
            assert_eq!(ONCE.pause(code, None, 1, 0.5), None);
        }
    }

    #[test]
    fn pauses_double_up_to_five_seconds_with_full_jitter() {
        let policy = RetryPolicy { retries: 10 };
        let longest = |attempts| millis(policy.pause(Code::Network, None, attempts, 1.0));
        let pauses: Vec<_> = (1..=6).map(longest).collect();
        assert_eq!(pauses, [500, 1000, 2000, 4000, 5000, 5000].map(Some));
        assert_eq!(RetryPolicy { retries: u32::MAX }.pause(Code::Network, None, u32::MAX, 1.0), Some(LONGEST_PAUSE));
        assert_eq!(millis(policy.pause(Code::Network, None, 1, 0.0)), Some(0));
        assert_eq!(millis(policy.pause(Code::Network, None, 1, 0.5)), Some(250));
    }

    #[test]
    fn a_random_number_out_of_range_does_no_harm() {
        for random in [f64::NEG_INFINITY, -1.0, 2.0, f64::INFINITY, f64::NAN] {
            assert!(ONCE.pause(Code::Network, None, 1, random).is_some_and(|pause| pause <= FIRST_PAUSE));
        }
    }

    #[test]
    fn the_pause_after_a_timeout_is_at_least_a_second() {
        assert_eq!(millis(ONCE.pause(Code::Timeout, None, 1, 0.1)), Some(1000));
        assert_eq!(millis(RetryPolicy { retries: 5 }.pause(Code::Timeout, None, 4, 1.0)), Some(4000));
    }

    #[test]
    fn retry_after_is_respected_up_to_five_seconds() {
        let pause = |asked, random| millis(ONCE.pause(Code::RateLimited, Some(Millis(asked)), 1, random));
        assert_eq!(pause(2000, 0.5), Some(2000));
        assert_eq!(pause(100, 1.0), Some(500));
        assert_eq!(pause(5000, 0.5), Some(5000));
        assert_eq!(pause(5001, 0.5), None);
    }
}
