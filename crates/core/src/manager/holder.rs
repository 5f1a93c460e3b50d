//! What a run does that holds the lease: drain, fence, attempt, publish or release.

use crate::error::Code;
use crate::manager::clock::{MonotonicMillis, Now, Reading, StoreMillis};
use crate::manager::failure::{Failure, Why};
use crate::manager::id::LeaseId;
use crate::manager::instance::Instance;
use crate::manager::notice::{Kind, Reason};
use crate::manager::record::Lease;
use crate::manager::run::{Next, Run};
use crate::time::Millis;
use crate::token::Token;

/// A store that refuses to publish, though the lease is this run's, is asked so often.
const MOST_WRITES: u32 = 5;

/// What a run has as a holder of the lease.
#[derive(Clone, Debug, Default, Hash)]
pub(super) struct Holder {
    /// Identifies its lease, once it tried to take one. One run has one, so that a write whose fate was unknown, and
    /// that lands late, does not look like somebody else's.
    pub nonce: Option<LeaseId>,
    /// Whether the lease was seen to be its own.
    pub holds: bool,
    pub reason: Reason,
    pub taken_at: MonotonicMillis,
    /// The end of the lease as it last wrote it. If the record has another one, or if this is none, the fence is yet to
    /// be checked.
    pub fence: Option<StoreMillis>,
    /// Not before this: the drain, and the pauses between attempts.
    pub next_attempt: MonotonicMillis,
    pub attempts: u32,
    pub first_sent: MonotonicMillis,
    pub grant: Option<Grant>,
    pub failure: Option<Failure>,
    /// Writes of the grant or the release.
    pub writes: u32,
    /// Whether it generates without the store.
    pub is_blind: bool,
}

#[derive(Clone, Debug, Hash)]
pub(super) struct Grant {
    pub token: Token,
    /// When its request was sent, by the record's clock.
    pub obtained_at: StoreMillis,
    /// How long before its end it is to be renewed, less the jitter.
    pub early: Millis,
}

impl Run {
    /// Tries to take the lease, with what stands in the draft.
    pub(super) fn take_lease(&mut self, instance: &Instance, reason: Reason, now: &Now) -> Next {
        let holder = &mut self.holder;
        holder.reason = reason;
        holder.attempts = 0;
        holder.next_attempt = MonotonicMillis(0);
        self.write_lease(instance, now)
    }

    /// Writes the draft with this run's lease from now on: taken, or renewed.
    fn write_lease(&mut self, instance: &Instance, now: &Now) -> Next {
        let duration = instance.policy.lease();
        let until = self.reading.at_most(now.monotonic).after(duration);
        let holder = &mut self.holder;
        holder.fence = Some(until);
        let nonce = *holder.nonce.get_or_insert(LeaseId(now.random));
        self.draft.lease = Some(Lease { nonce, reason: holder.reason, duration, until });
        self.swap(now)
    }

    /// Whether the record says what this run was granted. While it still has the lease it does not: Daraja may have
    /// granted the token of the record once more.
    pub(super) fn is_published(&self) -> bool {
        let is_there = |grant: &Grant| self.record.token.as_ref() == Some(&grant.token.access_token);
        self.holder.grant.as_ref().is_some_and(is_there) && !self.record.is_leased_to(self.holder.nonce)
    }

    /// Compares what this run has with what the record says: whether it is, or was, the holder and has something to do.
    pub(super) fn settle(&mut self, instance: &mut Instance, now: &Now) -> bool {
        let holder = &mut self.holder;
        let is_leased = self.record.is_leased_to(holder.nonce);
        if is_leased && !holder.holds {
            holder.holds = true;
            holder.taken_at = now.monotonic;
            if holder.reason == Reason::Renewal {
                // What is in flight with the old token shall land before the new one kills it.
                holder.next_attempt = now.monotonic.after(instance.policy.drain);
                holder.fence = None;
            }
            if holder.reason == Reason::Rejected {
                instance.notice(Kind::Rejected, Millis(0), None, None);
            }
            let reason = Some(holder.reason);
            instance.notice(Kind::LeaseTaken, Millis(0), reason, None);
        }
        if is_leased || holder.failure.is_some() {
            return true;
        }
        if holder.holds {
            let held = holder.taken_at.until(now.monotonic);
            let reason = Some(holder.reason);
            holder.holds = false;
            // Another one may be at it since; whichever token lives, the record's is the one to agree on.
            holder.grant = None;
            instance.notice(Kind::LeaseLost, held, reason, None);
        }
        false
    }

    /// Goes on as the holder.
    pub(super) fn hold(&mut self, instance: &mut Instance, now: &Now) -> Next {
        if self.holder.grant.is_some() {
            return self.publish(instance, now);
        }
        if let Some(failure) = self.holder.failure {
            if self.record.is_leased_to(self.holder.nonce) && self.holder.writes < MOST_WRITES {
                return self.release(instance, now);
            }
            self.holder.failure = None;
            return self.end_of_failure(instance, failure, now);
        }
        self.attempt(instance, now)
    }

    /// Generates, when the drain or the pause is over and the fence holds.
    pub(super) fn attempt(&mut self, instance: &mut Instance, now: &Now) -> Next {
        let rest = now.monotonic.until(self.holder.next_attempt);
        if rest > Millis(0) && !instance.is_closed() {
            return self.rest(rest);
        }
        if self.holder.is_blind {
            return self.generate();
        }
        let is_fenced = self.record.lease.map(|lease| lease.until) == self.holder.fence;
        let held = self.holder.taken_at.until(now.monotonic);
        let why = if instance.is_closed() {
            Some(Why::Closed)
        } else if !is_fenced && held > instance.policy.deadline {
            // A store that never lets the lease be renewed must not keep the run going for ever.
            Some(Why::Late)
        } else {
            None
        };
        if let Some(why) = why {
            self.holder.failure = Some(why.into());
            return self.release(instance, now);
        }
        if !is_fenced {
            self.copy();
            return self.write_lease(instance, now);
        }
        if self.holder.attempts == 0 {
            self.holder.first_sent = now.monotonic;
        }
        self.generate()
    }

    pub(super) fn granted(&mut self, instance: &mut Instance, token: Token, sent: MonotonicMillis, now: &Now) -> Next {
        let early = instance.policy.early_of(Millis(u64::from(token.expires_in) * 1000));
        let jitter = now.part_of(Millis(early.0 / 10));
        let early = Millis(early.0.saturating_sub(jitter.0));
        self.holder.writes = 0;
        if self.holder.is_blind {
            self.record = instance.last_known(now);
            self.reading = Reading::new(None, now.monotonic, now);
        }
        // Now, while the two clocks still agree: the machine may sleep before this is published.
        let obtained_at = self.reading.at_least(sent);
        self.holder.grant = Some(Grant { token, obtained_at, early });
        if self.holder.is_blind { self.keep(instance, now) } else { self.publish(instance, now) }
    }

    pub(super) fn attempt_failed(&mut self, instance: &mut Instance, mut failure: Failure, now: &Now) -> Next {
        let holder = &mut self.holder;
        holder.attempts = holder.attempts.saturating_add(1);
        failure.attempts = holder.attempts;
        // The next attempt checks the fence again.
        holder.fence = None;
        if let Some(pause) =
            instance.policy.retry.pause(failure.code, failure.retry_after, holder.attempts, now.chance())
        {
            let next = now.monotonic.after(pause);
            if self.is_before_deadline(next) {
                self.holder.next_attempt = next;
                return self.rest(pause);
            }
        }
        if self.holder.is_blind {
            instance.remember(failure, None, now);
            return self.fail(instance, failure, now);
        }
        let gap = self.quiet_after(instance, failure);
        instance.remember(failure, gap, now);
        self.holder.failure = Some(failure);
        self.holder.writes = 0;
        self.release(instance, now)
    }

    /// Lets the lease go.
    fn release(&mut self, instance: &Instance, now: &Now) -> Next {
        self.holder.writes += 1;
        self.copy();
        self.draft.lease = None;
        let gap = self.holder.failure.and_then(|failure| self.quiet_after(instance, failure));
        if let Some(gap) = gap {
            self.draft.failures = self.draft.failures.saturating_add(1);
            self.draft.not_before = self.reading.at_most(now.monotonic).after(gap);
        }
        self.swap(now)
    }

    /// How long the fleet is quiet after that. What Daraja said to one holds for all; what one met on the way to
    /// Daraja, or with its own credentials, does not.
    fn quiet_after(&self, instance: &Instance, failure: Failure) -> Option<Millis> {
        let is_darajas = matches!(failure.code, Code::RateLimited | Code::Unavailable);
        is_darajas.then(|| self.record.gap(&instance.policy, failure.retry_after.unwrap_or_default()))
    }

    /// The lease is gone, or left to run out: the old token if it still lives, or the error.
    pub(super) fn end_of_failure(&mut self, instance: &mut Instance, failure: Failure, now: &Now) -> Next {
        let is_usable = failure.why != Why::Closed && instance.is_usable(now, self.bad.as_ref());
        if is_usable { self.give(instance, now) } else { self.fail(instance, failure, now) }
    }

    fn publish(&mut self, instance: &mut Instance, now: &Now) -> Next {
        if self.holder.writes >= MOST_WRITES {
            return self.keep(instance, now);
        }
        self.holder.writes += 1;
        self.write_successor();
        self.swap(now)
    }

    /// Drafts the record with the token that was granted.
    fn write_successor(&mut self) {
        self.copy();
        let next = &mut self.draft;
        if let Some(Grant { token, obtained_at, early }) = &self.holder.grant {
            next.epoch = next.epoch.saturating_add(1);
            next.token = Some(token.access_token.clone());
            next.obtained_at = *obtained_at;
            next.expires_at = next.obtained_at.after(Millis(u64::from(token.expires_in) * 1000));
            next.rotate_at = next.expires_at.before(*early);
        }
        next.dead = false;
        next.lease = None;
        next.not_before = StoreMillis(0);
        next.failures = 0;
    }

    pub(super) fn published(&mut self, instance: &mut Instance, now: &Now) -> Next {
        self.tell(instance, now);
        self.holder.grant = None;
        self.holder.holds = false;
        if self.record.token == self.bad {
            // The same token once more, which is refused.
            return self.fail(instance, Failure::from(Why::RefusedAgain).after(instance.policy.refusal_gap), now);
        }
        if !instance.is_usable(now, None) {
            // It took so long to agree on it that it has ended.
            return self.seek(instance, now);
        }
        instance.look_again_in_time(now);
        self.give(instance, now)
    }

    /// The token lives, but the others cannot be told: they will be, by whoever looks at the record next.
    pub(super) fn keep(&mut self, instance: &mut Instance, now: &Now) -> Next {
        self.write_successor();
        instance.adopt(&self.draft, self.reading, now, true);
        if let Some(grant) = self.holder.grant.take() {
            // The store had nothing to say of the time, and the machine may have slept.
            instance.ends_by(grant.token.expires_at);
        }
        instance.look_again_after(instance.policy.look_up, now);
        self.tell(instance, now);
        if instance.is_alive(now, self.bad.as_ref()) {
            return self.give(instance, now);
        }
        self.fail(instance, Why::StoreUnavailable, now)
    }

    fn tell(&self, instance: &mut Instance, now: &Now) {
        instance.forget_failure();
        let kind = if self.holder.reason == Reason::Renewal { Kind::Renewed } else { Kind::Generated };
        instance.notice(kind, self.holder.first_sent.until(now.monotonic), Some(self.holder.reason), None);
    }
}
