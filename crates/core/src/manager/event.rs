//! The events that a member passes to its user's `onEvent`, as data. They contain no secret.

use crate::error::Code;
use crate::time::Millis;

/// The types of events. [`EventType::as_str`] is what JavaScript sees as `event.type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EventType {
    /// This member generated a token, because there was no usable one or the old one was rejected.
    Generated,
    /// This member generated a token, because the old one was due for renewal.
    Renewed,
    /// This member took over another member's token.
    Shared,
    /// An endpoint rejected the token. This member replaces the token, unless the event has a `code`.
    Rejected,
    /// This member took the lease.
    LeaseTaken,
    /// The record no longer has this member's lease: the member was too slow, or the store lost the lease.
    LeaseLost,
    /// An acquisition waited for another member, for the store, or for the end of a back-off or cooldown.
    Waited,
    /// An operation of the store failed, or gave something that is not a record.
    StoreError,
    /// Another program probably generates tokens with the same consumer key.
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
    /// There was no usable token.
    #[default]
    Missing,
    /// An endpoint rejected the old token.
    Rejected,
    /// The old token was due for renewal.
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
    /// The epoch of the token in the cache. Zero without one.
    pub epoch: u64,
    /// How long it took from the first request for a token to its publication, how long the wait or the failed
    /// operation took, or how long the lost lease was held. Zero for the other types.
    pub duration: Millis,
    /// Why a token is generated, for [`EventType::LeaseTaken`], [`EventType::LeaseLost`], [`EventType::Generated`] and
    /// [`EventType::Renewed`].
    pub reason: Option<Reason>,
    /// Why the token is not replaced, for [`EventType::Rejected`].
    pub code: Option<Code>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_and_reasons_have_the_names_that_users_compare() {
        let types = [
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
        assert_eq!(types.map(EventType::as_str), names);
        let reasons = [Reason::Missing, Reason::Rejected, Reason::Renewal];
        assert_eq!(reasons.map(Reason::as_str), ["missing", "rejected", "renewal"]);
    }
}
