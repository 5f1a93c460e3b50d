//! What a driver is to do next, and what it tells of it.

use alloc::boxed::Box;

use crate::manager::clock::{MonotonicMillis, StoreMillis};
use crate::manager::failure::Failure;
use crate::manager::record::Record;
use crate::time::Millis;
use crate::token::Token;

/// What happened to the effect of the last step.
#[derive(Debug)]
pub enum Event {
    /// Nothing yet: the run begins.
    Begun,
    /// The record, or that there is none.
    Loaded {
        /// The record.
        found: Option<Box<Record>>,
        /// The store's clock, where it has one.
        store: Option<StoreMillis>,
    },
    /// Whether the write took place.
    Swapped {
        /// False: the record has another version now.
        swapped: bool,
        /// The store's clock, where it has one.
        store: Option<StoreMillis>,
    },
    /// An operation of the store failed, or took too long. What became of a write is unknown.
    StoreFailed,
    /// The store holds something else than a record of [`SCHEMA`](crate::manager::SCHEMA).
    Unreadable,
    /// Daraja granted a token to a request that was sent then.
    Granted {
        /// The token.
        token: Token,
        /// When its request was sent.
        sent: MonotonicMillis,
    },
    /// The attempt brought no token.
    Failed(Failure),
    /// The wait is over, or there is a reason to look earlier: the store's watch, another run that completed.
    Woke,
}

/// What the driver is to do next, and to report as an [`Event`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Load the record, within [`Policy::store_timeout`](crate::manager::Policy::store_timeout).
    Load,
    /// Put [`Run::next`](crate::manager::Run::next) in the place of the record that was loaded or written last, by compare-and-swap, within the same
    /// time.
    Swap,
    /// Ask Daraja for a token, once, within [`Policy::timeout`](crate::manager::Policy::timeout).
    Generate,
    /// Wait so long. Waking earlier does no harm.
    Wait(Millis),
    /// Give this to whoever waits for the run. It is over.
    Complete(Result<Token, Failure>),
}
