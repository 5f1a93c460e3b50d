//! The states of an acquisition. The drawing in [`crate::manager`] has the same names.

use crate::manager::clock::{MonotonicMillis, StoreMillis};
use crate::manager::event::Reason;
use crate::manager::failure::Failure;
use crate::manager::id::LeaseId;
use crate::time::Millis;
use crate::token::Token;

/// The state of an acquisition.
#[derive(Clone, Debug, Default, Hash)]
pub(super) enum State {
    /// The acquisition never tried to take a lease.
    #[default]
    WithoutLease,
    /// The acquisition tried to take the lease. It may have the lease until the record says otherwise.
    TakingLease(Bid),
    /// The acquisition has the lease, and waits: for calls in flight with the old token, or between two attempts.
    Draining(Bid),
    /// The acquisition has the lease, and renews it before it asks Daraja. If that write succeeds, no other acquisition
    /// has taken the lease.
    Renewing(Bid),
    /// The acquisition has the lease, and asks Daraja for a token.
    Generating(Bid),
    /// The acquisition has the lease and a token that the record does not have yet.
    Publishing(Bid, Grant),
    /// The acquisition has failed for good, and gives the lease back.
    Releasing(Bid, Failure),
    /// The acquisition asks Daraja for a token without the store.
    WithoutStore(Attempts),
}

/// A lease that an acquisition has, or has tried to take.
#[derive(Clone, Copy, Debug, Hash)]
pub(super) struct Bid {
    /// An acquisition uses one identifier for all its writes. So its own write, if it takes effect late, does not look
    /// like another member's.
    pub id: LeaseId,
    /// When the acquisition saw in the record that it has the lease.
    pub taken_at: Option<MonotonicMillis>,
    /// The end of the lease in the last write. If the record has another end, or if this is `None`, the lease must be
    /// renewed before the next attempt.
    pub fence: Option<StoreMillis>,
    pub attempts: Attempts,
    /// How often the grant or the release was written.
    pub writes: u32,
}

/// Requests to Daraja.
#[derive(Clone, Copy, Debug, Default, Hash)]
pub(super) struct Attempts {
    pub reason: Reason,
    /// How many requests have failed.
    pub failed: u32,
    pub first_sent: Option<MonotonicMillis>,
    /// The next request is not sent before this instant: the end of the drain, or of the pause between attempts.
    pub next: Option<MonotonicMillis>,
}

/// A token that Daraja granted.
#[derive(Clone, Debug, Hash)]
pub(super) struct Grant {
    pub token: Token,
    /// When its request was sent, by the record's clock.
    pub obtained_at: StoreMillis,
    /// How long before its end the token is renewed. The jitter makes this shorter than in the policy.
    pub early: Millis,
}

impl State {
    /// The lease that the acquisition has, or has tried to take.
    pub fn bid(&self) -> Option<&Bid> {
        match self {
            Self::WithoutLease | Self::WithoutStore(_) => None,
            Self::TakingLease(bid)
            | Self::Draining(bid)
            | Self::Renewing(bid)
            | Self::Generating(bid)
            | Self::Publishing(bid, _)
            | Self::Releasing(bid, _) => Some(bid),
        }
    }

    /// The requests that the acquisition has sent, or is about to send.
    pub fn attempts(&self) -> Attempts {
        match self {
            Self::WithoutStore(attempts) => *attempts,
            _ => self.bid().map(|bid| bid.attempts).unwrap_or_default(),
        }
    }
}
