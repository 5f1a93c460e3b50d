//! Three clocks that must not be confused: the wall clock, the monotonic clock, and the clock of the record.
//!
//! The wall clock ([`EpochMillis`]) jumps. The monotonic clock starts anywhere, never jumps, and on some systems stands
//! still while the machine sleeps. The record's clock is the store's if it has one, else the wall clock.

use core::num::NonZeroU64;

use crate::time::{EpochMillis, Millis, instant};

/// The resolution of [`Now::chance`], which uses 32 random bits.
const CHANCES: u64 = 1 << 32;

instant! {
    /// Milliseconds on the monotonic clock of this process, as `performance.now()` counts them.
    MonotonicMillis
}

instant! {
    /// Milliseconds as the instants in a record count them: by the store's clock if it has one, else by the wall clock.
    StoreMillis
}

/// The moment of a step by two clocks, and random bits.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    /// The wall clock.
    pub wall: EpochMillis,
    /// The monotonic clock.
    pub monotonic: MonotonicMillis,
    /// 53 random bits, new ones for each step. They become the identifiers of leases and histories.
    ///
    /// They must come from the system (`crypto.getRandomValues`): processes that start from one snapshot share the
    /// state of `Math.random`.
    pub random: NonZeroU64,
}

impl Now {
    /// A random part of a span.
    pub(super) fn part_of(&self, span: Millis) -> Millis {
        Millis(self.random.get() % span.0.saturating_add(1).max(1))
    }

    /// A random number from 0 to less than 1.
    pub(super) fn chance(&self) -> f64 {
        (self.random.get() % CHANCES) as f64 / CHANCES as f64
    }

    /// Half of a span and a random part of the other half, so that members that began together drift apart.
    pub(super) fn jittered(&self, span: Millis) -> Millis {
        let half = Millis(span.0 / 2);
        half + self.part_of(half)
    }
}

/// An instant on both clocks of this process. It has passed when either says so.
///
/// The monotonic clock notices a wall clock that was set back, and the wall clock notices that the machine slept. If
/// the wall clock was set forward, a token seems to have ended. This costs one load if the store has a clock, else one
/// token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Deadline {
    /// By the wall clock.
    pub wall: EpochMillis,
    /// By the monotonic clock.
    pub monotonic: MonotonicMillis,
}

impl Deadline {
    /// The instant a while from now.
    pub(super) fn after(now: &Now, span: Millis) -> Self {
        Self { wall: now.wall.after(span), monotonic: now.monotonic.after(span) }
    }

    /// How long it is until the first of the two clocks reaches it.
    pub(super) fn left(self, now: &Now) -> Millis {
        now.wall.until(self.wall).min(now.monotonic.until(self.monotonic))
    }

    /// Whether either clock has reached it.
    pub fn has_passed(self, now: &Now) -> bool {
        self.left(now) == Millis(0)
    }

    /// The instant that is earlier by this span.
    pub(super) fn before(self, span: Millis) -> Self {
        Self { wall: self.wall.before(span), monotonic: self.monotonic.before(span) }
    }

    /// The earlier of the two instants, on each clock.
    pub(super) fn min(self, other: Self) -> Self {
        Self { wall: self.wall.min(other.wall), monotonic: self.monotonic.min(other.monotonic) }
    }
}

/// The time of the record's clock in an answer of the store, read at some moment between request and answer.
///
/// That moment is unknown, so there are two estimates. Errors are on the safe side: tokens end early, leases end late.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Reading {
    at: StoreMillis,
    is_of_store: bool,
    asked: MonotonicMillis,
    answered: MonotonicMillis,
}

impl Reading {
    /// The reading in an answer that came now. If the store has no clock, the wall clock is read, which is exact.
    pub(super) fn new(store: Option<StoreMillis>, asked: MonotonicMillis, now: &Now) -> Self {
        let answered = now.monotonic;
        match store {
            Some(at) => Self { at, is_of_store: true, asked, answered },
            None => Self { at: StoreMillis(now.wall.0), is_of_store: false, asked: answered, answered },
        }
    }

    /// Whether the store has a clock.
    pub(super) fn is_of_store(self) -> bool {
        self.is_of_store
    }

    /// The time of the record's clock.
    pub(super) fn at(self) -> StoreMillis {
        self.at
    }

    /// The record's clock at that moment, or a little earlier.
    pub(super) fn at_least(self, moment: MonotonicMillis) -> StoreMillis {
        self.at.after(self.answered.until(moment)).before(moment.until(self.answered))
    }

    /// The record's clock at that moment, or a little later.
    pub(super) fn at_most(self, moment: MonotonicMillis) -> StoreMillis {
        self.at.after(self.asked.until(moment))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn random(number: u64) -> NonZeroU64 {
        NonZeroU64::new(number).unwrap()
    }

    fn now(wall: u64, monotonic: u64) -> Now {
        Now { wall: EpochMillis(wall), monotonic: MonotonicMillis(monotonic), random: random(75) }
    }

    #[test]
    fn a_deadline_passes_when_either_clock_reaches_it() {
        let deadline = Deadline::after(&now(1_000, 10), Millis(100));
        assert!(!deadline.has_passed(&now(1_099, 109)));
        assert!(deadline.has_passed(&now(500, 110)), "the wall clock was set back");
        assert!(deadline.has_passed(&now(1_100, 20)), "the machine slept");
        assert_eq!(deadline.left(&now(1_090, 20)), Millis(10));
        assert_eq!(deadline.left(&now(1_010, 105)), Millis(5));
    }

    #[test]
    fn before_and_min_apply_to_each_clock() {
        let deadline = Deadline::after(&now(1_000, 10), Millis(100));
        assert_eq!(deadline.before(Millis(50)), Deadline::after(&now(1_000, 10), Millis(50)));
        let other = Deadline::after(&now(900, 200), Millis(100));
        assert_eq!(deadline.min(other), Deadline { wall: EpochMillis(1_000), monotonic: MonotonicMillis(110) });
    }

    #[test]
    fn a_reading_gives_an_early_and_a_late_estimate() {
        let reading = Reading::new(Some(StoreMillis(5_000)), MonotonicMillis(100), &now(0, 140));
        assert_eq!(reading.at(), StoreMillis(5_000));
        assert_eq!(reading.at_least(MonotonicMillis(150)), StoreMillis(5_010));
        assert_eq!(reading.at_most(MonotonicMillis(150)), StoreMillis(5_050));
        assert_eq!(reading.at_least(MonotonicMillis(130)), StoreMillis(4_990));
    }

    #[test]
    fn if_the_store_has_no_clock_the_wall_clock_is_exact() {
        let reading = Reading::new(None, MonotonicMillis(100), &now(7_000, 140));
        assert_eq!(reading.at_least(MonotonicMillis(140)), StoreMillis(7_000));
        assert_eq!(reading.at_most(MonotonicMillis(140)), StoreMillis(7_000));
        assert_eq!(reading.at_least(MonotonicMillis(100)), StoreMillis(6_960));
    }

    #[test]
    fn random_numbers_stay_in_their_ranges() {
        for number in [1, 100, 101, u64::MAX] {
            let now = Now { random: random(number), ..now(0, 0) };
            assert!(now.part_of(Millis(100)) <= Millis(100));
            assert_eq!(now.part_of(Millis(0)), Millis(0));
            assert!(now.part_of(Millis(u64::MAX)) <= Millis(u64::MAX));
            assert!((50..=100).contains(&now.jittered(Millis(100)).0));
            assert!((0.0..1.0).contains(&now.chance()));
        }
        assert_eq!(Now { random: random((1 << 40) + (1 << 31)), ..now(0, 0) }.chance(), 0.5);
        assert_eq!(now(0, 0).part_of(Millis(100)), Millis(75));
        assert_eq!(now(0, 0).jittered(Millis(100)), Millis(74));
    }
}
