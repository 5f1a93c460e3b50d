//! One run: from the question for a token to the answer, one effect after the other.

use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;

use crate::error::{Error, Result};
use crate::manager::clock::{Id, MonotonicMillis, Now, Reading, StoreMillis};
use crate::manager::failure;
use crate::manager::instance::Instance;
use crate::manager::notice::{Kind, Reason};
use crate::manager::policy::{OnStoreDown, doubled};
use crate::manager::record::Record;
use crate::time::Millis;
use crate::token::Token;

/// A pause that nobody announced, such as one of a few milliseconds before a deadline, is at least this long.
const SHORTEST_PAUSE: Millis = Millis(1);
/// Somebody else's trouble that is over sooner than this is waited for; beyond it, callers are told. As for Retry-After.
const LONGEST_QUIET: Millis = Millis(5_000);

/// What happened to the effect of the last step.
pub enum Event {
    /// Nothing yet: the run begins.
    Begun,
    /// The record, or that there is none.
    Loaded {
        /// The record.
        found: Option<Box<Record>>,
        /// The store's clock, where it has one.
        store: Option<StoreMillis>,
    },
    /// Whether the write took place.
    Swapped {
        /// False: the record has another version now.
        swapped: bool,
        /// The store's clock, where it has one.
        store: Option<StoreMillis>,
    },
    /// An operation of the store failed, or took too long. What became of a write is unknown.
    StoreFailed,
    /// The store holds something else than a record of [`SCHEMA`](crate::manager::SCHEMA).
    Unreadable,
    /// Daraja granted a token to a request that was sent then.
    Granted {
        /// The token.
        token: Token,
        /// When its request was sent.
        sent: MonotonicMillis,
    },
    /// The attempt brought no token.
    Failed(Box<Error>),
    /// The wait is over, or there is a reason to look earlier: the store's watch, another run that completed.
    Woke,
}

/// What the driver is to do next, and to report as an [`Event`].
#[derive(Debug, PartialEq, Eq)]
pub enum Effect {
    /// Load the record, within [`Policy::store_timeout`](crate::manager::Policy::store_timeout).
    Load,
    /// Put [`Run::next`] in the place of the record that was loaded or written last, by compare-and-swap, within the same
    /// time.
    Swap,
    /// Ask Daraja for a token, once, within [`Policy::timeout`](crate::manager::Policy::timeout).
    Generate,
    /// Wait so long. Waking earlier does no harm.
    Wait(Millis),
    /// Give this to whoever waits for the run. It is over.
    Complete(Result<Token>),
}

/// One run of the protocol.
#[derive(Default)]
pub struct Run {
    pub(super) bad: String,
    good: String,
    endpoint: Id,
    always_looks: bool,
    deadline: MonotonicMillis,
    began: MonotonicMillis,

    /// What the driver is doing.
    doing: Doing,
    asked: MonotonicMillis,
    waited_since: Option<MonotonicMillis>,
    waits: u32,
    /// Writes in a row that met another version.
    refused: u32,
    /// Since when the store has failed.
    trouble: Option<MonotonicMillis>,

    /// The record as it is, or should be.
    pub(super) record: Record,
    /// Whether that differs from what the store has.
    differs: bool,
    pub(super) reading: Reading,
    /// What the next write puts in its place.
    pub(super) draft: Record,
    result: Option<Result<Token>>,

    pub(super) holder: Holder,
}

/// What a run has as a holder of the lease; src/manager/holder.rs has what it does.
#[derive(Default)]
pub(super) struct Holder {
    /// The name of its lease, once it tried to take one. One run has one, so that a write whose fate was unknown, and
    /// that lands late, does not look like somebody else's.
    pub nonce: Id,
    /// Whether the lease was seen to be its own.
    pub holds: bool,
    pub reason: Reason,
    pub taken_at: MonotonicMillis,
    /// The end of the lease as it last wrote it. If the record has another one, the fence is yet to be checked.
    pub fence: StoreMillis,
    /// Not before this: the drain, and the pauses between attempts.
    pub next_attempt: MonotonicMillis,
    pub attempts: u32,
    pub first_sent: MonotonicMillis,
    pub grant: Option<Grant>,
    pub failure: Option<Box<Error>>,
    /// Writes of the grant or the release.
    pub writes: u32,
    /// Whether it generates without the store.
    pub is_blind: bool,
}

pub(super) struct Grant {
    pub token: Token,
    /// When its request was sent, by the record's clock.
    pub obtained_at: StoreMillis,
    /// How long before its end it is to be renewed, less the jitter.
    pub early: Millis,
}

/// An effect whose result, if any, lies in the run: small enough to be returned through many functions.
pub(super) enum Next {
    Load,
    Swap,
    Generate,
    Wait(Millis),
    Complete,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Doing {
    /// Waits before another look at the record.
    #[default]
    Waiting,
    Loading,
    Swapping,
    Generating,
    /// Waits before an attempt, whatever happens.
    Resting,
}

impl Run {
    /// A run for callers that want a token, the last of which waits until `deadline`.
    #[must_use]
    pub fn get(deadline: MonotonicMillis) -> Self {
        Self { deadline, ..Self::default() }
    }

    /// A run for callers that an API refused this token. `endpoint` is a hash of the API's address, or nothing.
    #[must_use]
    pub fn report(token: String, endpoint: Id, deadline: MonotonicMillis) -> Self {
        Self { bad: token, endpoint, deadline, ..Self::default() }
    }

    /// A run that looks at the record, however fresh the local copy is: for a renewal in the background.
    #[must_use]
    pub fn look(deadline: MonotonicMillis) -> Self {
        Self { always_looks: true, deadline, ..Self::default() }
    }

    /// A run that tells the others that the endpoint accepted this token, where [`Instance::is_news`] says so.
    #[must_use]
    pub fn accept(token: String, endpoint: Id, deadline: MonotonicMillis) -> Self {
        Self { good: token, endpoint, ..Self::look(deadline) }
    }

    /// Another caller, who waits until then, joins the run.
    pub fn join(&mut self, deadline: MonotonicMillis) {
        self.deadline = self.deadline.max(deadline);
    }

    /// What [`Effect::Swap`] writes.
    #[must_use]
    pub fn next(&self) -> &Record {
        &self.draft
    }

    /// Takes what happened, and gives what to do next.
    pub(super) fn step(&mut self, instance: &mut Instance, event: Event, now: &Now) -> Effect {
        match self.advance(instance, event, now) {
            Next::Load => Effect::Load,
            Next::Swap => Effect::Swap,
            Next::Generate => Effect::Generate,
            Next::Wait(span) => Effect::Wait(span),
            Next::Complete => Effect::Complete(self.result.take().unwrap_or_else(|| Err(failure::late()))),
        }
    }

    fn advance(&mut self, instance: &mut Instance, event: Event, now: &Now) -> Next {
        match event {
            Event::Begun => {
                self.began = now.monotonic;
                self.wake(instance, now)
            }
            Event::Woke => self.wake(instance, now),
            Event::Loaded { found, store } => {
                instance.sees_store();
                self.reading = Reading::new(store, self.asked, now);
                (self.record, self.differs) = instance.reconcile(found, self.reading, now);
                if self.record.token == self.good && self.record.has_refused(self.endpoint) {
                    self.record.forget_refusal(self.endpoint);
                    self.differs = true;
                }
                self.decide(instance, now)
            }
            Event::Swapped { swapped: true, store } => {
                self.refused = 0;
                self.trouble = None;
                if store.is_some() || !self.reading.is_the_stores() {
                    self.reading = Reading::new(store, self.asked, now);
                }
                self.record = core::mem::take(&mut self.draft);
                self.differs = false;
                self.decide(instance, now)
            }
            // The loser reads again; who loses again and again waits in between.
            Event::Swapped { .. } => {
                self.refused = self.refused.saturating_add(1);
                if self.refused == 1 {
                    self.load(now)
                } else {
                    self.wait(instance, instance.policy.longest_pause(), now)
                }
            }
            Event::StoreFailed => self.store_failed(instance, now),
            Event::Unreadable => {
                instance.notice(Kind::StoreError, self.asked.until(now.monotonic), None, None);
                if self.holder.grant.is_some() {
                    return self.keep(instance, now);
                }
                if self.has_last_resort(instance, now) {
                    return self.give(instance, now);
                }
                self.fail(instance, failure::unreadable(), now)
            }
            Event::Granted { token, sent } => self.granted(instance, token, sent, now),
            Event::Failed(error) => self.attempt_failed(instance, error, now),
        }
    }

    fn wake(&mut self, instance: &mut Instance, now: &Now) -> Next {
        if self.doing == Doing::Resting {
            return self.attempt(instance, now);
        }
        // Who may hold a lease must not leave it behind.
        if !self.holder.nonce.is_some() {
            if instance.is_closed() {
                return self.fail(instance, failure::closed(), now);
            }
            if !self.always_looks && instance.is_fresh(now, &self.bad) {
                return self.give(instance, now);
            }
        }
        self.load(now)
    }

    /// What to do, now that it is known what the record says.
    fn decide(&mut self, instance: &mut Instance, now: &Now) -> Next {
        let own = self.holder.grant.as_ref().is_some_and(|grant| grant.token.access_token == self.record.token);
        instance.adopt(&self.record, self.reading, now, own);
        if self.settle(instance, now) {
            return self.hold(instance, own, now);
        }
        self.seek(instance, now)
    }

    /// What to do without a lease.
    pub(super) fn seek(&mut self, instance: &mut Instance, now: &Now) -> Next {
        if instance.is_closed() {
            return self.fail(instance, failure::closed(), now);
        }
        let is_late = now.monotonic >= self.deadline;
        let is_held = instance.is_held(self.record.lease, self.reading, now);
        if instance.is_usable(now, &self.bad) {
            return self.seek_renewal(instance, is_held, is_late, now);
        }
        if is_late {
            return self.fail(instance, failure::late(), now);
        }
        if is_held {
            return self.wait(instance, instance.policy.longest_pause(), now);
        }
        self.copy();
        let mut reason = Reason::Missing;
        if self.draft.token == self.bad && instance.is_usable(now, "") {
            reason = Reason::Rejected;
            self.draft.dead = true;
            if let Err(error) = self.may_force(instance) {
                instance.notice(Kind::Rejected, Millis(0), None, Some(error.code));
                return self.fail(instance, error, now);
            }
        }
        if let Some(error) = instance.refusal(now) {
            // Who waited for the attempt that failed shares its failure.
            if instance.has_failed_since(self.began) {
                return self.fail(instance, error, now);
            }
            return self.after_trouble(instance, error, now);
        }
        let quiet = self.record.quiet_for(&instance.policy, self.reading.at());
        if quiet > Millis(0) {
            return self.after_trouble(instance, failure::quiet(quiet), now);
        }
        self.take_lease(instance, reason, now)
    }

    /// What to do with a usable token.
    fn seek_renewal(&mut self, instance: &mut Instance, is_held: bool, is_late: bool, now: &Now) -> Next {
        if !instance.is_due(now) {
            instance.look_again_in_time(now);
            if self.differs && !is_held && !is_late {
                self.copy();
                return self.swap(now);
            }
            return self.give(instance, now);
        }
        if is_held {
            let since = self.waited_since.unwrap_or(now.monotonic).min(instance.held_since().unwrap_or(now.monotonic));
            let waited = since.until(now.monotonic);
            let left = Millis(instance.policy.rotation_wait().0.saturating_sub(waited.0));
            let must_wait = instance.must_wait(now);
            if is_late || (left == Millis(0) && !must_wait) {
                return self.give(instance, now);
            }
            return self.wait(instance, if must_wait { instance.policy.longest_pause() } else { left }, now);
        }
        let quiet = self.record.quiet_for(&instance.policy, self.reading.at());
        let own_quiet = instance.refusal(now).and_then(|error| error.retry_after).unwrap_or_default();
        if is_late || quiet > Millis(0) || own_quiet > Millis(0) {
            instance.look_again_after(quiet.max(own_quiet), now);
            return self.give(instance, now);
        }
        self.copy();
        self.take_lease(instance, Reason::Renewal, now)
    }

    /// Whether the token may be replaced because it was refused: the endpoint must not be at fault, nor the bucket empty.
    fn may_force(&mut self, instance: &mut Instance) -> Result<()> {
        let at = self.reading.at();
        if self.endpoint.is_some() {
            self.draft.refused(&instance.policy, at, self.endpoint).map_err(failure::refused_again)?;
        }
        if let Err(wait) = self.draft.spend(&instance.policy, at) {
            instance.notice(Kind::Contention, Millis(0), None, None);
            return Err(failure::exhausted(wait));
        }
        Ok(())
    }

    /// Nobody may generate for a while: a short one is waited for, a long one is the caller's to decide on.
    fn after_trouble(&mut self, instance: &mut Instance, error: Box<Error>, now: &Now) -> Next {
        let quiet = error.retry_after.unwrap_or_default();
        let is_soon = quiet <= LONGEST_QUIET && now.monotonic.after(quiet) < self.deadline;
        if is_soon && error.code.is_retryable() {
            // Not all at once when it is over.
            self.waited_since.get_or_insert(now.monotonic);
            let pause = Millis(quiet.0 + now.part_of(instance.policy.first_pause()).0);
            return self.pause(Doing::Waiting, pause);
        }
        self.fail(instance, error, now)
    }

    fn store_failed(&mut self, instance: &mut Instance, now: &Now) -> Next {
        instance.notice(Kind::StoreError, self.asked.until(now.monotonic), None, None);
        let since = *self.trouble.get_or_insert(self.asked);
        let is_patient = since.until(now.monotonic) < instance.policy.store_patience() && now.monotonic < self.deadline;
        if let Some(error) = self.holder.failure.take() {
            return self.end_of_failure(instance, error, now);
        }
        let has_grant = self.holder.grant.is_some();
        // Who may hold a lease first asks what became of it.
        let is_free = !has_grant && (self.doing == Doing::Loading || !self.holder.nonce.is_some());
        if is_free && self.has_last_resort(instance, now) {
            return self.give(instance, now);
        }
        if is_patient {
            return self.wait(instance, instance.policy.longest_pause(), now);
        }
        if has_grant {
            return self.keep(instance, now);
        }
        if self.has_last_resort(instance, now) {
            return self.give(instance, now);
        }
        self.without_store(instance, now)
    }

    /// Without the store a living token is handed out to its end, and the store is left alone for a while.
    fn has_last_resort(&self, instance: &mut Instance, now: &Now) -> bool {
        let is_alive = instance.is_alive(now, &self.bad);
        if is_alive {
            instance.look_again_after(instance.policy.look_up(), now);
        }
        is_alive
    }

    /// No usable token, no store.
    fn without_store(&mut self, instance: &mut Instance, now: &Now) -> Next {
        if instance.is_closed() || instance.policy.on_store_down == OnStoreDown::Fail || now.monotonic >= self.deadline
        {
            return self.fail(instance, failure::store_unavailable(), now);
        }
        if let Some(error) = instance.refusal(now) {
            return self.fail(instance, error, now);
        }
        match instance.go_blind(now) {
            Ok(()) => {
                self.holder.is_blind = true;
                self.holder.attempts = 0;
                self.holder.first_sent = now.monotonic;
                self.holder.next_attempt = now.monotonic;
                self.generate()
            }
            Err(wait) => self.fail(instance, failure::after(wait, failure::store_unavailable()), now),
        }
    }

    pub(super) fn generate(&mut self) -> Next {
        self.doing = Doing::Generating;
        Next::Generate
    }

    fn load(&mut self, now: &Now) -> Next {
        self.doing = Doing::Loading;
        self.asked = now.monotonic;
        Next::Load
    }

    /// Begins a draft: the record as it is.
    pub(super) fn copy(&mut self) {
        self.draft = self.record.clone();
    }

    /// Writes the draft.
    pub(super) fn swap(&mut self, now: &Now) -> Next {
        self.doing = Doing::Swapping;
        self.asked = now.monotonic;
        Next::Swap
    }

    /// Waits, each time a little longer, up to `longest`, before another look.
    fn wait(&mut self, instance: &Instance, longest: Millis, now: &Now) -> Next {
        self.waited_since.get_or_insert(now.monotonic);
        let policy = &instance.policy;
        let pause = now.jittered(doubled(policy.first_pause(), self.waits, policy.longest_pause()));
        self.waits = self.waits.saturating_add(1);
        let left = now.monotonic.until(self.deadline).max(SHORTEST_PAUSE);
        self.pause(Doing::Waiting, pause.min(longest).min(left))
    }

    /// Rests before an attempt.
    pub(super) fn rest(&mut self, pause: Millis) -> Next {
        self.pause(Doing::Resting, pause)
    }

    fn pause(&mut self, doing: Doing, pause: Millis) -> Next {
        self.doing = doing;
        Next::Wait(pause.max(SHORTEST_PAUSE))
    }

    pub(super) fn is_before_deadline(&self, moment: MonotonicMillis) -> bool {
        moment < self.deadline
    }

    /// Gives the token that is known.
    pub(super) fn give(&mut self, instance: &mut Instance, now: &Now) -> Next {
        self.complete(instance, instance.token().ok_or_else(failure::late), now)
    }

    pub(super) fn fail(&mut self, instance: &mut Instance, error: Box<Error>, now: &Now) -> Next {
        self.complete(instance, Err(error), now)
    }

    fn complete(&mut self, instance: &mut Instance, result: Result<Token>, now: &Now) -> Next {
        if let Some(since) = self.waited_since.take() {
            instance.notice(Kind::Waited, since.until(now.monotonic), None, None);
        }
        self.result = Some(result);
        Next::Complete
    }
}

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Run([redacted], lease {:?})", self.holder.nonce)
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Begun => f.write_str("Begun"),
            Self::Loaded { found, store } => write!(f, "Loaded({found:?}, {store:?})"),
            Self::Swapped { swapped, store } => write!(f, "Swapped({swapped}, {store:?})"),
            Self::StoreFailed => f.write_str("StoreFailed"),
            Self::Unreadable => f.write_str("Unreadable"),
            Self::Granted { token, sent } => write!(f, "Granted({token:?}, {sent:?})"),
            Self::Failed(error) => write!(f, "Failed({error:?})"),
            Self::Woke => f.write_str("Woke"),
        }
    }
}
