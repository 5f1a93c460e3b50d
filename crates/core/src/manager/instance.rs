//! What one instance knows: its copy of the token, and what it has seen of the others.

use alloc::vec::Vec;
use core::mem;

use crate::error::Code;
use crate::manager::cache::Cache;
use crate::manager::clock::{Deadline, MonotonicMillis, Now, Reading, StoreMillis};
use crate::manager::failure::Failure;
use crate::manager::id::{EndpointHash, LeaseId};
use crate::manager::notice::{Kind, Notice, Reason};
use crate::manager::policy::{Policy, doubled};
use crate::manager::record::Lease;
use crate::time::Millis;
use crate::token::{AccessToken, Token};

/// Notices that nobody fetches must not fill the memory.
const MOST_NOTICES: usize = 64;

/// What one instance knows. All its runs share it.
#[derive(Clone, Debug, Hash)]
pub struct Instance {
    pub(super) policy: Policy,
    pub(super) local: Option<Cache>,
    /// Until then the local copy is handed out without a look at the record.
    looks_again: Option<Deadline>,
    observed: Option<Observed>,
    trouble: Option<Trouble>,
    /// When the last two tokens died before their time.
    early_deaths: [Option<MonotonicMillis>; 2],
    blind: Option<Blind>,
    notices: Vec<Notice>,
    is_closed: bool,
}

/// A lease as it was first seen.
#[derive(Clone, Copy, Debug, Hash)]
struct Observed {
    lease: Option<(LeaseId, StoreMillis)>,
    since: MonotonicMillis,
}

/// Why this instance does not generate for a while.
#[derive(Clone, Copy, Debug, Hash)]
struct Trouble {
    failure: Failure,
    at: MonotonicMillis,
    /// By the monotonic clock: the wall clock may be what is wrong.
    until: MonotonicMillis,
    times: u32,
}

/// Generating without the store.
#[derive(Clone, Copy, Debug, Hash)]
struct Blind {
    times: u32,
    /// Not again before this.
    next: MonotonicMillis,
}

impl Instance {
    /// An instance that knows nothing yet.
    pub fn new(policy: Policy) -> Self {
        Self {
            policy,
            local: None,
            looks_again: None,
            observed: None,
            trouble: None,
            early_deaths: [None; 2],
            blind: None,
            notices: Vec::new(),
            is_closed: false,
        }
    }

    /// Its policy.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The token, where it is known to be live: `peek()`. It may be due for renewal.
    pub fn live(&self, now: &Now) -> Option<Token> {
        self.is_usable(now, None).then(|| self.token()).flatten()
    }

    /// Until when [`Self::live`] may be handed out without a run, on both clocks; a dead token is never fresh.
    pub fn fresh_until(&self) -> Option<Deadline> {
        let local = self.local.as_ref().filter(|local| !local.record.dead)?;
        Some(self.looks_again?.min(local.expires.before(self.policy.min_remaining_of(local.lifetime))))
    }

    /// When the token is to be renewed, where there is one.
    pub fn renew_at(&self) -> Option<Deadline> {
        self.local.as_ref().map(|local| local.rotates)
    }

    /// The old token, for a caller that has waited [`Policy::renewal_wait`] for a run of `getToken` that renews it
    /// while it still lives.
    pub fn spare(&self, now: &Now) -> Option<Token> {
        if self.must_wait(now) { None } else { self.live(now) }
    }

    /// An endpoint accepted a token. True: the record remembers that it refused an older one, so a run shall tell the
    /// others ([`Run::accept`]).
    ///
    /// [`Run::accept`]: crate::manager::Run::accept
    pub fn is_news(&self, token: &str, endpoint: EndpointHash) -> bool {
        let is_it = |local: &Cache| local.record.token.as_ref().is_some_and(|known| known == token);
        self.local.as_ref().is_some_and(|local| is_it(local) && local.record.has_refused(endpoint))
    }

    /// Whether [`Self::is_news`] may be true of any endpoint.
    pub fn awaits_news(&self) -> bool {
        self.local.as_ref().is_some_and(|local| !local.record.refusals.is_empty())
    }

    /// The credentials are others now: what Daraja said to the old ones does not count.
    pub fn forget_failure(&mut self) {
        self.trouble = None;
    }

    /// From now on runs complete with [`Code::Closed`], those that wait too, once they are woken. A holder publishes
    /// what it is about to be granted, or lets the lease go.
    pub fn close(&mut self) {
        self.is_closed = true;
    }

    /// Whether it was closed.
    pub fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// What happened, the oldest first, each once.
    pub fn take_notice(&mut self) -> Option<Notice> {
        if self.notices.is_empty() { None } else { Some(self.notices.remove(0)) }
    }

    /// What happened since this was asked last.
    pub fn take_notices(&mut self) -> Vec<Notice> {
        mem::take(&mut self.notices)
    }

    /// Notes what happened, in the epoch that is known.
    pub(super) fn notice(&mut self, kind: Kind, duration: Millis, reason: Option<Reason>, code: Option<Code>) {
        if self.notices.len() < MOST_NOTICES {
            let epoch = self.local.as_ref().map_or(0, |local| local.record.epoch);
            self.notices.push(Notice { kind, epoch, duration, reason, code });
        }
    }

    /// Whether the local copy may be handed out without a look at the record.
    pub(super) fn is_fresh(&self, now: &Now, bad: Option<&AccessToken>) -> bool {
        self.is_usable(now, bad) && self.looks_again.is_some_and(|look| !look.has_passed(now))
    }

    /// Whether there is a token that is not `bad`, not dead, and above the floor.
    pub(super) fn is_usable(&self, now: &Now, bad: Option<&AccessToken>) -> bool {
        let floor = self.local.as_ref().map_or(Millis(0), |local| self.policy.min_remaining_of(local.lifetime));
        self.life_left(now, bad) > floor
    }

    /// Whether there is a token that is not `bad`, not dead, and has not ended.
    pub(super) fn is_alive(&self, now: &Now, bad: Option<&AccessToken>) -> bool {
        self.life_left(now, bad) > Millis(0)
    }

    fn life_left(&self, now: &Now, bad: Option<&AccessToken>) -> Millis {
        self.local.as_ref().map_or(Millis(0), |local| local.life_left(now, bad))
    }

    /// Whether the token is to be renewed.
    pub(super) fn is_due(&self, now: &Now) -> bool {
        self.local.as_ref().is_some_and(|local| local.rotates.has_passed(now))
    }

    /// Whether the token is so near its end that callers wait for its successor.
    pub(super) fn must_wait(&self, now: &Now) -> bool {
        self.local.as_ref().is_some_and(|local| local.must_wait(&self.policy, now))
    }

    /// The token as it is handed out, whatever its state.
    pub(super) fn token(&self) -> Option<Token> {
        self.local.as_ref().and_then(Cache::token)
    }

    /// The next look at the record is due after `span` at the latest.
    pub(super) fn look_again_after(&mut self, span: Millis, now: &Now) {
        self.looks_again = Some(Deadline::after(now, span.min(self.policy.revalidate_after)));
    }

    /// The record was looked at and the token is not to be renewed yet: when the next look is due.
    pub(super) fn look_again_in_time(&mut self, now: &Now) {
        let look_up = Deadline::after(now, self.policy.revalidate_after);
        self.looks_again = Some(self.local.as_ref().map_or(look_up, |local| look_up.min(local.rotates)));
    }

    /// Whether another holder may be at work under this lease.
    ///
    /// By the store's clock where there is one. In any case a lease is over once it was seen unchanged for its duration
    /// by the clock of this process: then it was taken before that.
    pub(super) fn is_held(&mut self, lease: Option<Lease>, reading: Reading, now: &Now) -> bool {
        let looked_at = lease.map(|lease| (lease.nonce, lease.until));
        let since = match self.observed {
            Some(seen) if seen.lease == looked_at => seen.since,
            _ => now.monotonic,
        };
        self.observed = Some(Observed { lease: looked_at, since });
        let tolerance = if reading.is_the_stores() { Millis(0) } else { self.policy.clock_tolerance };
        lease.is_some_and(|lease| {
            since.until(now.monotonic) < lease.duration && reading.at() < lease.until.after(tolerance)
        })
    }

    /// When the lease that was seen last was seen first.
    pub(super) fn held_since(&self) -> Option<MonotonicMillis> {
        self.observed.as_ref().map(|seen| seen.since)
    }

    /// Why this instance must not generate now.
    pub(super) fn refusal(&self, now: &Now) -> Option<Failure> {
        let trouble = self.trouble.as_ref().filter(|trouble| trouble.until > now.monotonic)?;
        Some(Failure { attempts: 0, ..trouble.failure.after(now.monotonic.until(trouble.until)) })
    }

    /// Daraja, or the way to it, failed this instance: it does not generate for `gap`, or, where the fleet goes on
    /// without it, for a while that doubles.
    pub(super) fn remember(&mut self, failure: Failure, gap: Option<Millis>, now: &Now) {
        let times = self.trouble.as_ref().map_or(0, |trouble| trouble.times);
        let policy = &self.policy;
        let own = if failure.code.is_retryable() {
            doubled(policy.failure_backoff, times, policy.max_failure_backoff)
        } else {
            doubled(policy.credentials_backoff, times, policy.max_credentials_backoff)
        };
        let until = now.monotonic.after(gap.unwrap_or(own));
        let times = times.saturating_add(1);
        self.trouble = Some(Trouble { failure, at: now.monotonic, until, times });
    }

    /// Whether the last attempt failed.
    pub(super) fn has_failed(&self) -> bool {
        self.trouble.is_some()
    }

    /// Whether that happened at that moment or later.
    pub(super) fn has_failed_since(&self, moment: MonotonicMillis) -> bool {
        self.trouble.as_ref().is_some_and(|trouble| trouble.at >= moment)
    }

    /// The store answered.
    pub(super) fn sees_store(&mut self) {
        self.blind = None;
    }

    /// Begins to generate without the store, rarely. The error: how long not.
    pub(super) fn go_blind(&mut self, now: &Now) -> Result<(), Millis> {
        let wait = self.blind.map_or(Millis::ZERO, |blind| now.monotonic.until(blind.next));
        if wait > Millis(0) {
            return Err(wait);
        }
        let times = self.blind.map_or(0, |blind| blind.times);
        let gap = doubled(self.policy.endpoint_cooldown, times, self.policy.max_endpoint_cooldown);
        self.blind = Some(Blind { times: times.saturating_add(1), next: now.monotonic.after(gap) });
        Ok(())
    }

    /// Three of them within a window are no accident.
    pub(super) fn count_early_death(&mut self, now: &Now) {
        let [first, second] = self.early_deaths;
        let window = self.policy.contention_window;
        if first.is_some_and(|death| death.until(now.monotonic) < window) {
            self.early_deaths = [None; 2];
            self.notice(Kind::Contention, Millis(0), None, None);
        } else {
            self.early_deaths = [second, Some(now.monotonic)];
        }
    }
}
