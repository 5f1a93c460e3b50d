//! Instants and spans. The core has no clock: every instant is an argument.

use core::ops::{Add, Sub};

/// A span of time in milliseconds. Sums and differences saturate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
pub struct Millis(pub u64);

impl Millis {
    /// No time.
    pub const ZERO: Self = Self(0);

    /// A span in seconds.
    pub const fn from_secs(seconds: u32) -> Self {
        Self(seconds as u64 * 1000)
    }
}

impl Add for Millis {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Millis {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

/// Defines the instants of a clock. Each clock has a type of its own, so that the compiler keeps them apart.
macro_rules! instant {
    ($(#[$attribute:meta])* $name:ident) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u64);

        impl $name {
            /// The instant after a span. It is the last possible instant if the span is too long.
            pub const fn after(self, span: Millis) -> Self {
                Self(self.0.saturating_add(span.0))
            }

            /// The instant before a span. It is the first possible instant if the span is too long.
            pub const fn before(self, span: Millis) -> Self {
                Self(self.0.saturating_sub(span.0))
            }

            /// The span from here to a later instant. It is zero for an earlier instant.
            pub const fn until(self, later: Self) -> Millis {
                Millis(later.0.saturating_sub(self.0))
            }
        }
    };
}
pub(crate) use instant;

instant! {
    /// Milliseconds since the Unix epoch, as `Date.now()` counts them.
    #[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
    EpochMillis
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_and_spans_saturate() {
        assert_eq!(EpochMillis(1).after(Millis(2_000)), EpochMillis(2_001));
        assert_eq!(EpochMillis(1).after(Millis(u64::MAX)), EpochMillis(u64::MAX));
        assert_eq!(EpochMillis(9).before(Millis(2)), EpochMillis(7));
        assert_eq!(EpochMillis(9).before(Millis(10)), EpochMillis(0));
        assert_eq!(Millis(1) + Millis(2), Millis(3));
        assert_eq!(Millis(1) + Millis(u64::MAX), Millis(u64::MAX));
        assert_eq!(Millis(3) - Millis(2), Millis(1));
        assert_eq!(Millis(2) - Millis(3), Millis::ZERO);
        assert_eq!(Millis::from_secs(u32::MAX), Millis(4_294_967_295_000));
    }

    #[test]
    fn the_time_until_an_earlier_instant_is_zero() {
        assert_eq!(EpochMillis(5).until(EpochMillis(12)), Millis(7));
        assert_eq!(EpochMillis(12).until(EpochMillis(5)), Millis(0));
    }
}
