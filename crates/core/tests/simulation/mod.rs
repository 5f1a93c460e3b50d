//! A world for the manager's step function: clocks, one store, one Daraja, members with their runs. Nothing in it moves
//! by itself: tests carry out the effects, in any order.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed; each uses a part"
)]

mod json;
mod store;

use std::collections::BTreeMap;
use std::num::NonZeroU64;

use daraja_auth_core::error::{Code, Error};
use daraja_auth_core::manager::{
    Acquisition, EndpointHash, EventType, Failure, Input, Member, MonotonicMillis, Now, Output, Policy, Record,
    StoreMillis, TokenEvent, step,
};
use daraja_auth_core::time::{EpochMillis, Millis};
use daraja_auth_core::token::Token;
use serde_json::Value;

pub use json::{record_in, value_of};
pub use store::{Answer, Question, Store};

/// One run and its driver.
pub struct Driven {
    pub member: usize,
    pub run: Acquisition,
    pub effect: Output,
    /// The object and the version that were loaded or written last.
    seen: (Option<Value>, Option<u64>),
    /// When a wait is over, or when the run was.
    pub until: u64,
}

/// The world. Times are milliseconds since it began.
pub struct World {
    pub policy: Policy,
    pub store: Store,
    pub has_clock: bool,
    /// True time.
    pub time: u64,
    /// How far the store's clock is off.
    pub store_skew: i64,
    pub members: Vec<Place>,
    pub runs: BTreeMap<u32, Driven>,
    pub events: Vec<(usize, TokenEvent)>,
    /// All tokens in the order in which Daraja granted them, with their ends; the last one lives.
    pub granted: Vec<(String, u64)>,
    /// How many times a member asked Daraja.
    pub generates: u32,
    /// What each member was given last, where a test keeps it.
    pub last_given: Vec<Option<String>>,
    /// Random numbers are multiples of this.
    pub random_step: u64,
    /// What the next one comes of.
    pub random: u64,
    next_id: u32,
}

/// A member and its clocks.
pub struct Place {
    pub member: Member,
    pub wall_skew: i64,
    /// How far its wall clock jumps each time that it is read.
    pub wall_jump: i64,
    /// How long its monotonic clock stood still.
    pub slept: u64,
}

/// The wall clock of a world that begins.
pub const BEGINNING: u64 = 1_000_000_000;

impl World {
    pub fn new(policy: Policy, members: usize) -> Self {
        let place = |_| Place { member: Member::new(policy.clone()), wall_skew: 0, wall_jump: 0, slept: 0 };
        Self {
            members: (0..members).map(place).collect(),
            policy,
            store: Store::default(),
            has_clock: true,
            time: 0,
            store_skew: 0,
            runs: BTreeMap::new(),
            events: Vec::new(),
            granted: Vec::new(),
            generates: 0,
            last_given: vec![None; members],
            random: 1,
            next_id: 0,
            random_step: 1,
        }
    }

    /// What the clocks of a member say.
    pub fn now(&mut self, member: usize) -> Now {
        // An odd multiplier: no value comes twice.
        self.random = self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let place = &mut self.members[member];
        place.wall_skew += place.wall_jump;
        Now {
            wall: EpochMillis((BEGINNING + self.time).saturating_add_signed(place.wall_skew)),
            monotonic: MonotonicMillis(self.time - place.slept),
            random: NonZeroU64::new(((self.random >> 11) / self.random_step).max(1) * self.random_step).unwrap(),
        }
    }

    pub fn store_now(&self) -> Option<StoreMillis> {
        self.has_clock.then(|| StoreMillis((BEGINNING + self.time).saturating_add_signed(self.store_skew)))
    }

    pub fn get(&mut self, member: usize) -> u32 {
        let deadline = self.deadline(member);
        self.begin(member, Acquisition::get(deadline))
    }

    pub fn report(&mut self, member: usize, token: &str, endpoint: u64) -> u32 {
        let deadline = self.deadline(member);
        self.begin(member, Acquisition::report(token.into(), EndpointHash::new(endpoint), deadline))
    }

    /// An endpoint accepted a token: gives the run that tells the others, where there is news.
    pub fn accept(&mut self, member: usize, token: &str, endpoint: u64) -> Option<u32> {
        let deadline = self.deadline(member);
        let instance_of = &self.members[member].member;
        let endpoint = EndpointHash::new(endpoint).unwrap();
        let is_accepted_after_rejection =
            instance_of.tracks_rejections() && instance_of.is_accepted_after_rejection(token, endpoint);
        is_accepted_after_rejection.then(|| self.begin(member, Acquisition::accept(token.into(), endpoint, deadline)))
    }

    pub fn live(&mut self, member: usize) -> Option<Token> {
        let now = self.now(member);
        self.members[member].member.live(&now)
    }

    pub fn token_during_renewal(&mut self, member: usize) -> Option<Token> {
        let now = self.now(member);
        self.members[member].member.token_during_renewal(&now)
    }

    pub fn deadline(&mut self, member: usize) -> MonotonicMillis {
        let span = self.policy.deadline;
        self.now(member).monotonic.after(span)
    }

    pub fn begin(&mut self, member: usize, run: Acquisition) -> u32 {
        self.next_id += 1;
        let driven = Driven { member, run, effect: Output::Generate, seen: (None, None), until: 0 };
        self.runs.insert(self.next_id, driven);
        self.tell(self.next_id, Input::Begun);
        self.next_id
    }

    /// Hands an event to a run.
    pub fn tell(&mut self, id: u32, event: Input) {
        let member = self.runs[&id].member;
        let now = self.now(member);
        let driven = self.runs.get_mut(&id).unwrap();
        let place = &mut self.members[member];
        driven.effect = step(&mut place.member, &mut driven.run, event, &now);
        match driven.effect {
            Output::Wait(Millis(span)) => driven.until = self.time + span,
            Output::Generate => self.generates += 1,
            Output::Complete(_) => driven.until = self.time,
            _ => {}
        }
        let events = place.member.take_events();
        self.events.extend(events.into_iter().map(|event| (member, event)));
    }

    /// Carries out what a run asks of the store, and tells it.
    pub fn carry(&mut self, id: u32) {
        let question = self.question(id);
        let answer = self.answer(question);
        self.hear(id, answer);
    }

    /// The same, but the answer gets lost.
    pub fn lose_answer(&mut self, id: u32) {
        let question = self.question(id);
        self.answer(question);
        self.tell(id, Input::StoreFailed);
    }

    /// What a run asks of the store does not even get there.
    pub fn lose_question(&mut self, id: u32) {
        self.tell(id, Input::StoreFailed);
    }

    /// What a run asks of the store.
    pub fn question(&self, id: u32) -> Question {
        let driven = &self.runs[&id];
        match driven.effect {
            Output::Load => Question::Load,
            Output::Swap => Question::Swap(driven.seen.1, value_of(driven.run.next(), driven.seen.0.as_ref())),
            ref effect => panic!("run {id} asks nothing of the store: {effect:?}"),
        }
    }

    /// The store carries it out.
    pub fn answer(&mut self, question: Question) -> Answer {
        let now = self.store_now();
        self.store.answer(question, now)
    }

    /// A run is told what the store answered.
    pub fn hear(&mut self, id: u32, answer: Answer) {
        let driven = self.runs.get_mut(&id).unwrap();
        let event = match answer {
            Answer::Loaded(found, store) => {
                driven.seen = found.unzip();
                match driven.seen.0.as_ref().map(record_in) {
                    Some(None) => Input::Unreadable,
                    Some(Some(record)) => Input::Loaded { found: Some(Box::new(record)), store },
                    None => Input::Loaded { found: None, store },
                }
            }
            Answer::Swapped(Some((value, version)), store) => {
                driven.seen = (Some(value), Some(version));
                Input::Swapped { swapped: true, store }
            }
            Answer::Swapped(None, store) => Input::Swapped { swapped: false, store },
        };
        self.tell(id, event);
    }

    /// Somebody else writes the record.
    pub fn put(&mut self, record: &Record) {
        self.store.version += 1;
        self.store.value = Some(value_of(record, self.store.value.as_ref()));
    }

    pub fn record(&self) -> Record {
        self.store.value.as_ref().and_then(record_in).unwrap()
    }

    /// Daraja grants a run the next token: T1, T2, and so on. It takes no time.
    pub fn grant(&mut self, id: u32) -> String {
        self.grant_after(id, 0)
    }

    /// The same; the request was sent so long ago.
    pub fn grant_after(&mut self, id: u32, ms: u64) -> String {
        assert_eq!(self.runs[&id].effect, Output::Generate);
        let name = self.generate_elsewhere(3599);
        let member = self.runs[&id].member;
        let now = self.now(member);
        let expires_at = EpochMillis(now.wall.0 - ms + 3_599_000);
        let token = Token { access_token: name.as_str().into(), expires_in: 3599, expires_at };
        self.granted.last_mut().unwrap().1 -= ms;
        self.tell(id, Input::Granted { token, sent: MonotonicMillis(now.monotonic.0 - ms) });
        name
    }

    /// Somebody without a store generates a token.
    pub fn generate_elsewhere(&mut self, seconds: u64) -> String {
        let name = format!("T{}", self.granted.len() + 1);
        self.granted.push((name.clone(), self.time + seconds * 1000));
        name
    }

    pub fn refuse(&mut self, id: u32, code: Code) {
        self.refuse_with(id, code, None);
    }

    pub fn refuse_with(&mut self, id: u32, code: Code, retry_after: Option<Millis>) {
        assert_eq!(self.runs[&id].effect, Output::Generate);
        self.tell(id, Input::Failed(Failure::attempt(code, retry_after)));
    }

    /// Time passes everywhere. Waits end when they do.
    pub fn advance(&mut self, ms: u64) {
        let end = self.time + ms;
        loop {
            let waiting = self.runs.iter().filter(|(_, run)| matches!(run.effect, Output::Wait(_)) && run.until <= end);
            let Some((&id, until)) = waiting.map(|(id, run)| (id, run.until)).min_by_key(|(_, until)| *until) else {
                self.time = end;
                return;
            };
            self.time = self.time.max(until);
            self.tell(id, Input::Woke);
        }
    }

    /// Time passes, but not for the monotonic clock of a member.
    pub fn sleep(&mut self, member: usize, ms: u64) {
        self.time += ms;
        self.members[member].slept += ms;
    }

    /// Does for a run whatever it asks for until it waits, generates, or is over.
    pub fn settle(&mut self, id: u32) {
        for _ in 0..20 {
            if !matches!(self.runs[&id].effect, Output::Load | Output::Swap) {
                return;
            }
            self.carry(id);
        }
        panic!("run {id} does not settle");
    }

    /// Does for a run whatever it asks for to its end.
    pub fn finish(&mut self, id: u32) -> Result<Token, Box<Error>> {
        for _ in 0..200 {
            match self.runs[&id].effect {
                Output::Load | Output::Swap => self.carry(id),
                Output::Generate => {
                    self.grant(id);
                }
                Output::Wait(Millis(span)) => self.advance(span),
                Output::Complete(_) => return self.result(id),
            }
        }
        panic!("run {id} does not finish");
    }

    pub fn result(&mut self, id: u32) -> Result<Token, Box<Error>> {
        match self.runs.remove(&id).unwrap().effect {
            Output::Complete(result) => result.map_err(Failure::error),
            effect => panic!("run {id} is at {effect:?}"),
        }
    }

    /// Gets a token at once, whatever it takes.
    pub fn token(&mut self, member: usize) -> String {
        let id = self.get(member);
        self.finish(id).unwrap().access_token.as_str().into()
    }

    pub fn kinds(&mut self) -> Vec<&'static str> {
        std::mem::take(&mut self.events).into_iter().map(|(_, event)| event.event_type.as_str()).collect()
    }

    pub fn count(&self, kind: EventType) -> usize {
        self.events.iter().filter(|(_, event)| event.event_type == kind).count()
    }
}
