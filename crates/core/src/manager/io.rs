//! The tasks of a driver, and the results that it reports.

use alloc::boxed::Box;

use crate::manager::clock::{MonotonicMillis, StoreMillis};
use crate::manager::failure::Failure;
use crate::manager::record::Record;
use crate::time::Millis;
use crate::token::Token;

/// The result of the last output.
#[derive(Debug)]
pub enum Input {
    /// The acquisition begins.
    Begun,
    /// The load has ended: with the record, or without one.
    Loaded {
        /// The record.
        found: Option<Box<Record>>,
        /// The store's clock, if it has one.
        store: Option<StoreMillis>,
    },
    /// The compare-and-swap has ended.
    Swapped {
        /// Whether it wrote the record. If not, the record has another version now.
        swapped: bool,
        /// The store's clock, if it has one.
        store: Option<StoreMillis>,
    },
    /// An operation of the store failed, or took too long. A write may have taken place.
    StoreFailed,
    /// The store holds something that is not a record of [`SCHEMA`](crate::manager::SCHEMA), or its error is final.
    Unreadable,
    /// Daraja granted a token.
    Granted {
        /// The token.
        token: Token,
        /// When its request was sent.
        sent: MonotonicMillis,
    },
    /// The attempt brought no token.
    Failed(Failure),
    /// The wait is over, or there is a reason to load the record earlier: the store's watch, or another acquisition
    /// that ended.
    Woke,
}

/// The next task of the driver. It reports the result as an [`Input`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Output {
    /// Load the record, within [`Policy::store_timeout`](crate::manager::Policy::store_timeout).
    Load,
    /// Replace the record that was loaded or written last with
    /// [`Acquisition::next`](crate::manager::Acquisition::next), by compare-and-swap, within the same time.
    Swap,
    /// Ask Daraja for a token, once, within [`Policy::timeout`](crate::manager::Policy::timeout).
    Generate,
    /// Wait this long. Waking earlier does no harm.
    Wait(Millis),
    /// The acquisition is over. Give this to its callers.
    Complete(Result<Token, Failure>),
}
