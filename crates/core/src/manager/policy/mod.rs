//! The numbers of the protocol, each with its reason.

mod check;

use crate::retry::RetryPolicy;
use crate::time::Millis;

/// The greatest number of a policy, about 34 years. Neither a sum of such numbers nor their product with the number of
/// attempts overflows 64 bits.
const MOST: u64 = 1 << 40;
/// Caps the retries of a policy that was not read from options, which allow ten.
const MOST_RETRIES: u32 = 1000;
/// The longest pause between two attempts, as in retry.rs.
const LONGEST_ATTEMPT_PAUSE: u64 = 5_000;

/// What to do if there is no usable token and the store does not answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OnStoreDown {
    /// Fail with an error that may be tried again. A generate without the store ends the other members' token.
    #[default]
    Fail,
    /// Generate without the store, rarely: for a single member that must go on.
    Generate,
}

/// The numbers of the protocol.
///
/// Members that share a record should have the same policy. Nothing breaks if they do not.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Policy {
    /// A token is renewed this long before its end, or a twelfth of its lifetime if that is less.
    /// AWS's clients renew 5 minutes before the end. Google's clients renew 225 to 300 seconds before.
    pub renew_before: Millis,
    /// In the last minute of a token, or the last sixtieth of its lifetime, callers wait for a new token while a
    /// member generates it: AWS's mandatory window.
    pub blocking_window: Millis,
    /// A token with less time left, or less than a 360th of its lifetime, is not given out: it could end in transit.
    /// golang.org/x/oauth2 has 10 seconds.
    pub min_remaining: Millis,
    /// A member that is called compares its cache with the record this often. So it soon learns that a token has died.
    /// An idle member hardly loads the record.
    pub revalidate_after: Millis,
    /// Before a usable token is replaced, the calls in flight get this long to finish.
    pub drain: Millis,
    /// While a usable token is being replaced, callers wait this long for the new one: the drain and an ordinary
    /// answer.
    pub renewal_wait: Millis,
    /// The first pause before the record is loaded again. Without a usable token it is twice as long.
    pub first_pause: Millis,
    /// Pauses double up to this length.
    pub longest_pause: Millis,
    /// How long one attempt may take. The driver ends it.
    pub timeout: Millis,
    /// A lease lasts this much longer than an attempt. The fence before it and the publish after it must fit.
    /// A common fault is a lock that ends before the request that it guards.
    pub lease_margin: Millis,
    /// How long a caller without its own deadline waits. The default is enough for the lease of a crashed holder to
    /// end, and for all attempts with their longest pauses.
    pub deadline: Millis,
    /// How long one operation of the store may take. The driver ends it.
    pub store_timeout: Millis,
    /// How long a caller without a usable token tries a failing store again. A restart takes about a second.
    pub store_patience: Millis,
    /// If the store has no clock, a lease is stale when the wall clock is this long past its end. The clocks of
    /// well-kept machines differ by less.
    pub clock_tolerance: Millis,
    /// The budget gets one replacement back in this time.
    pub budget_refill: Millis,
    /// An endpoint that also rejects the next token is at fault: its product may be missing. It gets another token only
    /// after this.
    pub endpoint_cooldown: Millis,
    /// The cooldown doubles with each rejection, up to this.
    pub max_endpoint_cooldown: Millis,
    /// After a failure that may pass, this member does not generate for this long. If Daraja itself failed, no member
    /// does.
    pub failure_backoff: Millis,
    /// The back-off doubles with each failure, up to this.
    pub max_failure_backoff: Millis,
    /// After a failure that does not pass, such as wrong credentials, this member does not generate for this long.
    /// Others go on: one member with a wrong secret must not stop them.
    pub credentials_backoff: Millis,
    /// The back-off doubles with each failure, up to this.
    pub max_credentials_backoff: Millis,
    /// The longest wait of the fleet that Retry-After can cause. A longer cooldown in the record comes from a clock
    /// that jumped, and is ignored.
    pub longest_wait: Millis,
    /// If three tokens are replaced early, before they are due, and within this time, another program probably uses the
    /// same key.
    pub contention_window: Millis,
    /// How long a store keeps a record after its last write. After that time all its data is out of date.
    pub keep_record: Millis,
    /// How many rejected tokens may be replaced in a row. This is enough to recover at once, and too few for an endless
    /// fight with a second fleet.
    pub budget: u64,
    /// Whether the option `renewBeforeMs` was given. If so, a renewal starts at most half of a lifetime before the end.
    /// If not, at most a twelfth.
    pub renew_before_is_given: bool,
    /// The attempts of one holder. They are serial, because each new token ends the previous one.
    pub retry: RetryPolicy,
    /// What to do if the store does not answer.
    pub on_store_down: OnStoreDown,
}

/// Gives the place of a number in a policy.
type Field = fn(&mut Policy) -> &mut u64;

/// The numbers and their names in the option `policy`, in the order in which they are read.
static FIELDS: [(&str, Field); 25] = [
    ("renewBeforeMs", |policy| &mut policy.renew_before.0),
    ("blockingWindowMs", |policy| &mut policy.blocking_window.0),
    ("minRemainingMs", |policy| &mut policy.min_remaining.0),
    ("revalidateAfterMs", |policy| &mut policy.revalidate_after.0),
    ("drainMs", |policy| &mut policy.drain.0),
    ("renewalWaitMs", |policy| &mut policy.renewal_wait.0),
    ("firstPauseMs", |policy| &mut policy.first_pause.0),
    ("longestPauseMs", |policy| &mut policy.longest_pause.0),
    ("timeoutMs", |policy| &mut policy.timeout.0),
    ("leaseMarginMs", |policy| &mut policy.lease_margin.0),
    ("deadlineMs", |policy| &mut policy.deadline.0),
    ("storeTimeoutMs", |policy| &mut policy.store_timeout.0),
    ("storePatienceMs", |policy| &mut policy.store_patience.0),
    ("clockToleranceMs", |policy| &mut policy.clock_tolerance.0),
    ("budgetRefillMs", |policy| &mut policy.budget_refill.0),
    ("endpointCooldownMs", |policy| &mut policy.endpoint_cooldown.0),
    ("maxEndpointCooldownMs", |policy| &mut policy.max_endpoint_cooldown.0),
    ("failureBackoffMs", |policy| &mut policy.failure_backoff.0),
    ("maxFailureBackoffMs", |policy| &mut policy.max_failure_backoff.0),
    ("credentialsBackoffMs", |policy| &mut policy.credentials_backoff.0),
    ("maxCredentialsBackoffMs", |policy| &mut policy.max_credentials_backoff.0),
    ("longestWaitMs", |policy| &mut policy.longest_wait.0),
    ("contentionWindowMs", |policy| &mut policy.contention_window.0),
    ("keepRecordMs", |policy| &mut policy.keep_record.0),
    ("budget", |policy| &mut policy.budget),
];

impl Policy {
    /// The policy without options.
    pub const DEFAULT: Self = Self {
        renew_before: Millis(300_000),
        blocking_window: Millis(60_000),
        min_remaining: Millis(10_000),
        revalidate_after: Millis(10_000),
        drain: Millis(1_000),
        renewal_wait: Millis(3_000),
        first_pause: Millis(100),
        longest_pause: Millis(2_000),
        timeout: Millis(10_000),
        lease_margin: Millis(5_000),
        deadline: Millis(45_000),
        store_timeout: Millis(2_000),
        store_patience: Millis(3_000),
        clock_tolerance: Millis(60_000),
        budget_refill: Millis(30_000),
        endpoint_cooldown: Millis(30_000),
        max_endpoint_cooldown: Millis(600_000),
        failure_backoff: Millis(1_000),
        max_failure_backoff: Millis(30_000),
        credentials_backoff: Millis(5_000),
        max_credentials_backoff: Millis(300_000),
        longest_wait: Millis(600_000),
        contention_window: Millis(600_000),
        keep_record: Millis(172_800_000),
        budget: 10,
        renew_before_is_given: false,
        retry: RetryPolicy { retries: 1 },
        on_store_down: OnStoreDown::Fail,
    };

    /// The names of the numbers in the option `policy`.
    pub fn names() -> impl Iterator<Item = &'static str> {
        FIELDS.iter().map(|(name, _)| *name)
    }

    /// The same policy with another number. A number over 2^40 counts as 2^40. A name that is not in [`Self::names`]
    /// changes nothing.
    #[must_use]
    pub fn with(mut self, name: &str, number: u64) -> Self {
        self.set(name, number);
        self
    }

    pub(in crate::manager) fn set(&mut self, name: &str, number: u64) {
        if let Some((_, field)) = FIELDS.iter().find(|(known, _)| *known == name) {
            *field(self) = number.min(MOST);
        }
    }

    /// A number by its name. Zero for a name that is not in [`Self::names`].
    pub fn get(&self, name: &str) -> u64 {
        let field = FIELDS.iter().find(|(known, _)| *known == name);
        field.map_or(0, |(_, field)| *field(&mut self.clone()))
    }

    /// How long a lease is taken for, or renewed.
    pub fn lease(&self) -> Millis {
        self.timeout + self.lease_margin
    }

    /// The default deadline: the lease of a crashed holder, and then all attempts with their longest pauses.
    pub fn derived_deadline(&self) -> Millis {
        Millis(self.lease().0 + self.attempts() * (self.timeout.0 + LONGEST_ATTEMPT_PAUSE))
    }

    /// How long before its end a token of that lifetime is renewed.
    pub(in crate::manager) fn early_of(&self, lifetime: Millis) -> Millis {
        let parts = if self.renew_before_is_given { 2 } else { 12 };
        self.renew_before.min(Millis(lifetime.0 / parts))
    }

    /// The last part of that lifetime, in which callers wait for a new token.
    pub(in crate::manager) fn blocking_window_of(&self, lifetime: Millis) -> Millis {
        self.blocking_window.min(Millis(lifetime.0 / 60))
    }

    /// The last part of that lifetime, in which callers do not get the token.
    pub(in crate::manager) fn min_remaining_of(&self, lifetime: Millis) -> Millis {
        self.min_remaining.min(Millis(lifetime.0 / 360))
    }

    fn attempts(&self) -> u64 {
        u64::from(self.retry.retries.min(MOST_RETRIES)) + 1
    }
}

/// A span that is doubled this many times, up to the longest one.
pub(in crate::manager) fn doubled(span: Millis, times: u32, longest: Millis) -> Millis {
    let times = times.min(20);
    // A checked multiplication of 64 bits would add a function to the module.
    if span.0 > longest.0 >> times { longest } else { Millis(span.0 << times) }
}
