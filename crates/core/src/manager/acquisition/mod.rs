//! One run: from the question for a token to the answer, one effect after the other.
//!
//! [`State`] has the states. What happens in them is in `without_lease`, `with_lease` and `store_failure`.

mod state;
mod store_failure;
mod with_lease;
mod without_lease;

use crate::manager::clock::{MonotonicMillis, Now, Reading};
use crate::manager::effect::{Effect, Event};
use crate::manager::failure::{Failure, Why};
use crate::manager::id::EndpointHash;
use crate::manager::instance::Instance;
use crate::manager::notice::Kind;
use crate::manager::policy::doubled;
use crate::manager::record::Record;
use crate::time::Millis;
use crate::token::{AccessToken, Token};
use state::State;

/// A pause that nobody announced, such as one of a few milliseconds before a deadline, is at least this long.
const SHORTEST_PAUSE: Millis = Millis(1);
/// So many pauses are equally long before they grow: about a second in all.
const EQUAL_PAUSES: u32 = 5;

/// One run of the protocol. Its constructors change one that was built, since building each anew costs 0.6 KB after gzip.
#[derive(Clone, Debug, Default, Hash)]
pub struct Run {
    /// The token that an API refused.
    bad: Option<AccessToken>,
    /// The token that an API accepted.
    good: Option<AccessToken>,
    endpoint: Option<EndpointHash>,
    always_looks: bool,
    pub(super) deadline: MonotonicMillis,
    began: MonotonicMillis,

    state: State,
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
    record: Record,
    /// Whether that differs from what the store has.
    differs: bool,
    reading: Reading,
    /// What the next write puts in its place.
    draft: Record,
    result: Option<Result<Token, Failure>>,
}

/// An effect whose result, if any, lies in the run: small enough to be returned through many functions.
enum Next {
    Load,
    Swap,
    Generate,
    Wait(Millis),
    Complete,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
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
    pub fn get(deadline: MonotonicMillis) -> Self {
        Self { deadline, ..Self::default() }
    }

    /// A run for callers that an API refused this token. `endpoint` is the API, where it is known.
    pub fn report(token: AccessToken, endpoint: Option<EndpointHash>, deadline: MonotonicMillis) -> Self {
        let mut run = Self::get(deadline);
        run.bad = Some(token);
        run.endpoint = endpoint;
        run
    }

    /// A run that looks at the record, however fresh the local copy is: for a renewal in the background.
    pub fn look(deadline: MonotonicMillis) -> Self {
        let mut run = Self::get(deadline);
        run.always_looks = true;
        run
    }

    /// A run that tells the others that the endpoint accepted this token, where [`Instance::is_news`] says so.
    pub fn accept(token: AccessToken, endpoint: EndpointHash, deadline: MonotonicMillis) -> Self {
        let mut run = Self::look(deadline);
        run.good = Some(token);
        run.endpoint = Some(endpoint);
        run
    }

    /// Another caller, who waits until then, joins the run.
    pub fn join(&mut self, deadline: MonotonicMillis) {
        self.deadline = self.deadline.max(deadline);
    }

    /// What [`Effect::Swap`] writes.
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
            Next::Complete => Effect::Complete(self.result.clone().unwrap_or(Err(Why::Late.into()))),
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
                if let Some(endpoint) = self.endpoint
                    && self.record.token == self.good
                    && self.record.has_refused(endpoint)
                {
                    self.record.forget_refusal(endpoint);
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
                self.record = self.draft.clone();
                self.differs = false;
                self.decide(instance, now)
            }
            // The loser reads again; who loses again and again waits in between.
            Event::Swapped { .. } => {
                self.refused = self.refused.saturating_add(1);
                if self.refused == 1 { self.load(now) } else { self.wait(instance, instance.policy.longest_pause, now) }
            }
            Event::StoreFailed => self.store_failed(instance, now),
            Event::Unreadable => self.unreadable(instance, now),
            Event::Granted { token, sent } => self.granted(instance, token, sent, now),
            Event::Failed(failure) => self.attempt_failed(instance, failure, now),
        }
    }

    fn wake(&mut self, instance: &mut Instance, now: &Now) -> Next {
        if self.doing == Doing::Resting {
            return self.attempt(instance, now);
        }
        // A run that may hold the lease goes on, so that it releases it.
        if matches!(self.state, State::WithoutLease) {
            if instance.is_closed() {
                return self.fail(instance, Why::Closed, now);
            }
            if !self.always_looks && instance.is_fresh(now, self.bad.as_ref()) {
                return self.give(instance, now);
            }
        }
        self.load(now)
    }

    /// What to do, now that it is known what the record says.
    fn decide(&mut self, instance: &mut Instance, now: &Now) -> Next {
        let is_published = self.is_published();
        instance.adopt(&self.record, self.reading, now, is_published);
        if is_published {
            return self.published(instance, now);
        }
        if self.confirm_ownership(instance, now) {
            return self.with_lease(instance, now);
        }
        self.without_lease(instance, now)
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

    /// Begins a draft: the record as it is.
    fn begin_draft(&mut self) {
        self.draft = self.record.clone();
    }

    /// Writes the draft.
    fn swap(&mut self, now: &Now) -> Next {
        self.doing = Doing::Swapping;
        self.asked = now.monotonic;
        Next::Swap
    }

    /// Waits, each time a little longer, up to `longest`, before another look.
    fn wait(&mut self, instance: &Instance, longest: Millis, now: &Now) -> Next {
        let policy = &instance.policy;
        self.wait_for(doubled(policy.first_pause, self.waits, policy.longest_pause), longest, now)
    }

    /// Waits for another instance's token, with no usable one at hand.
    ///
    /// Daraja answers in about half a second. So the first looks are equally far apart, and only then do pauses grow: with
    /// a store that cannot wake, the longest wait of a cold herd is 1.4 generates instead of 2.4, for as many looks.
    fn wait_for_token(&mut self, instance: &Instance, now: &Now) -> Next {
        let policy = &instance.policy;
        let doublings = self.waits.saturating_sub(EQUAL_PAUSES) + 1;
        self.wait_for(doubled(policy.first_pause, doublings, policy.longest_pause), policy.longest_pause, now)
    }

    fn wait_for(&mut self, pause: Millis, longest: Millis, now: &Now) -> Next {
        self.waited_since.get_or_insert(now.monotonic);
        let pause = now.jittered(pause);
        self.waits = self.waits.saturating_add(1);
        let left = now.monotonic.until(self.deadline);
        // A holder goes on past the deadline, but not in a hurry.
        let longest = if left > Millis(0) { longest.min(left) } else { longest };
        self.pause(Doing::Waiting, pause.min(longest))
    }

    /// Rests before an attempt.
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

    /// Gives the token that is known.
    fn give(&mut self, instance: &mut Instance, now: &Now) -> Next {
        self.complete(instance, instance.token().ok_or(Why::Late.into()), now)
    }

    fn fail(&mut self, instance: &mut Instance, failure: impl Into<Failure>, now: &Now) -> Next {
        self.complete(instance, Err(failure.into()), now)
    }

    fn complete(&mut self, instance: &mut Instance, result: Result<Token, Failure>, now: &Now) -> Next {
        if let Some(since) = self.waited_since.take() {
            instance.notice(Kind::Waited, since.until(now.monotonic), None, None);
        }
        self.result = Some(result);
        Next::Complete
    }
}
