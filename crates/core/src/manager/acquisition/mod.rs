//! One acquisition: from the call for a token to its result, one output after the other.
//!
//! [`State`] has the states. Their steps are in `without_lease`, `with_lease` and `store_failure`.

mod state;
mod store_failure;
mod with_lease;
mod without_lease;

use crate::manager::clock::{MonotonicMillis, Now, Reading};
use crate::manager::event::EventType;
use crate::manager::failure::{Failure, FailureKind};
use crate::manager::id::EndpointHash;
use crate::manager::io::{Input, Output};
use crate::manager::member::Member;
use crate::manager::policy::doubled;
use crate::manager::record::Record;
use crate::time::Millis;
use crate::token::{AccessToken, Token};
use state::State;

/// The shortest pause, so that the last milliseconds before a deadline do not become a busy loop.
const SHORTEST_PAUSE: Millis = Millis(1);
/// This many pauses after the first have the same length, before jitter. Only later ones grow. Together they take
/// about a second.
const EQUAL_PAUSES: u32 = 5;

/// One acquisition of a token. The other constructors change the value of `get`, because each constructor that builds a
/// whole value costs 0.6 KB after gzip.
#[derive(Clone, Debug, Default, Hash)]
pub struct Acquisition {
    /// The token that an endpoint rejected.
    rejected_token: Option<AccessToken>,
    /// The token that an endpoint accepted.
    accepted_token: Option<AccessToken>,
    endpoint: Option<EndpointHash>,
    revalidates: bool,
    pub(super) deadline: MonotonicMillis,
    began: MonotonicMillis,

    state: State,
    /// The task that the driver carries out now.
    doing: Doing,
    asked: MonotonicMillis,
    waited_since: Option<MonotonicMillis>,
    waits: u32,
    /// How many compare-and-swaps in a row found another version.
    lost_swaps: u32,
    /// When the current failure of the store began.
    store_fails_since: Option<MonotonicMillis>,

    /// The record as it is in the store. If `differs` is true, it is the record as it should be.
    record: Record,
    /// Whether the store's record needs a correction.
    differs: bool,
    reading: Reading,
    /// The record of the next write.
    draft: Record,
    result: Option<Result<Token, Failure>>,
}

/// An [`Output`] without the result, which is in the acquisition. So it is small enough to be returned through many
/// functions.
enum Next {
    Load,
    Swap,
    Generate,
    Wait(Millis),
    Complete,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
enum Doing {
    /// Waits before it loads the record again.
    #[default]
    Waiting,
    Loading,
    Swapping,
    Generating,
    /// Waits before an attempt. A wake does not end this wait.
    Resting,
}

impl Acquisition {
    /// Gets a token for callers. The last caller waits until `deadline`.
    pub fn get(deadline: MonotonicMillis) -> Self {
        Self { deadline, ..Self::default() }
    }

    /// Replaces a token that an endpoint rejected, if that endpoint is not at fault itself.
    pub fn report(token: AccessToken, endpoint: Option<EndpointHash>, deadline: MonotonicMillis) -> Self {
        let mut run = Self::get(deadline);
        run.rejected_token = Some(token);
        run.endpoint = endpoint;
        run
    }

    /// Loads the record even if the cache is fresh, and renews the token if it is due: for a renewal in the background.
    pub fn revalidate(deadline: MonotonicMillis) -> Self {
        let mut run = Self::get(deadline);
        run.revalidates = true;
        run
    }

    /// Tells the other members that an endpoint accepted this token, if [`Member::is_accepted_after_rejection`] says
    /// so.
    pub fn accept(token: AccessToken, endpoint: EndpointHash, deadline: MonotonicMillis) -> Self {
        let mut run = Self::revalidate(deadline);
        run.accepted_token = Some(token);
        run.endpoint = Some(endpoint);
        run
    }

    /// Adds a caller that waits until this deadline.
    pub fn join(&mut self, deadline: MonotonicMillis) {
        self.deadline = self.deadline.max(deadline);
    }

    /// The record that [`Output::Swap`] writes.
    pub fn next(&self) -> &Record {
        &self.draft
    }

    /// Takes the result of the last output, and gives the next one.
    pub(super) fn step(&mut self, member: &mut Member, input: Input, now: &Now) -> Output {
        match self.advance(member, input, now) {
            Next::Load => Output::Load,
            Next::Swap => Output::Swap,
            Next::Generate => Output::Generate,
            Next::Wait(span) => Output::Wait(span),
            Next::Complete => Output::Complete(self.result.clone().unwrap_or(Err(FailureKind::Late.into()))),
        }
    }

    fn advance(&mut self, member: &mut Member, input: Input, now: &Now) -> Next {
        match input {
            Input::Begun => {
                self.began = now.monotonic;
                self.wake(member, now)
            }
            Input::Woke => self.wake(member, now),
            Input::Loaded { found, store } => {
                member.sees_store();
                self.reading = Reading::new(store, self.asked, now);
                (self.record, self.differs) = member.reconcile(found, self.reading, now);
                if let Some(endpoint) = self.endpoint
                    && self.record.token == self.accepted_token
                    && self.record.has_rejected(endpoint)
                {
                    self.record.forget_rejection(endpoint);
                    self.differs = true;
                }
                self.decide(member, now)
            }
            Input::Swapped { swapped: true, store } => {
                self.lost_swaps = 0;
                self.store_fails_since = None;
                if store.is_some() || !self.reading.is_of_store() {
                    self.reading = Reading::new(store, self.asked, now);
                }
                self.record = self.draft.clone();
                self.differs = false;
                self.decide(member, now)
            }
            // A load follows the first lost swap. A wait follows each further one.
            Input::Swapped { .. } => {
                self.lost_swaps = self.lost_swaps.saturating_add(1);
                if self.lost_swaps == 1 { self.load(now) } else { self.wait(member, member.policy.longest_pause, now) }
            }
            Input::StoreFailed => self.store_failed(member, now),
            Input::Unreadable => self.unreadable(member, now),
            Input::Granted { token, sent } => self.granted(member, token, sent, now),
            Input::Failed(failure) => self.attempt_failed(member, failure, now),
        }
    }

    fn wake(&mut self, member: &mut Member, now: &Now) -> Next {
        if self.doing == Doing::Resting {
            return self.attempt(member, now);
        }
        // An acquisition that may hold the lease goes on, so that it can release the lease.
        if matches!(self.state, State::WithoutLease) {
            if member.is_closed() {
                return self.fail(member, FailureKind::Closed, now);
            }
            if !self.revalidates && member.is_fresh(now, self.rejected_token.as_ref()) {
                return self.finish_with_token(member, now);
            }
        }
        self.load(now)
    }

    /// Decides what to do about the record that was loaded or written.
    fn decide(&mut self, member: &mut Member, now: &Now) -> Next {
        let is_published = self.is_published();
        member.adopt(&self.record, self.reading, now, is_published);
        if is_published {
            return self.published(member, now);
        }
        if self.confirm_ownership(member, now) {
            return self.with_lease(member, now);
        }
        self.without_lease(member, now)
    }

    fn generate(&mut self) -> Next {
        self.doing = Doing::Generating;
        Next::Generate
    }

    fn load(&mut self, now: &Now) -> Next {
        self.doing = Doing::Loading;
        self.asked = now.monotonic;
        Next::Load
    }

    /// Begins a draft from the record.
    fn begin_draft(&mut self) {
        self.draft = self.record.clone();
    }

    /// Writes the draft.
    fn swap(&mut self, now: &Now) -> Next {
        self.doing = Doing::Swapping;
        self.asked = now.monotonic;
        Next::Swap
    }

    /// Waits before the next load, each time a little longer, up to `longest`.
    fn wait(&mut self, member: &Member, longest: Millis, now: &Now) -> Next {
        let policy = &member.policy;
        self.wait_for(doubled(policy.first_pause, self.waits, policy.longest_pause), longest, now)
    }

    /// Waits for another member's token while there is no usable one.
    ///
    /// Daraja answers in about half a second. So the first pauses have the same length, and only later ones grow. If
    /// many members begin at once and the store cannot wake them, they wait at most 1.4 times as long as a generate
    /// takes. If all pauses grew, it would be 2.4 times, with as many loads.
    fn wait_for_token(&mut self, member: &Member, now: &Now) -> Next {
        let policy = &member.policy;
        let doublings = self.waits.saturating_sub(EQUAL_PAUSES) + 1;
        self.wait_for(doubled(policy.first_pause, doublings, policy.longest_pause), policy.longest_pause, now)
    }

    fn wait_for(&mut self, pause: Millis, longest: Millis, now: &Now) -> Next {
        self.waited_since.get_or_insert(now.monotonic);
        let pause = now.jittered(pause);
        self.waits = self.waits.saturating_add(1);
        let left = now.monotonic.until(self.deadline);
        // An acquisition with the lease goes on after the deadline, with ordinary pauses.
        let longest = if left > Millis(0) { longest.min(left) } else { longest };
        self.pause(Doing::Waiting, pause.min(longest))
    }

    /// Pauses before an attempt.
    fn rest(&mut self, pause: Millis) -> Next {
        self.pause(Doing::Resting, pause)
    }

    fn pause(&mut self, doing: Doing, pause: Millis) -> Next {
        self.doing = doing;
        Next::Wait(pause.max(SHORTEST_PAUSE))
    }

    pub(super) fn is_before_deadline(&self, moment: MonotonicMillis) -> bool {
        moment < self.deadline
    }

    /// Ends with the token in the cache.
    fn finish_with_token(&mut self, member: &mut Member, now: &Now) -> Next {
        self.complete(member, member.token().ok_or(FailureKind::Late.into()), now)
    }

    fn fail(&mut self, member: &mut Member, failure: impl Into<Failure>, now: &Now) -> Next {
        self.complete(member, Err(failure.into()), now)
    }

    fn complete(&mut self, member: &mut Member, result: Result<Token, Failure>, now: &Now) -> Next {
        if let Some(since) = self.waited_since.take() {
            member.emit(EventType::Waited, since.until(now.monotonic), None, None);
        }
        self.result = Some(result);
        Next::Complete
    }
}
