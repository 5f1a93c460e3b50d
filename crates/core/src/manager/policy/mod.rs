//! The numbers of the protocol, each with its reason.

mod check;

use crate::retry::RetryPolicy;
use crate::time::Millis;

/// The greatest number of a policy, about 34 years. No sum or product of two such numbers overflows 64 bits.
const MOST: u64 = 1 << 40;
/// More retries than anybody may ask for; options.rs stops at ten.
const MOST_RETRIES: u32 = 1000;
/// The longest pause between two attempts; retry.rs has it.
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

/// The numbers of the protocol.
///
/// Instances that share a record should have the same policy; nothing breaks where they have not.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Policy {
    /// A token is renewed this long before its end, or a twelfth of its lifetime if that is less.
    /// 5 minutes, as AWS's clients do; Google's are between 225 and 300 seconds.
    pub renew_before: Millis,
    /// In the last minute of a token, or the last sixtieth of its lifetime, callers wait for its successor as long as
    /// somebody works on it: AWS's mandatory window.
    pub blocking_window: Millis,
    /// A token with less than this, or a 360th of its lifetime, is not handed out: it could end on its way.
    /// golang.org/x/oauth2 has 10 seconds.
    pub min_remaining: Millis,
    /// A local copy is compared with the record this often, so that a token that died elsewhere is soon known here, and
    /// an idle instance asks the store for almost nothing.
    pub revalidate_after: Millis,
    /// Before a usable token is replaced, the calls in flight get this long to finish.
    pub drain: Millis,
    /// While a usable token is being replaced, callers wait this long for the new one: the drain and an ordinary answer.
    pub renewal_wait: Millis,
    /// The first pause before another look at the record.
    pub first_pause: Millis,
    /// Pauses double up to this.
    pub longest_pause: Millis,
    /// How long one attempt may take. The driver ends it.
    pub timeout: Millis,
    /// A lease outlasts an attempt by this: the fence before it and the publish after it must fit.
    /// A lock shorter than the request that it guards is the classic fault.
    pub lease_margin: Millis,
    /// How long one caller waits, where it does not say: a crashed holder's lease, and all attempts with their longest
    /// pauses.
    pub deadline: Millis,
    /// How long one operation of the store may take. The driver ends it.
    pub store_timeout: Millis,
    /// How long a caller without a usable token goes on asking a store that fails: a restart takes about a second.
    pub store_patience: Millis,
    /// Where the store has no clock, a lease is stale when the wall clock is this long past its end: more than clocks
    /// differ that anybody keeps.
    pub clock_tolerance: Millis,
    /// One forced replacement comes back to the bucket in this time.
    pub budget_refill: Millis,
    /// An endpoint that refuses the successor too has a fault of its own, such as a missing product. It gets another
    /// token only after this.
    pub endpoint_cooldown: Millis,
    /// That gap doubles up to this.
    pub max_endpoint_cooldown: Millis,
    /// After a failure that may pass nobody generates for this long.
    pub failure_backoff: Millis,
    /// That gap doubles up to this.
    pub max_failure_backoff: Millis,
    /// After an answer that stays, such as bad credentials, this instance does not generate for this long.
    /// It is no one else's business: one instance with a wrong secret must not stall the others.
    pub credentials_backoff: Millis,
    /// That gap doubles up to this.
    pub max_credentials_backoff: Millis,
    /// An instant to wait for that is farther away than this is the mark of a clock that jumped, and is ignored.
    pub longest_wait: Millis,
    /// Three tokens that died before their time within this mean that somebody else generates with the same key.
    pub contention_window: Millis,
    /// How long a store keeps a record that nobody writes: longer than all that it remembers.
    pub keep_record: Millis,
    /// How many tokens may be replaced in a row because an API refused them: enough to heal at once, too few to fight
    /// for ever with a second fleet.
    pub budget: u64,
    /// Whether `renewBeforeMs` was asked for: then it is kept, up to half of a lifetime, whatever the twelfth is.
    pub renew_before_is_given: bool,
    /// Attempts of one holder. They are serial, since each new token kills the one before it.
    pub retry: RetryPolicy,
    /// What to do where the store does not answer.
    pub on_store_down: OnStoreDown,
}

/// Gives the place of a number in a policy.
type Field = fn(&mut Policy) -> &mut u64;

/// The numbers by their names in the option `policy`, in the order in which they are read.
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
    /// The policy where nothing else is asked for.
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

    /// The same with another number, by its name in [`Self::names`], but no more than 34 years; a name that is none changes
    /// nothing.
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

    /// A number by its name; zero for a name that is none.
    pub fn get(&self, name: &str) -> u64 {
        let field = FIELDS.iter().find(|(known, _)| *known == name);
        field.map_or(0, |(_, field)| *field(&mut self.clone()))
    }

    /// How long a lease is taken for, or renewed.
    pub fn lease(&self) -> Millis {
        self.timeout + self.lease_margin
    }

    /// The deadline where none is asked for: a crashed holder's lease, and all attempts with their longest pauses.
    pub fn derived_deadline(&self) -> Millis {
        Millis(self.lease().0 + self.attempts() * (self.timeout.0 + LONGEST_ATTEMPT_PAUSE))
    }

    /// How long before its end a token of that lifetime is renewed.
    pub(in crate::manager) fn early_of(&self, lifetime: Millis) -> Millis {
        let parts = if self.renew_before_is_given { 2 } else { 12 };
        self.renew_before.min(Millis(lifetime.0 / parts))
    }

    /// The last part of that lifetime, in which callers wait for the successor.
    pub(in crate::manager) fn blocking_window_of(&self, lifetime: Millis) -> Millis {
        self.blocking_window.min(Millis(lifetime.0 / 60))
    }

    /// The last part of that lifetime, in which the token is not handed out.
    pub(in crate::manager) fn min_remaining_of(&self, lifetime: Millis) -> Millis {
        self.min_remaining.min(Millis(lifetime.0 / 360))
    }

    fn attempts(&self) -> u64 {
        u64::from(self.retry.retries.min(MOST_RETRIES)) + 1
    }
}

/// A span doubled so many times, up to a longest one.
pub(in crate::manager) fn doubled(span: Millis, times: u32, longest: Millis) -> Millis {
    let times = times.min(20);
    // Multiplying 64 bits without overflow takes a function that the module would not have otherwise.
    if span.0 > longest.0 >> times { longest } else { Millis(span.0 << times) }
}
