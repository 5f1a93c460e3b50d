//! What an instance tells its user: `onEvent`, as data. No secret is in it.

use crate::error::Code;
use crate::time::Millis;

/// The kinds of notice; [`Kind::as_str`] is what JavaScript sees as `event.type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// This instance generated a token since there was no usable one.
    Generated,
    /// This instance generated a token ahead of time.
    Renewed,
    /// Another instance's token was taken over.
    Shared,
    /// An API refused the token: it is replaced, or, where `code` is given, it is not.
    Rejected,
    /// This instance won the lease.
    LeaseTaken,
    /// This instance lost its lease, since it was too slow.
    LeaseLost,
    /// A call waited for another instance, or for the store.
    Waited,
    /// An operation of the store failed.
    StoreError,
    /// Somebody else generates tokens with the same consumer key.
    Contention,
}

impl Kind {
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
    /// There was none, or it had ended.
    #[default]
    Missing,
    /// An API refused it.
    Rejected,
    /// It was about to end.
    Renewal,
}

impl Reason {
    /// As it stands in a lease and in a notice.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Rejected => "rejected",
            Self::Renewal => "renewal",
        }
    }
}

/// One notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Notice {
    /// What happened.
    pub kind: Kind,
    /// The epoch that it happened to.
    pub epoch: u64,
    /// How long it took, where it took time.
    pub duration: Millis,
    /// Why the lease was taken, for [`Kind::LeaseTaken`] and what follows of it.
    pub reason: Option<Reason>,
    /// Why nothing was done, for [`Kind::Rejected`].
    pub code: Option<Code>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_reasons_have_the_names_that_users_compare() {
        let kinds = [
            Kind::Generated,
            Kind::Renewed,
            Kind::Shared,
            Kind::Rejected,
            Kind::LeaseTaken,
            Kind::LeaseLost,
            Kind::Waited,
            Kind::StoreError,
            Kind::Contention,
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
        assert_eq!(kinds.map(Kind::as_str), names);
        let reasons = [Reason::Missing, Reason::Rejected, Reason::Renewal];
        assert_eq!(reasons.map(Reason::as_str), ["missing", "rejected", "renewal"]);
    }
}
