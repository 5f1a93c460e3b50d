//! Where a run is on its way to a token. The drawing in [`crate::manager`] has the same names.

use crate::manager::clock::{MonotonicMillis, StoreMillis};
use crate::manager::failure::Failure;
use crate::manager::id::LeaseId;
use crate::manager::notice::Reason;
use crate::time::Millis;
use crate::token::Token;

/// The states of a run.
#[derive(Clone, Debug, Default, Hash)]
pub(super) enum State {
    /// It never tried to take a lease.
    #[default]
    WithoutLease,
    /// It tried to take the lease. Until the record says otherwise, it may have it.
    TakingLease(Bid),
    /// It has the lease, and waits: for calls in flight with the old token, or between two attempts.
    Draining(Bid),
    /// It has the lease, and renews it before it generates. If that write succeeds, nobody else has taken the lease.
    Renewing(Bid),
    /// It has the lease, and asks Daraja for a token.
    Generating(Bid),
    /// It has the lease and a token that the record does not have yet.
    Publishing(Bid, Grant),
    /// It failed for good, and gives the lease back.
    Releasing(Bid, Failure),
    /// It asks Daraja for a token without the store.
    WithoutStore(Attempts),
}

/// A lease that a run has, or has tried to take.
#[derive(Clone, Copy, Debug, Hash)]
pub(super) struct Bid {
    /// One run has one identifier, so that a write whose fate was unknown, and that lands late, does not look like
    /// somebody else's.
    pub id: LeaseId,
    /// When this run saw in the record that it has the lease.
    pub taken_at: Option<MonotonicMillis>,
    /// The end of the lease as this run wrote it last. If the record has another one, or if this is none, the lease must
    /// be renewed before the next attempt.
    pub fence: Option<StoreMillis>,
    pub attempts: Attempts,
    /// Writes of the grant or the release.
    pub writes: u32,
}

/// Requests to Daraja.
#[derive(Clone, Copy, Debug, Default, Hash)]
pub(super) struct Attempts {
    pub reason: Reason,
    /// How many have failed.
    pub failed: u32,
    pub first_sent: Option<MonotonicMillis>,
    /// The next one is not sent before this: after the drain, or after the pause between attempts.
    pub next: Option<MonotonicMillis>,
}

/// A token that Daraja granted.
#[derive(Clone, Debug, Hash)]
pub(super) struct Grant {
    pub token: Token,
    /// When its request was sent, by the record's clock.
    pub obtained_at: StoreMillis,
    /// How long before its end it is to be renewed, less the jitter.
    pub early: Millis,
}

impl State {
    /// The lease that the run has, or has tried to take.
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

    /// The requests that it has sent, or is about to send.
    pub fn attempts(&self) -> Attempts {
        match self {
            Self::WithoutStore(attempts) => *attempts,
            _ => self.bid().map(|bid| bid.attempts).unwrap_or_default(),
        }
    }
}
