//! What a run does when the store fails.

use crate::manager::clock::Now;
use crate::manager::failure::{Failure, Why};
use crate::manager::instance::Instance;
use crate::manager::notice::Kind;
use crate::manager::policy::OnStoreDown;
use crate::manager::run::{Doing, Next, Run};

impl Run {
    pub(super) fn store_failed(&mut self, instance: &mut Instance, now: &Now) -> Next {
        instance.notice(Kind::StoreError, self.asked.until(now.monotonic), None, None);
        let since = *self.trouble.get_or_insert(self.asked);
        let is_patient = since.until(now.monotonic) < instance.policy.store_patience && now.monotonic < self.deadline;
        if let Some(failure) = self.holder.failure.take() {
            return self.end_of_failure(instance, failure, now);
        }
        let has_grant = self.holder.grant.is_some();
        // Who may hold a lease first asks what became of it.
        let is_free = !has_grant && (self.doing == Doing::Loading || self.holder.nonce.is_none());
        if is_free && self.has_last_resort(instance, now) {
            return self.give(instance, now);
        }
        if is_patient {
            return self.wait(instance, instance.policy.longest_pause, now);
        }
        if has_grant {
            return self.keep(instance, now);
        }
        if self.has_last_resort(instance, now) {
            return self.give(instance, now);
        }
        self.without_store(instance, now)
    }

    /// What the store holds is none of ours: that does not pass, and is not written over.
    pub(super) fn unreadable(&mut self, instance: &mut Instance, now: &Now) -> Next {
        instance.notice(Kind::StoreError, self.asked.until(now.monotonic), None, None);
        if self.holder.grant.is_some() {
            return self.keep(instance, now);
        }
        if self.has_last_resort(instance, now) {
            return self.give(instance, now);
        }
        self.fail(instance, Why::Unreadable, now)
    }

    /// Without the store a living token is handed out to its end, and the store is left alone for a while.
    fn has_last_resort(&self, instance: &mut Instance, now: &Now) -> bool {
        let is_alive = instance.is_alive(now, self.bad.as_ref());
        if is_alive {
            instance.look_again_after(instance.policy.look_up, now);
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
                self.holder.is_blind = true;
                self.holder.attempts = 0;
                self.holder.first_sent = now.monotonic;
                self.holder.next_attempt = now.monotonic;
                self.generate()
            }
            Err(wait) => self.fail(instance, Failure::from(Why::StoreUnavailable).after(wait), now),
        }
    }
}
