//! What a run does that has no lease: give, wait, fail, or try to take one.

use super::state::{Attempts, Bid, State};
use super::{Doing, Next, Run};
use crate::manager::clock::Now;
use crate::manager::failure::{Failure, Why};
use crate::manager::id::LeaseId;
use crate::manager::instance::Instance;
use crate::manager::notice::{Kind, Reason};
use crate::time::Millis;

/// Somebody else's trouble that is over sooner than this is waited for; beyond it, callers are told. As for Retry-After.
const LONGEST_QUIET: Millis = Millis(5_000);

impl Run {
    /// What to do without a lease.
    pub(super) fn without_lease(&mut self, instance: &mut Instance, now: &Now) -> Next {
        if instance.is_closed() {
            return self.fail(instance, Why::Closed, now);
        }
        let is_late = now.monotonic >= self.deadline;
        let is_held = instance.is_held(self.record.lease, self.reading, now);
        if instance.is_usable(now, self.bad.as_ref()) {
            return self.with_usable_token(instance, is_held, is_late, now);
        }
        if is_late {
            return self.fail(instance, Why::Late, now);
        }
        if is_held {
            return self.wait_for_token(instance, now);
        }
        self.begin_draft();
        let mut reason = Reason::Missing;
        if self.draft.token == self.bad && instance.is_usable(now, None) {
            reason = Reason::Rejected;
            self.draft.dead = true;
            if let Err(failure) = self.may_force(instance) {
                instance.notice(Kind::Rejected, Millis(0), None, Some(failure.code));
                return self.fail(instance, failure, now);
            }
        }
        if let Some(failure) = instance.refusal(now) {
            // Who waited for the attempt that failed shares its failure.
            if instance.has_failed_since(self.began) {
                return self.fail(instance, failure, now);
            }
            return self.after_trouble(instance, failure, now);
        }
        let quiet = self.record.quiet_for(&instance.policy, self.reading.at());
        if quiet > Millis(0) {
            return self.after_trouble(instance, Failure::from(Why::Quiet).after(quiet), now);
        }
        self.take_lease(instance, reason, now)
    }

    /// What to do with a usable token.
    fn with_usable_token(&mut self, instance: &mut Instance, is_held: bool, is_late: bool, now: &Now) -> Next {
        if !instance.is_due(now) {
            instance.look_again_in_time(now);
            if self.differs && !is_held && !is_late {
                self.begin_draft();
                return self.swap(now);
            }
            return self.give(instance, now);
        }
        if is_held {
            let since = self.waited_since.unwrap_or(now.monotonic).min(instance.held_since().unwrap_or(now.monotonic));
            let waited = since.until(now.monotonic);
            let left = instance.policy.renewal_wait - waited;
            let must_wait = instance.must_wait(now);
            if is_late || (left == Millis(0) && !must_wait) {
                return self.give(instance, now);
            }
            return self.wait(instance, if must_wait { instance.policy.longest_pause } else { left }, now);
        }
        let quiet = self.record.quiet_for(&instance.policy, self.reading.at());
        let own_quiet = instance.refusal(now).and_then(|failure| failure.retry_after).unwrap_or_default();
        if is_late || quiet > Millis(0) || own_quiet > Millis(0) {
            instance.look_again_after(quiet.max(own_quiet), now);
            return self.give(instance, now);
        }
        self.begin_draft();
        self.take_lease(instance, Reason::Renewal, now)
    }

    /// Tries to take the lease, with what stands in the draft.
    fn take_lease(&mut self, instance: &Instance, reason: Reason, now: &Now) -> Next {
        let fresh =
            || Bid { id: LeaseId(now.random), taken_at: None, fence: None, attempts: Attempts::default(), writes: 0 };
        let mut bid = self.state.bid().copied().unwrap_or_else(fresh);
        bid.attempts = Attempts { reason, failed: 0, next: None, ..bid.attempts };
        let next = self.write_lease(&mut bid, instance, now);
        self.state = State::TakingLease(bid);
        next
    }

    /// Whether the token may be replaced because it was refused: the endpoint must not be at fault, nor the bucket empty.
    fn may_force(&mut self, instance: &mut Instance) -> Result<(), Failure> {
        let at = self.reading.at();
        if let Some(endpoint) = self.endpoint {
            self.draft
                .refused(&instance.policy, at, endpoint)
                .map_err(|wait| Failure::from(Why::RefusedAgain).after(wait))?;
        }
        if let Err(wait) = self.draft.spend(&instance.policy, at) {
            instance.notice(Kind::Contention, Millis(0), None, None);
            return Err(Failure::from(Why::Exhausted).after(wait));
        }
        Ok(())
    }

    /// Nobody may generate for a while: a short one is waited for, a long one is the caller's to decide on.
    fn after_trouble(&mut self, instance: &mut Instance, failure: Failure, now: &Now) -> Next {
        let quiet = failure.retry_after.unwrap_or_default();
        let is_soon = quiet <= LONGEST_QUIET && now.monotonic.after(quiet) < self.deadline;
        if is_soon && failure.code.is_retryable() {
            // Not all at once when it is over.
            self.waited_since.get_or_insert(now.monotonic);
            let pause = quiet + now.part_of(instance.policy.first_pause);
            return self.pause(Doing::Waiting, pause);
        }
        self.fail(instance, failure, now)
    }
}
