//! The numbers of a policy, each with its reason.

use crate::manager::policy::{OnStoreDown, Policy};
use crate::retry::RetryPolicy;
use crate::time::Millis;

macro_rules! numbers {
    (
        $(#[$first_doc:meta])* $first:ident, $first_text:literal, $first_default:literal;
        $($(#[$doc:meta])* $name:ident, $text:literal, $default:literal;)*
    ) => {
        /// The places of the numbers.
        #[allow(non_camel_case_types, reason = "each is the name of a function")]
        #[derive(Clone, Copy)]
        pub(super) enum Place { $first, $($name,)* }

        pub(super) const COUNT: usize = [$first_default, $($default,)*].len();

        impl Policy {
            /// The policy where nothing else is asked for.
            pub const DEFAULT: Self = Self {
                numbers: [$first_default, $($default,)*],
                renew_before_is_given: false,
                retry: RetryPolicy { retries: 1 },
                on_store_down: OnStoreDown::Fail,
            };

            /// The names of the numbers in the option `policy`, in their order.
            pub const NAMES: &str = concat!($first_text, $(" ", $text,)*);

            $(#[$first_doc])*
            #[must_use]
            pub fn $first(&self) -> Millis { Millis(self.number(Place::$first)) }

            $($(#[$doc])*
            #[must_use]
            pub fn $name(&self) -> Millis { Millis(self.number(Place::$name)) })*
        }
    };
}

numbers! {
    /// A token is renewed this long before its end, or a twelfth of its lifetime if that is less.
    /// 5 minutes, as AWS's clients do; Google's are between 225 and 300 seconds.
    renew_before, "renewBeforeMs", 300_000;
    /// In the last minute of a token, or the last sixtieth of its lifetime, callers wait for its successor as long as
    /// somebody works on it: AWS's mandatory window.
    must_wait, "mustWaitMs", 60_000;
    /// A token with less than this, or a 360th of its lifetime, is not handed out: it could end on its way.
    /// golang.org/x/oauth2 has 10 seconds.
    floor, "floorMs", 10_000;
    /// A local copy is compared with the record this often, so that a token that died elsewhere is soon known here, and
    /// an idle instance asks the store for almost nothing.
    look_up, "lookUpMs", 10_000;
    /// Before a usable token is replaced, the calls in flight get this long to finish.
    drain, "drainMs", 1_000;
    /// While a usable token is being replaced, callers wait this long for the new one: the drain and an ordinary answer.
    rotation_wait, "rotationWaitMs", 3_000;
    /// The first pause before another look at the record.
    first_pause, "firstPauseMs", 100;
    /// Pauses double up to this.
    longest_pause, "longestPauseMs", 2_000;
    /// How long one attempt may take. The driver ends it.
    timeout, "timeoutMs", 10_000;
    /// A lease outlasts an attempt by this: the fence before it and the publish after it must fit.
    /// A lock shorter than the request that it guards is the classic fault.
    lease_margin, "leaseMarginMs", 5_000;
    /// How long one caller waits, where it does not say: a crashed holder's lease, and all attempts with their longest
    /// pauses.
    deadline, "deadlineMs", 45_000;
    /// How long one operation of the store may take. The driver ends it.
    store_timeout, "storeTimeoutMs", 2_000;
    /// How long a caller without a usable token goes on asking a store that fails: a restart takes about a second.
    store_patience, "storePatienceMs", 3_000;
    /// Where the store has no clock, a lease is stale when the wall clock is this long past its end: more than clocks
    /// differ that anybody keeps.
    clock_tolerance, "clockToleranceMs", 60_000;
    /// One forced replacement comes back to the bucket in this time.
    budget_refill, "budgetRefillMs", 30_000;
    /// An endpoint that refuses the successor too has a fault of its own, such as a missing product. It gets another
    /// token only after this.
    refusal_gap, "refusalGapMs", 30_000;
    /// That gap doubles up to this.
    longest_refusal_gap, "longestRefusalGapMs", 600_000;
    /// After a failure that may pass nobody generates for this long.
    failure_gap, "failureGapMs", 1_000;
    /// That gap doubles up to this.
    longest_failure_gap, "longestFailureGapMs", 30_000;
    /// After an answer that stays, such as bad credentials, this instance does not generate for this long.
    /// It is no one else's business: one instance with a wrong secret must not stall the others.
    refused_gap, "refusedGapMs", 5_000;
    /// That gap doubles up to this.
    longest_refused_gap, "longestRefusedGapMs", 300_000;
    /// An instant to wait for that is farther away than this is the mark of a clock that jumped, and is ignored.
    longest_wait, "longestWaitMs", 600_000;
    /// Three tokens that died before their time within this mean that somebody else generates with the same key.
    contention_window, "contentionWindowMs", 600_000;
    /// How long a store keeps a record that nobody writes: longer than all that it remembers.
    keep_record, "keepRecordMs", 172_800_000;
    /// How many tokens may be replaced in a row because an API refused them: enough to heal at once, too few to fight
    /// for ever with a second fleet. The one number that is no time.
    bucket, "budget", 10;
}
