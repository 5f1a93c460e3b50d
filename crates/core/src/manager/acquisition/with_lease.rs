//! What a run does that has the lease: drain, renew, generate, publish or release.

use super::state::{Attempts, Bid, Grant, State};
use super::{Next, Run};
use crate::error::Code;
use crate::manager::clock::{MonotonicMillis, Now, Reading};
use crate::manager::failure::{Failure, Why};
use crate::manager::instance::Instance;
use crate::manager::notice::{Kind, Reason};
use crate::manager::record::Lease;
use crate::time::Millis;
use crate::token::Token;

/// If the store loses as many writes to other versions, though the lease is this run's, the run gives up.
const MOST_WRITES: u32 = 5;

impl Run {
    /// Writes the draft with this run's lease from now on: taken, or renewed.
    pub(super) fn write_lease(&mut self, bid: &mut Bid, instance: &Instance, now: &Now) -> Next {
        let duration = instance.policy.lease();
        let until = self.reading.at_most(now.monotonic).after(duration);
        bid.fence = Some(until);
        self.draft.lease = Some(Lease { nonce: bid.id, reason: bid.attempts.reason, duration, until });
        self.swap(now)
    }

    /// Whether the record says what this run was granted. While it still has the lease it does not: Daraja may have
    /// granted the token of the record once more.
    pub(super) fn is_published(&self) -> bool {
        let State::Publishing(bid, grant) = &self.state else { return false };
        self.record.token.as_ref() == Some(&grant.token.access_token) && !self.record.is_leased_to(bid.id)
    }

    /// Compares what this run has with what the record says: whether it is, or was, the holder and has something to do.
    pub(super) fn confirm_ownership(&mut self, instance: &mut Instance, now: &Now) -> bool {
        let Some(&bid) = self.state.bid() else { return false };
        let is_leased = self.record.is_leased_to(bid.id);
        match self.state {
            State::TakingLease(_) if is_leased => self.begin_to_hold(bid, instance, now),
            State::TakingLease(_) => return false,
            State::Releasing(..) => {}
            _ if is_leased => {}
            _ => {
                // Another one may be at it since; whichever token lives, the record's is the one to agree on.
                self.state = State::TakingLease(bid);
                let held = bid.taken_at.map_or(Millis::ZERO, |at| at.until(now.monotonic));
                instance.notice(Kind::LeaseLost, held, Some(bid.attempts.reason), None);
                return false;
            }
        }
        true
    }

    /// The record says that this run has the lease.
    fn begin_to_hold(&mut self, mut bid: Bid, instance: &mut Instance, now: &Now) {
        let reason = bid.attempts.reason;
        bid.taken_at = Some(now.monotonic);
        if reason == Reason::Renewal {
            // What is in flight with the old token shall land before the new one kills it.
            bid.attempts.next = Some(now.monotonic.after(instance.policy.drain));
            bid.fence = None;
        }
        if reason == Reason::Rejected {
            instance.notice(Kind::Rejected, Millis(0), None, None);
        }
        instance.notice(Kind::LeaseTaken, Millis(0), Some(reason), None);
        self.state = State::Draining(bid);
    }

    /// Goes on as the holder.
    pub(super) fn with_lease(&mut self, instance: &mut Instance, now: &Now) -> Next {
        match self.state {
            State::Publishing(..) => self.publish(instance, now),
            State::Releasing(bid, failure) => {
                if self.record.is_leased_to(bid.id) && bid.writes < MOST_WRITES {
                    return self.release(bid, failure, instance, now);
                }
                self.end_of_failure(instance, failure, now)
            }
            _ => self.attempt(instance, now),
        }
    }

    /// Generates, when the drain or the pause is over and the lease is renewed.
    pub(super) fn attempt(&mut self, instance: &mut Instance, now: &Now) -> Next {
        let rest = self.state.attempts().next.map_or(Millis::ZERO, |next| now.monotonic.until(next));
        let is_resting = rest > Millis(0) && !instance.is_closed();
        let Some(&(mut bid)) = self.state.bid() else {
            return if is_resting { self.rest(rest) } else { self.generate() };
        };
        if is_resting {
            self.state = State::Draining(bid);
            return self.rest(rest);
        }
        let is_fenced = self.record.lease.map(|lease| lease.until) == bid.fence;
        if instance.is_closed() {
            return self.release(bid, Why::Closed.into(), instance, now);
        }
        if !is_fenced {
            // A store that never lets the lease be renewed must not keep the run going for ever.
            if bid.taken_at.is_some_and(|at| at.until(now.monotonic) > instance.policy.deadline) {
                return self.release(bid, Why::Late.into(), instance, now);
            }
            self.begin_draft();
            let next = self.write_lease(&mut bid, instance, now);
            self.state = State::Renewing(bid);
            return next;
        }
        if bid.attempts.failed == 0 {
            bid.attempts.first_sent = Some(now.monotonic);
        }
        self.state = State::Generating(bid);
        self.generate()
    }

    pub(super) fn granted(&mut self, instance: &mut Instance, token: Token, sent: MonotonicMillis, now: &Now) -> Next {
        let early = instance.policy.early_of(Millis::from_secs(token.expires_in));
        let jitter = now.part_of(Millis(early.0 / 10));
        let early = early - jitter;
        let Some(&bid) = self.state.bid() else {
            self.reading = Reading::new(None, now.monotonic, now);
            self.record = instance.last_known(self.reading, now);
            let grant = Grant { token, obtained_at: self.reading.at_least(sent), early };
            return self.use_unpublished(&grant, instance, now);
        };
        // Now, while the two clocks still agree: the machine may sleep before this is published.
        let obtained_at = self.reading.at_least(sent);
        self.state = State::Publishing(Bid { writes: 0, ..bid }, Grant { token, obtained_at, early });
        self.publish(instance, now)
    }

    pub(super) fn attempt_failed(&mut self, instance: &mut Instance, mut failure: Failure, now: &Now) -> Next {
        let attempts = self.state.attempts();
        let failed = attempts.failed.saturating_add(1);
        failure.attempts = failed;
        let pause = instance.policy.retry.pause(failure.code, failure.retry_after, failed, now.chance());
        let pause = pause.filter(|pause| self.is_before_deadline(now.monotonic.after(*pause)));
        let next = pause.map(|pause| now.monotonic.after(pause)).or(attempts.next);
        let attempts = Attempts { failed, next, ..attempts };
        let Some(&bid) = self.state.bid() else {
            self.state = State::WithoutStore(attempts);
            if let Some(pause) = pause {
                return self.rest(pause);
            }
            instance.remember(failure, None, now);
            return self.fail(instance, failure, now);
        };
        // The lease is renewed before the next attempt.
        let bid = Bid { attempts, fence: None, ..bid };
        if let Some(pause) = pause {
            self.state = State::Draining(bid);
            return self.rest(pause);
        }
        let gap = self.quiet_after(instance, failure);
        instance.remember(failure, gap, now);
        self.release(Bid { writes: 0, ..bid }, failure, instance, now)
    }

    /// Lets the lease go.
    fn release(&mut self, mut bid: Bid, failure: Failure, instance: &Instance, now: &Now) -> Next {
        bid.writes += 1;
        self.state = State::Releasing(bid, failure);
        self.begin_draft();
        self.draft.lease = None;
        if let Some(gap) = self.quiet_after(instance, failure) {
            self.draft.failures = self.draft.failures.saturating_add(1);
            self.draft.not_before = Some(self.reading.at_most(now.monotonic).after(gap));
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
        let State::Publishing(bid, grant) = &mut self.state else { return self.load(now) };
        let grant = grant.clone();
        if bid.writes >= MOST_WRITES {
            return self.use_unpublished(&grant, instance, now);
        }
        bid.writes += 1;
        self.write_successor(&grant);
        self.swap(now)
    }

    /// Drafts the record with the token that was granted.
    fn write_successor(&mut self, Grant { token, obtained_at, early }: &Grant) {
        self.begin_draft();
        let next = &mut self.draft;
        next.epoch = next.epoch.saturating_add(1);
        next.token = Some(token.access_token.clone());
        next.obtained_at = *obtained_at;
        next.expires_at = next.obtained_at.after(Millis::from_secs(token.expires_in));
        next.renew_at = next.expires_at.before(*early);
        next.dead = false;
        next.lease = None;
        next.not_before = None;
        next.failures = 0;
    }

    pub(super) fn published(&mut self, instance: &mut Instance, now: &Now) -> Next {
        self.emit_generated(instance, now);
        if let Some(&bid) = self.state.bid() {
            self.state = State::TakingLease(bid);
        }
        if self.record.token == self.bad {
            // The same token once more, which is refused.
            return self.fail(instance, Failure::from(Why::RefusedAgain).after(instance.policy.endpoint_cooldown), now);
        }
        if !instance.is_usable(now, None) {
            return self.dead_on_arrival(instance, now);
        }
        instance.forget_failure();
        instance.look_again_in_time(now);
        self.give(instance, now)
    }

    /// The token has ended before it could be used. The first time, the run asks for another one at once: the machine may
    /// have slept. After that it is a failure, with a back-off: a clock that jumps would cost a token for each call.
    fn dead_on_arrival(&mut self, instance: &mut Instance, now: &Now) -> Next {
        let failure = Failure::from(Why::DeadOnArrival);
        if !instance.has_failed() {
            instance.remember(failure, Some(Millis(0)), now);
            return self.without_lease(instance, now);
        }
        instance.remember(failure, None, now);
        self.fail(instance, failure, now)
    }

    /// The token lives, but the others cannot be told: they will be, by whoever looks at the record next.
    pub(super) fn use_unpublished(&mut self, grant: &Grant, instance: &mut Instance, now: &Now) -> Next {
        self.write_successor(grant);
        instance.adopt(&self.draft, self.reading, now, true);
        // The store had nothing to say of the time, and the machine may have slept.
        instance.ends_by(grant.token.expires_at);
        instance.look_again_after(instance.policy.revalidate_after, now);
        self.emit_generated(instance, now);
        if instance.is_alive(now, self.bad.as_ref()) {
            instance.forget_failure();
            return self.give(instance, now);
        }
        instance.remember(Why::DeadOnArrival.into(), None, now);
        self.fail(instance, Why::StoreUnavailable, now)
    }

    fn emit_generated(&self, instance: &mut Instance, now: &Now) {
        let Attempts { reason, first_sent, .. } = self.state.attempts();
        let kind = if reason == Reason::Renewal { Kind::Renewed } else { Kind::Generated };
        let duration = first_sent.map_or(Millis::ZERO, |sent| sent.until(now.monotonic));
        instance.notice(kind, duration, Some(reason), None);
    }
}
