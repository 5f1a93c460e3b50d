//! A simulated world for the manager's step function. It has clocks, one store, one Daraja, and members with their
//! acquisitions. Only waits end by themselves, as time passes. Tests carry out the other outputs, in any order.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed, and each test program uses only a part"
)]

mod daraja;
mod json;
mod store;
mod store_access;

use std::collections::BTreeMap;
use std::num::NonZeroU64;

use daraja_auth_core::error::Error;
use daraja_auth_core::manager::{
    Acquisition, EndpointHash, EventType, Failure, Input, Member, MonotonicMillis, Now, Output, Policy, Record,
    StoreMillis, TokenEvent, step,
};
use daraja_auth_core::time::{EpochMillis, Millis};
use daraja_auth_core::token::Token;
use serde_json::Value;

pub use json::{record_in, value_of};
pub use store::{Answer, Question, Store};

/// An acquisition and its driver.
pub struct Driven {
    pub member: usize,
    pub run: Acquisition,
    pub output: Output,
    /// The object and the version that were loaded or written last.
    seen: (Option<Value>, Option<u64>),
    /// When the wait ends, or when the acquisition was complete.
    pub until: u64,
}

/// The world. Times are milliseconds since it began.
pub struct World {
    pub policy: Policy,
    pub store: Store,
    pub has_clock: bool,
    /// The true time.
    pub time: u64,
    /// How many milliseconds the store's clock is ahead of the true time.
    pub store_skew: i64,
    pub members: Vec<Place>,
    pub runs: BTreeMap<u32, Driven>,
    pub events: Vec<(usize, TokenEvent)>,
    /// All tokens with their ends, in the order in which Daraja granted them. Only the last one is live.
    pub granted: Vec<(String, u64)>,
    /// How many times a member asked Daraja.
    pub generates: u32,
    /// The token that each member gave last, if the test keeps it.
    pub last_given: Vec<Option<String>>,
    /// Each random number is a multiple of this.
    pub random_step: u64,
    /// The state of the random number generator.
    pub random: u64,
    next_id: u32,
}

/// A member and its clocks.
pub struct Place {
    pub member: Member,
    pub wall_skew: i64,
    /// How many milliseconds its wall clock jumps at each reading.
    pub wall_jump: i64,
    /// How many milliseconds its monotonic clock has stood still.
    pub slept: u64,
}

/// The wall clock at the beginning of a world.
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

    /// Reads the clocks of a member, and takes a random number.
    pub fn now(&mut self, member: usize) -> Now {
        // Knuth's multiplier and increment have the full period, so no state repeats.
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

    /// An endpoint accepted a token. If the record says that this endpoint rejected an older one, an acquisition begins
    /// that corrects the record.
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
        let driven = Driven { member, run, output: Output::Generate, seen: (None, None), until: 0 };
        self.runs.insert(self.next_id, driven);
        self.tell(self.next_id, Input::Begun);
        self.next_id
    }

    /// Gives an input to an acquisition.
    pub fn tell(&mut self, id: u32, input: Input) {
        let member = self.runs[&id].member;
        let now = self.now(member);
        let driven = self.runs.get_mut(&id).unwrap();
        let place = &mut self.members[member];
        driven.output = step(&mut place.member, &mut driven.run, input, &now);
        match driven.output {
            Output::Wait(Millis(span)) => driven.until = self.time + span,
            Output::Generate => self.generates += 1,
            Output::Complete(_) => driven.until = self.time,
            _ => {}
        }
        let events = place.member.take_events();
        self.events.extend(events.into_iter().map(|event| (member, event)));
    }

    /// Writes the record as another program would.
    pub fn put(&mut self, record: &Record) {
        self.store.version += 1;
        self.store.value = Some(value_of(record, self.store.value.as_ref()));
    }

    pub fn record(&self) -> Record {
        self.store.value.as_ref().and_then(record_in).unwrap()
    }

    /// Time passes for all clocks. Each wait ends at its time.
    pub fn advance(&mut self, ms: u64) {
        let end = self.time + ms;
        loop {
            let waiting = self.runs.iter().filter(|(_, run)| matches!(run.output, Output::Wait(_)) && run.until <= end);
            let Some((&id, until)) = waiting.map(|(id, run)| (id, run.until)).min_by_key(|(_, until)| *until) else {
                self.time = end;
                return;
            };
            self.time = self.time.max(until);
            self.tell(id, Input::Woke);
        }
    }

    /// Time passes, but the monotonic clock of one member stands still.
    pub fn sleep(&mut self, member: usize, ms: u64) {
        self.time += ms;
        self.members[member].slept += ms;
    }

    /// Carries out the operations of the store for an acquisition, until it waits, generates, or is complete.
    pub fn settle(&mut self, id: u32) {
        for _ in 0..20 {
            if !matches!(self.runs[&id].output, Output::Load | Output::Swap) {
                return;
            }
            self.carry(id);
        }
        panic!("acquisition {id} does not settle");
    }

    /// Carries out each output of an acquisition until it is complete.
    pub fn finish(&mut self, id: u32) -> Result<Token, Box<Error>> {
        for _ in 0..200 {
            match self.runs[&id].output {
                Output::Load | Output::Swap => self.carry(id),
                Output::Generate => {
                    self.grant(id);
                }
                Output::Wait(Millis(span)) => self.advance(span),
                Output::Complete(_) => return self.result(id),
            }
        }
        panic!("acquisition {id} does not finish");
    }

    pub fn result(&mut self, id: u32) -> Result<Token, Box<Error>> {
        match self.runs.remove(&id).unwrap().output {
            Output::Complete(result) => result.map_err(Failure::error),
            output => panic!("acquisition {id} is at {output:?}"),
        }
    }

    /// Gets a token: begins an acquisition, and carries out its outputs until it is complete.
    pub fn token(&mut self, member: usize) -> String {
        let id = self.get(member);
        self.finish(id).unwrap().access_token.as_str().into()
    }

    /// Takes the types of all events.
    pub fn take_event_types(&mut self) -> Vec<&'static str> {
        std::mem::take(&mut self.events).into_iter().map(|(_, event)| event.event_type.as_str()).collect()
    }

    pub fn count(&self, event_type: EventType) -> usize {
        self.events.iter().filter(|(_, event)| event.event_type == event_type).count()
    }
}
