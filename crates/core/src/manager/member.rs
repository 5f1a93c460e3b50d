//! The knowledge of one member of a fleet: its cache of the token, and what it has seen of the other members.

use alloc::vec::Vec;
use core::mem;

use crate::error::Code;
use crate::manager::cache::Cache;
use crate::manager::clock::{Deadline, MonotonicMillis, Now, Reading, StoreMillis};
use crate::manager::event::{EventType, Reason, TokenEvent};
use crate::manager::failure::Failure;
use crate::manager::id::{EndpointHash, LeaseId};
use crate::manager::policy::{Policy, doubled};
use crate::manager::record::Lease;
use crate::time::Millis;
use crate::token::{AccessToken, Token};

/// The limit of events that are kept. Further events are dropped: a driver that takes none must not fill the memory.
const MAX_EVENTS: usize = 64;

/// The knowledge of one member. All its acquisitions share it.
#[derive(Clone, Debug, Hash)]
pub struct Member {
    pub(super) policy: Policy,
    pub(super) cache: Option<Cache>,
    /// Until this instant callers get the token in the cache without a load of the record.
    revalidate_at: Option<Deadline>,
    observed: Option<Observed>,
    backoff: Option<Backoff>,
    /// When the last two tokens were replaced before they were due.
    early_deaths: [Option<MonotonicMillis>; 2],
    without_store: Option<WithoutStore>,
    events: Vec<TokenEvent>,
    is_closed: bool,
}

/// A lease, and when it was first seen.
#[derive(Clone, Copy, Debug, Hash)]
struct Observed {
    lease: Option<(LeaseId, StoreMillis)>,
    since: MonotonicMillis,
}

/// Why this member does not generate for a while.
#[derive(Clone, Copy, Debug, Hash)]
struct Backoff {
    failure: Failure,
    at: MonotonicMillis,
    /// By the monotonic clock, because the wall clock may be wrong.
    until: MonotonicMillis,
    times: u32,
}

/// How often the member has generated without the store.
#[derive(Clone, Copy, Debug, Hash)]
struct WithoutStore {
    times: u32,
    /// The member does not generate again before this instant.
    next: MonotonicMillis,
}

impl Member {
    /// A member that knows nothing yet.
    pub fn new(policy: Policy) -> Self {
        Self {
            policy,
            cache: None,
            revalidate_at: None,
            observed: None,
            backoff: None,
            early_deaths: [None; 2],
            without_store: None,
            events: Vec::new(),
            is_closed: false,
        }
    }

    /// Its policy.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The token, if it is usable: `peek()`. It may be due for renewal.
    pub fn live(&self, now: &Now) -> Option<Token> {
        self.is_usable(now, None).then(|| self.token()).flatten()
    }

    /// Until when callers may get [`Self::live`] without an acquisition, on both clocks. None without a token, or if it
    /// is dead.
    pub fn fresh_until(&self) -> Option<Deadline> {
        let cache = self.cache.as_ref().filter(|cache| !cache.record.dead)?;
        Some(self.revalidate_at?.min(cache.expires.before(self.policy.min_remaining_of(cache.lifetime))))
    }

    /// When the token is due for renewal, if there is one.
    pub fn renew_at(&self) -> Option<Deadline> {
        self.cache.as_ref().map(|cache| cache.renew)
    }

    /// The old token, for a caller that has waited [`Policy::renewal_wait`] for its renewal. None if it ends too soon.
    pub fn token_during_renewal(&self, now: &Now) -> Option<Token> {
        if self.blocks_callers(now) { None } else { self.live(now) }
    }

    /// Whether the endpoint, which has accepted this token, had rejected an older one. Then an [`Acquisition::accept`]
    /// tells the other members.
    ///
    /// [`Acquisition::accept`]: crate::manager::Acquisition::accept
    pub fn is_accepted_after_rejection(&self, token: &str, endpoint: EndpointHash) -> bool {
        let has_token = |cache: &Cache| cache.record.token.as_ref().is_some_and(|known| known == token);
        self.cache.as_ref().is_some_and(|cache| has_token(cache) && cache.record.has_rejected(endpoint))
    }

    /// Whether [`Self::is_accepted_after_rejection`] may be true of any endpoint.
    pub fn tracks_rejections(&self) -> bool {
        self.cache.as_ref().is_some_and(|cache| !cache.record.rejections.is_empty())
    }

    /// Forgets the last failure, because the credentials have changed or a token was granted.
    pub fn forget_failure(&mut self) {
        self.backoff = None;
    }

    /// Closes the member: its acquisitions end with [`Code::Closed`], and waiting ones end when they are woken. An
    /// acquisition with the lease still publishes its granted token, or releases the lease.
    pub fn close(&mut self) {
        self.is_closed = true;
    }

    /// Whether the member was closed.
    pub fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// Takes the oldest event.
    pub fn take_event(&mut self) -> Option<TokenEvent> {
        if self.events.is_empty() { None } else { Some(self.events.remove(0)) }
    }

    /// Takes all events, the oldest first.
    pub fn take_events(&mut self) -> Vec<TokenEvent> {
        mem::take(&mut self.events)
    }

    /// Adds an event of the epoch in the cache.
    pub(super) fn emit(&mut self, event_type: EventType, duration: Millis, reason: Option<Reason>, code: Option<Code>) {
        if self.events.len() < MAX_EVENTS {
            let epoch = self.cache.as_ref().map_or(0, |cache| cache.record.epoch);
            self.events.push(TokenEvent { event_type, epoch, duration, reason, code });
        }
    }

    /// Whether callers may get the token in the cache without a load of the record.
    pub(super) fn is_fresh(&self, now: &Now, rejected_token: Option<&AccessToken>) -> bool {
        self.is_usable(now, rejected_token) && self.revalidate_at.is_some_and(|instant| !instant.has_passed(now))
    }

    /// Whether there is a token that is not `rejected_token`, not dead, and valid for longer than the minimum.
    pub(super) fn is_usable(&self, now: &Now, rejected_token: Option<&AccessToken>) -> bool {
        let min_remaining = self.cache.as_ref().map_or(Millis(0), |cache| self.policy.min_remaining_of(cache.lifetime));
        self.life_left(now, rejected_token) > min_remaining
    }

    /// Whether there is a token that is not `rejected_token`, not dead, and has not ended.
    pub(super) fn is_alive(&self, now: &Now, rejected_token: Option<&AccessToken>) -> bool {
        self.life_left(now, rejected_token) > Millis(0)
    }

    fn life_left(&self, now: &Now, rejected_token: Option<&AccessToken>) -> Millis {
        self.cache.as_ref().map_or(Millis(0), |cache| cache.life_left(now, rejected_token))
    }

    /// Whether the token is due for renewal.
    pub(super) fn is_due(&self, now: &Now) -> bool {
        self.cache.as_ref().is_some_and(|cache| cache.renew.has_passed(now))
    }

    /// Whether the token ends so soon that callers wait for a new one.
    pub(super) fn blocks_callers(&self, now: &Now) -> bool {
        self.cache.as_ref().is_some_and(|cache| cache.blocks_callers(&self.policy, now))
    }

    /// The token in the cache, even if it is dead or has ended.
    pub(super) fn token(&self) -> Option<Token> {
        self.cache.as_ref().and_then(Cache::token)
    }

    /// The record is loaded again after this span, or sooner if the policy says so.
    pub(super) fn revalidate_after(&mut self, span: Millis, now: &Now) {
        self.revalidate_at = Some(Deadline::after(now, span.min(self.policy.revalidate_after)));
    }

    /// The record was loaded, and the token is not due yet. The record is loaded again when the token is due, or
    /// sooner.
    pub(super) fn revalidate_in_time(&mut self, now: &Now) {
        let latest = Deadline::after(now, self.policy.revalidate_after);
        self.revalidate_at = Some(self.cache.as_ref().map_or(latest, |cache| latest.min(cache.renew)));
    }

    /// Whether another holder may be generating under this lease.
    ///
    /// The store's clock decides, if it has one. In any case a lease is over if this process has seen it unchanged for
    /// the lease's duration.
    pub(super) fn is_held(&mut self, lease: Option<Lease>, reading: Reading, now: &Now) -> bool {
        let identity = lease.map(|lease| (lease.nonce, lease.until));
        let since = match self.observed {
            Some(seen) if seen.lease == identity => seen.since,
            _ => now.monotonic,
        };
        self.observed = Some(Observed { lease: identity, since });
        let tolerance = if reading.is_of_store() { Millis(0) } else { self.policy.clock_tolerance };
        lease.is_some_and(|lease| {
            since.until(now.monotonic) < lease.duration && reading.at() < lease.until.after(tolerance)
        })
    }

    /// When the most recently seen lease was seen for the first time.
    pub(super) fn held_since(&self) -> Option<MonotonicMillis> {
        self.observed.as_ref().map(|seen| seen.since)
    }

    /// The failure that stops this member from generating now.
    pub(super) fn refusal(&self, now: &Now) -> Option<Failure> {
        let backoff = self.backoff.as_ref().filter(|backoff| backoff.until > now.monotonic)?;
        Some(Failure { attempts: 0, ..backoff.failure.after(now.monotonic.until(backoff.until)) })
    }

    /// Remembers a failure. This member does not generate for `cooldown`. Without one, the span doubles with each
    /// failure in a row.
    pub(super) fn remember(&mut self, failure: Failure, cooldown: Option<Millis>, now: &Now) {
        let times = self.backoff.as_ref().map_or(0, |backoff| backoff.times);
        let policy = &self.policy;
        let own = if failure.code.is_retryable() {
            doubled(policy.failure_backoff, times, policy.max_failure_backoff)
        } else {
            doubled(policy.credentials_backoff, times, policy.max_credentials_backoff)
        };
        let until = now.monotonic.after(cooldown.unwrap_or(own));
        let times = times.saturating_add(1);
        self.backoff = Some(Backoff { failure, at: now.monotonic, until, times });
    }

    /// Whether the last attempt failed.
    pub(super) fn has_failed(&self) -> bool {
        self.backoff.is_some()
    }

    /// Whether the last failure happened at that moment or later.
    pub(super) fn has_failed_since(&self, moment: MonotonicMillis) -> bool {
        self.backoff.as_ref().is_some_and(|backoff| backoff.at >= moment)
    }

    /// Notes that the store has answered.
    pub(super) fn sees_store(&mut self) {
        self.without_store = None;
    }

    /// Allows a generate without the store, but rarely. The error says how long no generate is allowed.
    pub(super) fn begin_without_store(&mut self, now: &Now) -> Result<(), Millis> {
        let wait = self.without_store.map_or(Millis::ZERO, |without_store| now.monotonic.until(without_store.next));
        if wait > Millis(0) {
            return Err(wait);
        }
        let times = self.without_store.map_or(0, |without_store| without_store.times);
        let cooldown = doubled(self.policy.endpoint_cooldown, times, self.policy.max_endpoint_cooldown);
        self.without_store = Some(WithoutStore { times: times.saturating_add(1), next: now.monotonic.after(cooldown) });
        Ok(())
    }

    /// Counts a token that was replaced before it was due. Three in a window mean that another program generates.
    pub(super) fn count_early_death(&mut self, now: &Now) {
        let [first, second] = self.early_deaths;
        let window = self.policy.contention_window;
        if first.is_some_and(|death| death.until(now.monotonic) < window) {
            self.early_deaths = [None; 2];
            self.emit(EventType::Contention, Millis(0), None, None);
        } else {
            self.early_deaths = [second, Some(now.monotonic)];
        }
    }
}
