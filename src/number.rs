//! Numbers between JavaScript, which has doubles, and the core, which has whole numbers of up to 53 bits.
//!
//! These are the only casts of the boundary. A cast from a double saturates, and makes NaN zero.

use daraja_auth_core::manager::{MonotonicMillis, StoreMillis};
use daraja_auth_core::time::{EpochMillis, Millis};

/// The double of a whole number.
pub fn double(number: u64) -> f64 {
    number as f64
}

/// The whole number of a double.
pub fn whole(double: f64) -> u64 {
    double as u64
}

/// A count, a status, and other numbers that fit into 32 bits.
pub fn count(double: f64) -> u32 {
    double as u32
}

/// A span in milliseconds.
pub fn millis(double: f64) -> Millis {
    Millis(whole(double))
}

/// An instant of the wall clock.
pub fn epoch(double: f64) -> EpochMillis {
    EpochMillis(whole(double))
}

/// An instant of the clock that never jumps.
pub fn monotonic(double: f64) -> MonotonicMillis {
    MonotonicMillis(whole(double))
}

/// An instant of the store's clock.
pub fn store(double: f64) -> StoreMillis {
    StoreMillis(whole(double))
}
