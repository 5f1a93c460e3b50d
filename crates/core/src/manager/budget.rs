//! The budget of replacements of rejected tokens.

use crate::manager::clock::StoreMillis;
use crate::manager::policy::Policy;
use crate::time::Millis;

/// The budget of replacements of rejected tokens: a bucket that is refilled over time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Budget {
    /// How many replacements are left.
    pub left: u32,
    /// The instant of the last refill.
    pub refilled_at: StoreMillis,
}

impl Budget {
    /// Takes one replacement out of the budget. The error is the wait until the next replacement.
    pub(super) fn spend(&mut self, policy: &Policy, now: StoreMillis) -> Result<(), Millis> {
        let Self { left, refilled_at } = *self;
        // A clock that was set back must not stop the refill.
        let refilled_at = refilled_at.min(now);
        let refill = policy.budget_refill.0.max(1);
        let back = refilled_at.until(now).0 / refill;
        let left = u64::from(left).saturating_add(back).min(policy.budget);
        let refilled_at = if left == policy.budget { now } else { refilled_at.after(Millis(back * refill)) };
        let Some(rest) = left.checked_sub(1) else {
            return Err(now.until(refilled_at.after(Millis(refill))));
        };
        *self = Self { left: rest as u32, refilled_at };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: Policy = Policy::DEFAULT;
    const NOW: StoreMillis = StoreMillis(1_000_000);

    fn later(ms: u64) -> StoreMillis {
        NOW.after(Millis(ms))
    }

    #[test]
    fn the_budget_is_refilled_over_time_up_to_its_size() {
        let mut budget = Budget { left: 10, refilled_at: NOW };
        for left in (0..10).rev() {
            assert_eq!(budget.spend(&POLICY, NOW), Ok(()));
            assert_eq!(budget, Budget { left, refilled_at: NOW });
        }
        assert_eq!(budget.spend(&POLICY, later(29_999)), Err(Millis(1)));
        assert_eq!(budget.spend(&POLICY, later(59_999)), Ok(()));
        assert_eq!(budget, Budget { left: 0, refilled_at: later(30_000) });
        assert_eq!(budget.spend(&POLICY, later(130_000)), Ok(()));
        assert_eq!(budget, Budget { left: 2, refilled_at: later(120_000) });
        assert_eq!(budget.spend(&POLICY, later(9_000_000)), Ok(()));
        assert_eq!(budget, Budget { left: 9, refilled_at: later(9_000_000) });
        // The clock was set back.
        assert_eq!(budget.spend(&POLICY, NOW), Ok(()));
        assert_eq!(budget, Budget { left: 8, refilled_at: NOW });
    }
}
