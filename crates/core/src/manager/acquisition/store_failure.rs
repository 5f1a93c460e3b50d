//! The steps of an acquisition when the store fails.

use super::state::{Attempts, State};
use super::{Acquisition, Doing, Next};
use crate::manager::clock::Now;
use crate::manager::event::EventType;
use crate::manager::failure::{Failure, FailureKind};
use crate::manager::member::Member;
use crate::manager::policy::OnStoreDown;

impl Acquisition {
    pub(super) fn store_failed(&mut self, member: &mut Member, now: &Now) -> Next {
        member.emit(EventType::StoreError, self.asked.until(now.monotonic), None, None);
        let since = *self.store_fails_since.get_or_insert(self.asked);
        let is_patient = since.until(now.monotonic) < member.policy.store_patience && now.monotonic < self.deadline;
        if let State::Releasing(_, failure) = self.state {
            return self.end_of_failure(member, failure, now);
        }
        let grant = if let State::Publishing(_, grant) = &self.state { Some(grant.clone()) } else { None };
        // If the write of a lease may have reached the store, the record is loaded first, unless patience is over.
        let is_free = grant.is_none() && (self.doing == Doing::Loading || matches!(self.state, State::WithoutLease));
        if is_free && self.can_use_live_token(member, now) {
            return self.finish_with_token(member, now);
        }
        if is_patient {
            return self.wait(member, member.policy.longest_pause, now);
        }
        if let Some(grant) = grant {
            return self.use_unpublished(&grant, member, now);
        }
        if self.can_use_live_token(member, now) {
            return self.finish_with_token(member, now);
        }
        self.without_store(member, now)
    }

    /// The stored value is not a record of this schema, or the store's error is final. Another load does not help, and
    /// the value must not be overwritten.
    pub(super) fn unreadable(&mut self, member: &mut Member, now: &Now) -> Next {
        member.emit(EventType::StoreError, self.asked.until(now.monotonic), None, None);
        if let State::Publishing(_, grant) = &self.state {
            let grant = grant.clone();
            return self.use_unpublished(&grant, member, now);
        }
        if self.can_use_live_token(member, now) {
            return self.finish_with_token(member, now);
        }
        self.fail(member, FailureKind::Unreadable, now)
    }

    /// Whether the token in the cache is still valid. If so, callers get it, and the store is not asked for a while.
    fn can_use_live_token(&self, member: &mut Member, now: &Now) -> bool {
        let is_alive = member.is_alive(now, self.rejected_token.as_ref());
        if is_alive {
            member.revalidate_after(member.policy.revalidate_after, now);
        }
        is_alive
    }

    /// Fails, or generates without the store if the policy says so.
    fn without_store(&mut self, member: &mut Member, now: &Now) -> Next {
        if member.is_closed() || member.policy.on_store_down == OnStoreDown::Fail || now.monotonic >= self.deadline {
            return self.fail(member, FailureKind::StoreUnavailable, now);
        }
        if let Some(failure) = member.refusal(now) {
            return self.fail(member, failure, now);
        }
        match member.begin_without_store(now) {
            Ok(()) => {
                let reason = self.state.attempts().reason;
                let first_sent = Some(now.monotonic);
                self.state = State::WithoutStore(Attempts { reason, failed: 0, first_sent, next: None });
                self.generate()
            }
            Err(wait) => self.fail(member, Failure::from(FailureKind::StoreUnavailable).after(wait), now),
        }
    }
}
