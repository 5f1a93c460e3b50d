//! The steps of an acquisition without a lease: end with a token, wait, fail, or try to take the lease.

use super::state::{Attempts, Bid, State};
use super::{Acquisition, Doing, Next};
use crate::manager::clock::Now;
use crate::manager::event::{EventType, Reason};
use crate::manager::failure::{Failure, FailureKind};
use crate::manager::id::LeaseId;
use crate::manager::member::Member;
use crate::time::Millis;

/// The acquisition waits for a back-off or cooldown of up to this length. A longer one is an error, as for Retry-After.
const MAX_COOLDOWN_WAIT: Millis = Millis(5_000);

impl Acquisition {
    /// Decides what to do without a lease.
    pub(super) fn without_lease(&mut self, member: &mut Member, now: &Now) -> Next {
        if member.is_closed() {
            return self.fail(member, FailureKind::Closed, now);
        }
        let is_late = now.monotonic >= self.deadline;
        let is_held = member.is_held(self.record.lease, self.reading, now);
        if member.is_usable(now, self.rejected_token.as_ref()) {
            return self.with_usable_token(member, is_held, is_late, now);
        }
        if is_late {
            return self.fail(member, FailureKind::Late, now);
        }
        if is_held {
            return self.wait_for_token(member, now);
        }
        self.begin_draft();
        let mut reason = Reason::Missing;
        if self.draft.token == self.rejected_token && member.is_usable(now, None) {
            reason = Reason::Rejected;
            self.draft.dead = true;
            if let Err(failure) = self.check_replacement(member) {
                member.emit(EventType::Rejected, Millis(0), None, Some(failure.code));
                return self.fail(member, failure, now);
            }
        }
        if let Some(failure) = member.refusal(now) {
            // A caller that waited for the attempt that failed gets its error.
            if member.has_failed_since(self.began) {
                return self.fail(member, failure, now);
            }
            return self.wait_or_fail(member, failure, now);
        }
        let cooldown = self.record.cooldown_left(&member.policy, self.reading.at());
        if cooldown > Millis(0) {
            return self.wait_or_fail(member, Failure::from(FailureKind::Cooldown).after(cooldown), now);
        }
        self.take_lease(member, reason, now)
    }

    /// Decides what to do with a usable token.
    fn with_usable_token(&mut self, member: &mut Member, is_held: bool, is_late: bool, now: &Now) -> Next {
        if !member.is_due(now) {
            member.revalidate_in_time(now);
            if self.differs && !is_held && !is_late {
                self.begin_draft();
                return self.swap(now);
            }
            return self.finish_with_token(member, now);
        }
        if is_held {
            let since = self.waited_since.unwrap_or(now.monotonic).min(member.held_since().unwrap_or(now.monotonic));
            let waited = since.until(now.monotonic);
            let left = member.policy.renewal_wait - waited;
            let blocks_callers = member.blocks_callers(now);
            if is_late || (left == Millis(0) && !blocks_callers) {
                return self.finish_with_token(member, now);
            }
            return self.wait(member, if blocks_callers { member.policy.longest_pause } else { left }, now);
        }
        let cooldown = self.record.cooldown_left(&member.policy, self.reading.at());
        let own_backoff = member.refusal(now).and_then(|failure| failure.retry_after).unwrap_or_default();
        if is_late || cooldown > Millis(0) || own_backoff > Millis(0) {
            member.revalidate_after(cooldown.max(own_backoff), now);
            return self.finish_with_token(member, now);
        }
        self.begin_draft();
        self.take_lease(member, Reason::Renewal, now)
    }

    /// Writes the draft with a lease.
    fn take_lease(&mut self, member: &Member, reason: Reason, now: &Now) -> Next {
        let fresh =
            || Bid { id: LeaseId(now.random), taken_at: None, fence: None, attempts: Attempts::default(), writes: 0 };
        let mut bid = self.state.bid().copied().unwrap_or_else(fresh);
        bid.attempts = Attempts { reason, failed: 0, next: None, ..bid.attempts };
        let next = self.write_lease(&mut bid, member, now);
        self.state = State::TakingLease(bid);
        next
    }

    /// Fails if a rejected token must not be replaced: the endpoint is in its cooldown, or the budget is used up.
    fn check_replacement(&mut self, member: &mut Member) -> Result<(), Failure> {
        let at = self.reading.at();
        if let Some(endpoint) = self.endpoint {
            self.draft
                .note_rejection(&member.policy, at, endpoint)
                .map_err(|wait| Failure::from(FailureKind::RejectedAgain).after(wait))?;
        }
        if let Err(wait) = self.draft.budget.spend(&member.policy, at) {
            member.emit(EventType::Contention, Millis(0), None, None);
            return Err(Failure::from(FailureKind::Exhausted).after(wait));
        }
        Ok(())
    }

    /// Waits if the failure may pass and the back-off or cooldown ends soon. Otherwise it fails, so that the caller can
    /// decide.
    fn wait_or_fail(&mut self, member: &mut Member, failure: Failure, now: &Now) -> Next {
        let cooldown = failure.retry_after.unwrap_or_default();
        let is_soon = cooldown <= MAX_COOLDOWN_WAIT && now.monotonic.after(cooldown) < self.deadline;
        if is_soon && failure.code.is_retryable() {
            // The pause has jitter, so that waiting members do not all try at once.
            self.waited_since.get_or_insert(now.monotonic);
            let pause = cooldown + now.part_of(member.policy.first_pause);
            return self.pause(Doing::Waiting, pause);
        }
        self.fail(member, failure, now)
    }
}
