//! What a run does when the store fails.

use super::state::{Attempts, State};
use super::{Doing, Next, Run};
use crate::manager::clock::Now;
use crate::manager::failure::{Failure, Why};
use crate::manager::instance::Instance;
use crate::manager::notice::Kind;
use crate::manager::policy::OnStoreDown;

impl Run {
    pub(super) fn store_failed(&mut self, instance: &mut Instance, now: &Now) -> Next {
        instance.notice(Kind::StoreError, self.asked.until(now.monotonic), None, None);
        let since = *self.trouble.get_or_insert(self.asked);
        let is_patient = since.until(now.monotonic) < instance.policy.store_patience && now.monotonic < self.deadline;
        if let State::Releasing(_, failure) = self.state {
            return self.end_of_failure(instance, failure, now);
        }
        let grant = if let State::Publishing(_, grant) = &self.state { Some(grant.clone()) } else { None };
        // If the write of a lease may have landed, the record is loaded before anything else.
        let is_free = grant.is_none() && (self.doing == Doing::Loading || matches!(self.state, State::WithoutLease));
        if is_free && self.can_use_live_token(instance, now) {
            return self.give(instance, now);
        }
        if is_patient {
            return self.wait(instance, instance.policy.longest_pause, now);
        }
        if let Some(grant) = grant {
            return self.use_unpublished(&grant, instance, now);
        }
        if self.can_use_live_token(instance, now) {
            return self.give(instance, now);
        }
        self.without_store(instance, now)
    }

    /// The stored value is not a record of this schema. Retrying does not help, and it must not be overwritten.
    pub(super) fn unreadable(&mut self, instance: &mut Instance, now: &Now) -> Next {
        instance.notice(Kind::StoreError, self.asked.until(now.monotonic), None, None);
        if let State::Publishing(_, grant) = &self.state {
            let grant = grant.clone();
            return self.use_unpublished(&grant, instance, now);
        }
        if self.can_use_live_token(instance, now) {
            return self.give(instance, now);
        }
        self.fail(instance, Why::Unreadable, now)
    }

    /// Without the store a living token is handed out to its end, and the store is left alone for a while.
    fn can_use_live_token(&self, instance: &mut Instance, now: &Now) -> bool {
        let is_alive = instance.is_alive(now, self.bad.as_ref());
        if is_alive {
            instance.look_again_after(instance.policy.revalidate_after, now);
        }
        is_alive
    }

    /// No usable token, no store.
    fn without_store(&mut self, instance: &mut Instance, now: &Now) -> Next {
        if instance.is_closed() || instance.policy.on_store_down == OnStoreDown::Fail || now.monotonic >= self.deadline
        {
            return self.fail(instance, Why::StoreUnavailable, now);
        }
        if let Some(failure) = instance.refusal(now) {
            return self.fail(instance, failure, now);
        }
        match instance.go_blind(now) {
            Ok(()) => {
                let reason = self.state.attempts().reason;
                let first_sent = Some(now.monotonic);
                self.state = State::WithoutStore(Attempts { reason, failed: 0, first_sent, next: None });
                self.generate()
            }
            Err(wait) => self.fail(instance, Failure::from(Why::StoreUnavailable).after(wait), now),
        }
    }
}
