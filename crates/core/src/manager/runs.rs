//! The runs of an instance that go on, by number.

use alloc::vec::Vec;

use crate::manager::acquisition::Run;
use crate::manager::clock::Now;
use crate::time::Millis;

/// So long after its deadline no driver comes back to a run.
const FORGOTTEN_AFTER: Millis = Millis(3_600_000);

/// The runs that go on. A platform that cancels a request drops what drove its run, and tells nobody: such a run is
/// forgotten an hour after its deadline.
#[derive(Debug, Default)]
pub struct Runs {
    runs: Vec<(u32, Run)>,
    last: u32,
}

impl Runs {
    /// Adds a run, and gives its number, which was no other's.
    pub fn begin(&mut self, run: Run, now: &Now) -> u32 {
        self.runs.retain(|(_, run)| now.monotonic < run.deadline.after(FORGOTTEN_AFTER));
        self.last = self.last.wrapping_add(1);
        self.runs.push((self.last, run));
        self.last
    }

    /// The run of that number, unless it has ended or is forgotten.
    pub fn get(&mut self, number: u32) -> Option<&mut Run> {
        self.runs.iter_mut().find(|(known, _)| *known == number).map(|(_, run)| run)
    }

    /// Drops a run that has completed.
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
    fn each_run_has_a_number_of_its_own_and_none_once_it_has_ended() {
        let mut runs = Runs::default();
        let [first, second] = [5000, 6000].map(|deadline| runs.begin(Run::get(MonotonicMillis(deadline)), &at(0)));
        runs.end(first);
        assert!(runs.get(first).is_none());
        assert!(runs.get(second).is_some_and(|run| !run.is_before_deadline(MonotonicMillis(6000))));
        let third = runs.begin(Run::get(MonotonicMillis(5000)), &at(0));
        assert!(third != first && third != second);
    }

    #[test]
    fn a_run_that_nobody_drives_any_more_is_forgotten_an_hour_after_its_deadline() {
        let mut runs = Runs::default();
        let number = runs.begin(Run::get(MonotonicMillis(5000)), &at(0));
        runs.begin(Run::get(MonotonicMillis(9_000_000)), &at(3_604_999));
        assert!(runs.get(number).is_some());
        runs.begin(Run::get(MonotonicMillis(9_000_000)), &at(3_605_000));
        assert!(runs.get(number).is_none());
        assert_eq!(runs.runs.len(), 2);
    }
}
