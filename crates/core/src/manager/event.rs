//! The events that a member passes to its user's `onEvent`, as data. They contain no secret.

use crate::error::Code;
use crate::time::Millis;

/// The types of events. [`EventType::as_str`] is what JavaScript sees as `event.type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EventType {
    /// This member generated a token, because there was no usable one.
    Generated,
    /// This member generated a token before the last one ended.
    Renewed,
    /// This member took over another member's token.
    Shared,
    /// An endpoint rejected the token. It is replaced, unless there is a `code`.
    Rejected,
    /// This member took the lease.
    LeaseTaken,
    /// This member lost its lease, because it was too slow.
    LeaseLost,
    /// A call waited for another member, or for the store.
    Waited,
    /// An operation of the store failed.
    StoreError,
    /// Another program generates tokens with the same consumer key.
    Contention,
}

impl EventType {
    /// The name that users compare.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Generated => "generated",
            Self::Renewed => "renewed",
            Self::Shared => "shared",
            Self::Rejected => "rejected",
            Self::LeaseTaken => "lease-taken",
            Self::LeaseLost => "lease-lost",
            Self::Waited => "waited",
            Self::StoreError => "store-error",
            Self::Contention => "contention",
        }
    }
}

/// Why a token is generated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// There was no token, or it had ended.
    #[default]
    Missing,
    /// An endpoint rejected it.
    Rejected,
    /// It was due for renewal.
    Renewal,
}

impl Reason {
    /// The text of the reason in a lease and in an event.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Rejected => "rejected",
            Self::Renewal => "renewal",
        }
    }
}

/// One event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TokenEvent {
    /// What happened.
    pub event_type: EventType,
    /// The epoch of the token that it is about.
    pub epoch: u64,
    /// How long it took, if it took time.
    pub duration: Millis,
    /// Why the lease was taken, for [`EventType::LeaseTaken`] and the events that follow from it.
    pub reason: Option<Reason>,
    /// Why the token is not replaced, for [`EventType::Rejected`].
    pub code: Option<Code>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_reasons_have_the_names_that_users_compare() {
        let kinds = [
            EventType::Generated,
            EventType::Renewed,
            EventType::Shared,
            EventType::Rejected,
            EventType::LeaseTaken,
            EventType::LeaseLost,
            EventType::Waited,
            EventType::StoreError,
            EventType::Contention,
        ];
        let names = [
            "generated",
            "renewed",
            "shared",
            "rejected",
            "lease-taken",
            "lease-lost",
            "waited",
            "store-error",
            "contention",
        ];
        assert_eq!(kinds.map(EventType::as_str), names);
        let reasons = [Reason::Missing, Reason::Rejected, Reason::Renewal];
        assert_eq!(reasons.map(Reason::as_str), ["missing", "rejected", "renewal"]);
    }
}
