//! Instants and spans. The core has no clock: every instant is handed to it.

/// A span of time in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
pub struct Millis(pub u64);

/// Milliseconds since the Unix epoch, as `Date.now()` counts them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
pub struct EpochMillis(pub u64);

impl EpochMillis {
    /// The instant a while later; the end of time where there is none.
    #[must_use]
    pub const fn after(self, span: Millis) -> Self {
        Self(self.0.saturating_add(span.0))
    }

    /// How long it is from here to a later instant; nothing for an earlier one.
    #[must_use]
    pub const fn until(self, later: Self) -> Millis {
        Millis(later.0.saturating_sub(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adding_stops_at_the_end_of_time() {
        assert_eq!(EpochMillis(1).after(Millis(2_000)), EpochMillis(2_001));
        assert_eq!(EpochMillis(1).after(Millis(u64::MAX)), EpochMillis(u64::MAX));
    }

    #[test]
    fn the_time_until_an_earlier_instant_is_nothing() {
        assert_eq!(EpochMillis(5).until(EpochMillis(12)), Millis(7));
        assert_eq!(EpochMillis(12).until(EpochMillis(5)), Millis(0));
    }
}
