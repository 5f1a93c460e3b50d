//! Identifiers in the record. Each has its own type, so that the compiler finds a mix-up.
//!
//! Each is a number of up to 53 bits, and hexadecimal text in the record.

use core::num::NonZeroU64;

/// Identifies a history of the record. Epochs of two histories cannot be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HistoryId(pub NonZeroU64);

/// Identifies a lease. It is random, so that two acquisitions never have the same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LeaseId(pub NonZeroU64);

/// The hash of an API's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EndpointHash(pub NonZeroU64);

impl HistoryId {
    /// The identifier of that number. Zero identifies nothing.
    pub fn new(number: u64) -> Option<Self> {
        NonZeroU64::new(number).map(Self)
    }
}

impl LeaseId {
    /// The identifier of that number. Zero identifies nothing.
    pub fn new(number: u64) -> Option<Self> {
        NonZeroU64::new(number).map(Self)
    }
}

impl EndpointHash {
    /// The hash of that number. Zero is the hash of no endpoint.
    pub fn new(number: u64) -> Option<Self> {
        NonZeroU64::new(number).map(Self)
    }
}
