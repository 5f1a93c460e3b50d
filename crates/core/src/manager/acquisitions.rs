//! The running acquisitions of a member, by number.

use alloc::vec::Vec;

use crate::manager::acquisition::Acquisition;
use crate::manager::clock::Now;
use crate::time::Millis;

/// An acquisition is forgotten this long after its deadline. A driver that comes back later does not find it.
const FORGOTTEN_AFTER: Millis = Millis(3_600_000);

/// The running acquisitions. A platform that cancels a request also drops the driver of its acquisition, without any
/// notice. Such an acquisition stays until another one begins an hour or more after the deadline of the first.
#[derive(Debug, Default)]
pub struct Acquisitions {
    runs: Vec<(u32, Acquisition)>,
    last: u32,
}

impl Acquisitions {
    /// Adds an acquisition, and gives its number. Each number is used once.
    pub fn begin(&mut self, run: Acquisition, now: &Now) -> u32 {
        self.runs.retain(|(_, run)| now.monotonic < run.deadline.after(FORGOTTEN_AFTER));
        self.last = self.last.wrapping_add(1);
        self.runs.push((self.last, run));
        self.last
    }

    /// The acquisition of that number, unless it has ended or is forgotten.
    pub fn get(&mut self, number: u32) -> Option<&mut Acquisition> {
        self.runs.iter_mut().find(|(known, _)| *known == number).map(|(_, run)| run)
    }

    /// Drops an acquisition that has ended.
    pub fn end(&mut self, number: u32) {
        self.runs.retain(|(known, _)| *known != number);
    }
}

#[cfg(test)]
mod tests {
    use core::num::NonZeroU64;

    use super::*;
    use crate::manager::MonotonicMillis;
    use crate::time::EpochMillis;

    fn at(monotonic: u64) -> Now {
        Now { wall: EpochMillis(monotonic), monotonic: MonotonicMillis(monotonic), random: NonZeroU64::MIN }
    }

    #[test]
    fn each_acquisition_has_its_own_number_which_is_not_used_again() {
        let mut runs = Acquisitions::default();
        let [first, second] =
            [5000, 6000].map(|deadline| runs.begin(Acquisition::get(MonotonicMillis(deadline)), &at(0)));
        runs.end(first);
        assert!(runs.get(first).is_none());
        assert!(runs.get(second).is_some_and(|run| !run.is_before_deadline(MonotonicMillis(6000))));
        let third = runs.begin(Acquisition::get(MonotonicMillis(5000)), &at(0));
        assert!(third != first && third != second);
    }

    #[test]
    fn an_acquisition_is_forgotten_an_hour_after_its_deadline() {
        let mut runs = Acquisitions::default();
        let number = runs.begin(Acquisition::get(MonotonicMillis(5000)), &at(0));
        runs.begin(Acquisition::get(MonotonicMillis(9_000_000)), &at(3_604_999));
        assert!(runs.get(number).is_some());
        runs.begin(Acquisition::get(MonotonicMillis(9_000_000)), &at(3_605_000));
        assert!(runs.get(number).is_none());
        assert_eq!(runs.runs.len(), 2);
    }
}
