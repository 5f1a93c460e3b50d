//! A world for the manager's step function: clocks, one store, one Daraja, instances with their runs. Nothing in it moves
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
    Effect, EndpointHash, Event, Failure, Instance, Kind, MonotonicMillis, Notice, Now, Policy, Record, Run,
    StoreMillis, step,
};
use daraja_auth_core::time::{EpochMillis, Millis};
use daraja_auth_core::token::Token;
use serde_json::Value;

pub use json::{record_in, value_of};
pub use store::{Answer, Question, Store};

/// One run and its driver.
pub struct Driven {
    pub instance: usize,
    pub run: Run,
    pub effect: Effect,
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
    pub instances: Vec<Place>,
    pub runs: BTreeMap<u32, Driven>,
    pub notices: Vec<(usize, Notice)>,
    /// All tokens in the order in which Daraja granted them, with their ends; the last one lives.
    pub granted: Vec<(String, u64)>,
    /// How many times an instance asked Daraja.
    pub generates: u32,
    /// What each instance was given last, where a test keeps it.
    pub last_given: Vec<Option<String>>,
    /// Random numbers are multiples of this.
    pub random_step: u64,
    /// What the next one comes of.
    pub random: u64,
    next_id: u32,
}

/// An instance and its clocks.
pub struct Place {
    pub instance: Instance,
    pub wall_skew: i64,
    /// How far its wall clock jumps each time that it is read.
    pub wall_jump: i64,
    /// How long its monotonic clock stood still.
    pub slept: u64,
}

/// The wall clock of a world that begins.
pub const BEGINNING: u64 = 1_000_000_000;

impl World {
    pub fn new(policy: Policy, instances: usize) -> Self {
        let place = |_| Place { instance: Instance::new(policy.clone()), wall_skew: 0, wall_jump: 0, slept: 0 };
        Self {
            instances: (0..instances).map(place).collect(),
            policy,
            store: Store::default(),
            has_clock: true,
            time: 0,
            store_skew: 0,
            runs: BTreeMap::new(),
            notices: Vec::new(),
            granted: Vec::new(),
            generates: 0,
            last_given: vec![None; instances],
            random: 1,
            next_id: 0,
            random_step: 1,
        }
    }

    /// What the clocks of an instance say.
    pub fn now(&mut self, instance: usize) -> Now {
        // An odd multiplier: no value comes twice.
        self.random = self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let place = &mut self.instances[instance];
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

    pub fn get(&mut self, instance: usize) -> u32 {
        let deadline = self.deadline(instance);
        self.begin(instance, Run::get(deadline))
    }

    pub fn report(&mut self, instance: usize, token: &str, endpoint: u64) -> u32 {
        let deadline = self.deadline(instance);
        self.begin(instance, Run::report(token.into(), EndpointHash::new(endpoint), deadline))
    }

    /// An endpoint accepted a token: gives the run that tells the others, where there is news.
    pub fn accept(&mut self, instance: usize, token: &str, endpoint: u64) -> Option<u32> {
        let deadline = self.deadline(instance);
        let instance_of = &self.instances[instance].instance;
        let endpoint = EndpointHash::new(endpoint).unwrap();
        let is_news = instance_of.awaits_news() && instance_of.is_news(token, endpoint);
        is_news.then(|| self.begin(instance, Run::accept(token.into(), endpoint, deadline)))
    }

    pub fn live(&mut self, instance: usize) -> Option<Token> {
        let now = self.now(instance);
        self.instances[instance].instance.live(&now)
    }

    pub fn spare(&mut self, instance: usize) -> Option<Token> {
        let now = self.now(instance);
        self.instances[instance].instance.spare(&now)
    }

    pub fn deadline(&mut self, instance: usize) -> MonotonicMillis {
        let span = self.policy.deadline;
        self.now(instance).monotonic.after(span)
    }

    pub fn begin(&mut self, instance: usize, run: Run) -> u32 {
        self.next_id += 1;
        let driven = Driven { instance, run, effect: Effect::Generate, seen: (None, None), until: 0 };
        self.runs.insert(self.next_id, driven);
        self.tell(self.next_id, Event::Begun);
        self.next_id
    }

    /// Hands an event to a run.
    pub fn tell(&mut self, id: u32, event: Event) {
        let instance = self.runs[&id].instance;
        let now = self.now(instance);
        let driven = self.runs.get_mut(&id).unwrap();
        let place = &mut self.instances[instance];
        driven.effect = step(&mut place.instance, &mut driven.run, event, &now);
        match driven.effect {
            Effect::Wait(Millis(span)) => driven.until = self.time + span,
            Effect::Generate => self.generates += 1,
            Effect::Complete(_) => driven.until = self.time,
            _ => {}
        }
        let notices = place.instance.take_notices();
        self.notices.extend(notices.into_iter().map(|notice| (instance, notice)));
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
        self.tell(id, Event::StoreFailed);
    }

    /// What a run asks of the store does not even get there.
    pub fn lose_question(&mut self, id: u32) {
        self.tell(id, Event::StoreFailed);
    }

    /// What a run asks of the store.
    pub fn question(&self, id: u32) -> Question {
        let driven = &self.runs[&id];
        match driven.effect {
            Effect::Load => Question::Load,
            Effect::Swap => Question::Swap(driven.seen.1, value_of(driven.run.next(), driven.seen.0.as_ref())),
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
                    Some(None) => Event::Unreadable,
                    Some(Some(record)) => Event::Loaded { found: Some(Box::new(record)), store },
                    None => Event::Loaded { found: None, store },
                }
            }
            Answer::Swapped(Some((value, version)), store) => {
                driven.seen = (Some(value), Some(version));
                Event::Swapped { swapped: true, store }
            }
            Answer::Swapped(None, store) => Event::Swapped { swapped: false, store },
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
        assert_eq!(self.runs[&id].effect, Effect::Generate);
        let name = self.generate_elsewhere(3599);
        let instance = self.runs[&id].instance;
        let now = self.now(instance);
        let expires_at = EpochMillis(now.wall.0 - ms + 3_599_000);
        let token = Token { access_token: name.as_str().into(), expires_in: 3599, expires_at };
        self.granted.last_mut().unwrap().1 -= ms;
        self.tell(id, Event::Granted { token, sent: MonotonicMillis(now.monotonic.0 - ms) });
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
        assert_eq!(self.runs[&id].effect, Effect::Generate);
        self.tell(id, Event::Failed(Failure::attempt(code, retry_after)));
    }

    /// Time passes everywhere. Waits end when they do.
    pub fn advance(&mut self, ms: u64) {
        let end = self.time + ms;
        loop {
            let waiting = self.runs.iter().filter(|(_, run)| matches!(run.effect, Effect::Wait(_)) && run.until <= end);
            let Some((&id, until)) = waiting.map(|(id, run)| (id, run.until)).min_by_key(|(_, until)| *until) else {
                self.time = end;
                return;
            };
            self.time = self.time.max(until);
            self.tell(id, Event::Woke);
        }
    }

    /// Time passes, but not for the monotonic clock of an instance.
    pub fn sleep(&mut self, instance: usize, ms: u64) {
        self.time += ms;
        self.instances[instance].slept += ms;
    }

    /// Does for a run whatever it asks for until it waits, generates, or is over.
    pub fn settle(&mut self, id: u32) {
        for _ in 0..20 {
            if !matches!(self.runs[&id].effect, Effect::Load | Effect::Swap) {
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
                Effect::Load | Effect::Swap => self.carry(id),
                Effect::Generate => {
                    self.grant(id);
                }
                Effect::Wait(Millis(span)) => self.advance(span),
                Effect::Complete(_) => return self.result(id),
            }
        }
        panic!("run {id} does not finish");
    }

    pub fn result(&mut self, id: u32) -> Result<Token, Box<Error>> {
        match self.runs.remove(&id).unwrap().effect {
            Effect::Complete(result) => result.map_err(Failure::error),
            effect => panic!("run {id} is at {effect:?}"),
        }
    }

    /// Gets a token at once, whatever it takes.
    pub fn token(&mut self, instance: usize) -> String {
        let id = self.get(instance);
        self.finish(id).unwrap().access_token.as_str().into()
    }

    pub fn kinds(&mut self) -> Vec<&'static str> {
        std::mem::take(&mut self.notices).into_iter().map(|(_, notice)| notice.kind.as_str()).collect()
    }

    pub fn count(&self, kind: Kind) -> usize {
        self.notices.iter().filter(|(_, notice)| notice.kind == kind).count()
    }
}
