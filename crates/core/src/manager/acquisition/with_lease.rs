//! The steps of an acquisition with the lease: drain, renew, generate, publish or release.

use super::state::{Attempts, Bid, Grant, State};
use super::{Acquisition, Next};
use crate::error::Code;
use crate::manager::clock::{MonotonicMillis, Now, Reading};
use crate::manager::event::{EventType, Reason};
use crate::manager::failure::{Failure, FailureKind};
use crate::manager::member::Member;
use crate::manager::record::Lease;
use crate::time::Millis;
use crate::token::Token;

/// The acquisition writes its grant or its release this often at most, even if the record still has its lease.
const MOST_WRITES: u32 = 5;

impl Acquisition {
    /// Writes the draft with this acquisition's lease, which begins now.
    pub(super) fn write_lease(&mut self, bid: &mut Bid, member: &Member, now: &Now) -> Next {
        let duration = member.policy.lease();
        let until = self.reading.at_most(now.monotonic).after(duration);
        bid.fence = Some(until);
        self.draft.lease = Some(Lease { nonce: bid.id, reason: bid.attempts.reason, duration, until });
        self.swap(now)
    }

    /// Whether the grant is in the record. A record with this lease does not have the grant yet, even if its token is
    /// the same: Daraja may have granted that token once more.
    pub(super) fn is_published(&self) -> bool {
        let State::Publishing(bid, grant) = &self.state else { return false };
        self.record.token.as_ref() == Some(&grant.token.access_token) && !self.record.is_leased_to(bid.id)
    }

    /// Whether the acquisition holds the lease according to the record, or must go on as if it held it.
    pub(super) fn confirm_ownership(&mut self, member: &mut Member, now: &Now) -> bool {
        let Some(&bid) = self.state.bid() else { return false };
        let is_leased = self.record.is_leased_to(bid.id);
        match self.state {
            State::TakingLease(_) if is_leased => self.begin_to_hold(bid, member, now),
            State::TakingLease(_) => return false,
            State::Releasing(..) => {}
            _ if is_leased => {}
            _ => {
                // Another member may generate now. The fleet uses the record's token, even if this acquisition's
                // request has ended it.
                self.state = State::TakingLease(bid);
                let held = bid.taken_at.map_or(Millis::ZERO, |at| at.until(now.monotonic));
                member.emit(EventType::LeaseLost, held, Some(bid.attempts.reason), None);
                return false;
            }
        }
        true
    }

    /// The record says that this acquisition has the lease.
    fn begin_to_hold(&mut self, mut bid: Bid, member: &mut Member, now: &Now) {
        let reason = bid.attempts.reason;
        bid.taken_at = Some(now.monotonic);
        if reason == Reason::Renewal {
            // Calls in flight with the old token get time to end before the new token invalidates it.
            bid.attempts.next = Some(now.monotonic.after(member.policy.drain));
            bid.fence = None;
        }
        if reason == Reason::Rejected {
            member.emit(EventType::Rejected, Millis(0), None, None);
        }
        member.emit(EventType::LeaseTaken, Millis(0), Some(reason), None);
        self.state = State::Draining(bid);
    }

    /// The next step of an acquisition with the lease.
    pub(super) fn with_lease(&mut self, member: &mut Member, now: &Now) -> Next {
        match self.state {
            State::Publishing(..) => self.publish(member, now),
            State::Releasing(bid, failure) => {
                if self.record.is_leased_to(bid.id) && bid.writes < MOST_WRITES {
                    return self.release(bid, failure, member, now);
                }
                self.end_of_failure(member, failure, now)
            }
            _ => self.attempt(member, now),
        }
    }

    /// Generates, when the drain or the pause is over and the lease is renewed.
    pub(super) fn attempt(&mut self, member: &mut Member, now: &Now) -> Next {
        let rest = self.state.attempts().next.map_or(Millis::ZERO, |next| now.monotonic.until(next));
        let is_resting = rest > Millis(0) && !member.is_closed();
        let Some(&(mut bid)) = self.state.bid() else {
            return if is_resting { self.rest(rest) } else { self.generate() };
        };
        if is_resting {
            self.state = State::Draining(bid);
            return self.rest(rest);
        }
        let is_fenced = self.record.lease.map(|lease| lease.until) == bid.fence;
        if member.is_closed() {
            return self.release(bid, FailureKind::Closed.into(), member, now);
        }
        if !is_fenced {
            // Without this, the acquisition would never end if the store loses every renewal of the lease.
            if bid.taken_at.is_some_and(|at| at.until(now.monotonic) > member.policy.deadline) {
                return self.release(bid, FailureKind::Late.into(), member, now);
            }
            self.begin_draft();
            let next = self.write_lease(&mut bid, member, now);
            self.state = State::Renewing(bid);
            return next;
        }
        if bid.attempts.failed == 0 {
            bid.attempts.first_sent = Some(now.monotonic);
        }
        self.state = State::Generating(bid);
        self.generate()
    }

    pub(super) fn granted(&mut self, member: &mut Member, token: Token, sent: MonotonicMillis, now: &Now) -> Next {
        let early = member.policy.early_of(Millis::from_secs(token.expires_in));
        let jitter = now.part_of(Millis(early.0 / 10));
        let early = early - jitter;
        let Some(&bid) = self.state.bid() else {
            self.reading = Reading::new(None, now.monotonic, now);
            self.record = member.last_known(self.reading, now);
            let grant = Grant { token, obtained_at: self.reading.at_least(sent), early };
            return self.use_unpublished(&grant, member, now);
        };
        // This is computed now, while both clocks still agree: the machine may sleep before the token is published.
        let obtained_at = self.reading.at_least(sent);
        self.state = State::Publishing(Bid { writes: 0, ..bid }, Grant { token, obtained_at, early });
        self.publish(member, now)
    }

    pub(super) fn attempt_failed(&mut self, member: &mut Member, mut failure: Failure, now: &Now) -> Next {
        let attempts = self.state.attempts();
        let failed = attempts.failed.saturating_add(1);
        failure.attempts = failed;
        let pause = member.policy.retry.pause(failure.code, failure.retry_after, failed, now.chance());
        let pause = pause.filter(|pause| self.is_before_deadline(now.monotonic.after(*pause)));
        let next = pause.map(|pause| now.monotonic.after(pause)).or(attempts.next);
        let attempts = Attempts { failed, next, ..attempts };
        let Some(&bid) = self.state.bid() else {
            self.state = State::WithoutStore(attempts);
            if let Some(pause) = pause {
                return self.rest(pause);
            }
            member.remember(failure, None, now);
            return self.fail(member, failure, now);
        };
        // The lease is renewed before the next attempt.
        let bid = Bid { attempts, fence: None, ..bid };
        if let Some(pause) = pause {
            self.state = State::Draining(bid);
            return self.rest(pause);
        }
        let cooldown = self.cooldown_after(member, failure);
        member.remember(failure, cooldown, now);
        self.release(Bid { writes: 0, ..bid }, failure, member, now)
    }

    /// Gives the lease back.
    fn release(&mut self, mut bid: Bid, failure: Failure, member: &Member, now: &Now) -> Next {
        bid.writes += 1;
        self.state = State::Releasing(bid, failure);
        self.begin_draft();
        self.draft.lease = None;
        if let Some(cooldown) = self.cooldown_after(member, failure) {
            self.draft.failures = self.draft.failures.saturating_add(1);
            self.draft.not_before = Some(self.reading.at_most(now.monotonic).after(cooldown));
        }
        self.swap(now)
    }

    /// How long the fleet does not generate after that failure. Throttling and a 5xx answer count for all members. Any
    /// other failure, such as one on the way to Daraja or of this member's credentials, does not.
    fn cooldown_after(&self, member: &Member, failure: Failure) -> Option<Millis> {
        let is_darajas = matches!(failure.code, Code::RateLimited | Code::Unavailable);
        is_darajas.then(|| self.record.cooldown(&member.policy, failure.retry_after.unwrap_or_default()))
    }

    /// The lease was given back, or runs out. The result is the old token if it is usable and the member is not closed,
    /// else the failure.
    pub(super) fn end_of_failure(&mut self, member: &mut Member, failure: Failure, now: &Now) -> Next {
        let is_usable = failure.kind != FailureKind::Closed && member.is_usable(now, self.rejected_token.as_ref());
        if is_usable { self.finish_with_token(member, now) } else { self.fail(member, failure, now) }
    }

    fn publish(&mut self, member: &mut Member, now: &Now) -> Next {
        let State::Publishing(bid, grant) = &mut self.state else { return self.load(now) };
        let grant = grant.clone();
        if bid.writes >= MOST_WRITES {
            return self.use_unpublished(&grant, member, now);
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

    pub(super) fn published(&mut self, member: &mut Member, now: &Now) -> Next {
        self.emit_generated(member, now);
        if let Some(&bid) = self.state.bid() {
            self.state = State::TakingLease(bid);
        }
        if self.record.token == self.rejected_token {
            // Daraja granted the rejected token once more.
            return self.fail(
                member,
                Failure::from(FailureKind::RejectedAgain).after(member.policy.endpoint_cooldown),
                now,
            );
        }
        if !member.is_usable(now, None) {
            return self.dead_on_arrival(member, now);
        }
        member.forget_failure();
        member.revalidate_in_time(now);
        self.finish_with_token(member, now)
    }

    /// The token has ended before it could be used. The first time, another one is asked for at once, because the
    /// machine may have slept. After that it is a failure, with a back-off: a clock that jumps would cost a token for
    /// each call.
    fn dead_on_arrival(&mut self, member: &mut Member, now: &Now) -> Next {
        let failure = Failure::from(FailureKind::DeadOnArrival);
        if !member.has_failed() {
            member.remember(failure, Some(Millis(0)), now);
            return self.without_lease(member, now);
        }
        member.remember(failure, None, now);
        self.fail(member, failure, now)
    }

    /// The token could not be published. If it is valid, callers get it, and a later acquisition publishes it, unless
    /// the record has a newer token by then.
    pub(super) fn use_unpublished(&mut self, grant: &Grant, member: &mut Member, now: &Now) -> Next {
        self.write_successor(grant);
        member.adopt(&self.draft, self.reading, now, true);
        // The reading may be old, and the machine may have slept since then. So the wall clock counts too.
        member.limit_end(grant.token.expires_at);
        member.revalidate_after(member.policy.revalidate_after, now);
        self.emit_generated(member, now);
        if member.is_alive(now, self.rejected_token.as_ref()) {
            member.forget_failure();
            return self.finish_with_token(member, now);
        }
        member.remember(FailureKind::DeadOnArrival.into(), None, now);
        self.fail(member, FailureKind::StoreUnavailable, now)
    }

    fn emit_generated(&self, member: &mut Member, now: &Now) {
        let Attempts { reason, first_sent, .. } = self.state.attempts();
        let kind = if reason == Reason::Renewal { EventType::Renewed } else { EventType::Generated };
        let duration = first_sent.map_or(Millis::ZERO, |sent| sent.until(now.monotonic));
        member.emit(kind, duration, Some(reason), None);
    }
}
