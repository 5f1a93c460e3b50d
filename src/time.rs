//! Instants. The core has no clock: every instant is handed to it.

use std::time::Duration;

/// Milliseconds since the Unix epoch, as `Date.now()` counts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EpochMillis(pub u64);

impl EpochMillis {
    /// The instant a while later; the end of time where there is none.
    #[must_use]
    pub fn after(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)))
    }

    /// How long it is from here to a later instant; nothing for an earlier one.
    #[must_use]
    pub const fn until(self, later: Self) -> Duration {
        Duration::from_millis(later.0.saturating_sub(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adding_stops_at_the_end_of_time() {
        assert_eq!(EpochMillis(1).after(Duration::from_secs(2)), EpochMillis(2001));
        assert_eq!(EpochMillis(1).after(Duration::MAX), EpochMillis(u64::MAX));
    }

    #[test]
    fn the_time_until_an_earlier_instant_is_nothing() {
        assert_eq!(EpochMillis(5).until(EpochMillis(12)), Duration::from_millis(7));
        assert_eq!(EpochMillis(12).until(EpochMillis(5)), Duration::ZERO);
    }
}
