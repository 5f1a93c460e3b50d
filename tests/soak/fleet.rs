//! A fleet in simulated time: a queue of events, and the driver of src/manager's step function.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt;

use daraja_auth::error::{Code, Result};
use daraja_auth::manager::{Effect, Event, Failure, MonotonicMillis, NamedToken, Policy};
use daraja_auth::time::{EpochMillis, Millis};
use daraja_auth::token::Token;
use fastrand::Rng;

use crate::daraja::Daraja;
use crate::tally::Tally;
use crate::weather::{Fate, Strike, Weather};
use crate::world::{Answer, Driven, Question, Store, World, name_of};

/// What a fleet is like.
#[derive(Clone, Debug)]
pub struct Options {
    pub seed: u64,
    pub instances: usize,
    pub hours: u64,
    /// No faults at all.
    pub is_calm: bool,
    /// The store carries out whatever it is asked to: it has no compare-and-swap.
    pub is_blind: bool,
}

impl Options {
    /// A fleet in storms.
    pub fn new(seed: u64, instances: usize, hours: u64) -> Self {
        Self { seed, instances, hours, is_calm: false, is_blind: false }
    }

    /// What `npm run soak` is to be told.
    pub fn arguments(&self) -> String {
        let Self { seed, instances, hours, is_calm, .. } = self;
        let calm = if *is_calm { " --calm" } else { "" };
        format!("--seed {seed} --instances {instances} --hours {hours}{calm}")
    }
}

impl fmt::Display for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seed, instances, hours, is_calm, .. } = self;
        let weather = if *is_calm { "calm" } else { "storms" };
        write!(f, "Seed {seed}: {instances} instances, {hours} h, {weather}")
    }
}

/// What chance has made of it.
impl fmt::Display for Fleet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clock = if self.world.has_clock { "a store with a clock" } else { "a store without a clock" };
        let watch = if self.watches { "and a watch" } else { "and no watch" };
        let runs = if self.shares { "shared runs" } else { "a run for each call" };
        let sleep = if self.sleeps { "machines that sleep" } else { "machines that stay awake" };
        write!(f, "{clock} {watch}, {runs}, {sleep}")
    }
}

/// What happens, and to whom. A serial number tells what a run still waits for.
pub enum Happening {
    Arrive(usize),
    AtStore(u32, u64, Question, Fate),
    FromStore(u32, u64, Answer),
    StoreTimeout(u32, u64),
    AtDaraja(u32, u64),
    FromDaraja(u32, u64, Box<Result<Token>>),
    DarajaTimeout(u32, u64),
    Wake(u32, u64),
    Use(u64),
    Spare(u64),
    Deadline(u64),
    /// Its wall clock is set right.
    SetClock(usize),
    /// Something strikes that process.
    Hit(usize, Strike),
    /// Something strikes; what, is yet to be seen.
    Strike,
}

/// An instance's process.
#[derive(Clone, Debug, Default)]
pub struct Process {
    pub frozen_until: u64,
    /// The wall clock is off by that much when nobody sets it.
    pub skew: i64,
    /// Its runs, with the token that they report and the endpoint.
    pub runs: Vec<(u32, Option<(String, u64)>)>,
}

/// What the driver knows of a run.
#[derive(Default)]
pub struct Side {
    pub serial: u64,
    pub began: u64,
    /// Those who wait for it, and for which of their turns.
    pub callers: Vec<(u64, u8)>,
    /// When the request was sent, by both clocks.
    pub sent: (EpochMillis, MonotonicMillis),
}

pub struct Fleet {
    pub world: World,
    pub daraja: Daraja,
    pub weather: Weather,
    pub tally: Tally,
    pub rng: Rng,
    pub processes: Vec<Process>,
    pub sides: HashMap<u32, Side>,
    pub past: VecDeque<Store>,
    /// One clock of an instance or another cannot be trusted with a machine that sleeps.
    pub sleeps: bool,
    /// Callers of an instance share its runs, as anywhere but on workerd.
    pub shares: bool,
    /// The store wakes those that wait.
    pub watches: bool,
    pub callers: crate::callers::Callers,
    queue: BTreeMap<(u64, u64), Happening>,
    serial: u64,
    pub granted_at: Option<u64>,
    /// What strikes the next one that generates.
    pub ambush: Option<Strike>,
    is_blind: bool,
    pub end: u64,
}

/// Wall clocks without a store's clock differ by no more than this, either way.
pub const SKEW: i64 = 4_000;

impl Fleet {
    pub fn new(options: &Options) -> Self {
        let mut rng = Rng::with_seed(options.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let mut world = World::new(Policy::DEFAULT, options.instances);
        world.random = rng.u64(..);
        world.has_clock = rng.bool();
        world.store_skew = if options.is_calm { 0 } else { rng.i64(-60_000..60_000) };
        let mut processes = vec![Process::default(); options.instances];
        if !options.is_calm {
            for (place, process) in world.instances.iter_mut().zip(&mut processes) {
                process.skew = rng.i64(-SKEW..SKEW);
                place.wall_skew = process.skew;
            }
        }
        let (sleeps, shares, watches) = (rng.bool(), rng.bool(), rng.bool());
        let mut fleet = Self {
            world,
            daraja: Daraja::new(options.seed),
            weather: Weather::new(options.is_calm),
            tally: Tally::default(),
            rng,
            processes,
            sides: HashMap::new(),
            past: VecDeque::new(),
            sleeps,
            shares,
            watches,
            callers: crate::callers::Callers::default(),
            queue: BTreeMap::new(),
            serial: 0,
            granted_at: None,
            ambush: None,
            is_blind: options.is_blind,
            end: options.hours * 3_600_000,
        };
        for at in 0..options.instances {
            let first = fleet.rng.u64(..30_000);
            fleet.at(first, Happening::Arrive(at));
        }
        if !options.is_calm {
            fleet.at(1_000, Happening::Strike);
        }
        fleet
    }

    /// Lets all its time pass, and what is then under way end.
    pub fn run(&mut self) {
        while let Some(((time, _), happening)) = self.queue.pop_first() {
            self.world.time = time;
            // A process that stands still notices nothing.
            match self.host_of(&happening).map(|host| self.processes[host].frozen_until) {
                Some(until) if until > time => self.at(until, happening),
                _ => self.happen(happening),
            }
        }
        assert!(self.world.runs.is_empty(), "{} runs never ended", self.world.runs.len());
        self.tally.time = self.end;
        (self.tally.loads, self.tally.swaps) = (self.world.store.loads, self.world.store.swaps);
        let (generates, most) = (self.tally.generates, self.tally.most_generates());
        assert!(generates <= most, "{generates} generates, where {most} can be explained");
    }

    pub fn at(&mut self, time: u64, happening: Happening) {
        self.serial += 1;
        self.queue.insert((time, self.serial), happening);
    }

    pub fn after(&mut self, span: u64, happening: Happening) {
        self.at(self.world.time + span, happening);
    }

    /// The process that something happens in.
    fn host_of(&self, happening: &Happening) -> Option<usize> {
        match happening {
            Happening::Arrive(host) => Some(*host),
            Happening::FromStore(run, ..)
            | Happening::StoreTimeout(run, _)
            | Happening::FromDaraja(run, ..)
            | Happening::DarajaTimeout(run, _)
            | Happening::Wake(run, _) => self.world.runs.get(run).map(|run| run.instance),
            Happening::Use(caller) | Happening::Spare(caller) | Happening::Deadline(caller) => {
                self.callers.get(*caller).map(|caller| caller.host)
            }
            Happening::AtStore(..)
            | Happening::AtDaraja(..)
            | Happening::SetClock(_)
            | Happening::Hit(..)
            | Happening::Strike => None,
        }
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Arrive(host) => self.arrive(host),
            Happening::AtStore(run, serial, question, fate) => self.at_store(run, serial, question, fate),
            Happening::FromStore(run, serial, answer) if self.waits(run, serial) => {
                self.world.hear(run, answer);
                self.carry_on(run);
            }
            Happening::StoreTimeout(run, serial) if self.waits(run, serial) => self.tell(run, Event::StoreFailed),
            Happening::AtDaraja(run, serial) => self.at_daraja(run, serial),
            Happening::FromDaraja(run, serial, result) if self.waits(run, serial) => self.judge(run, *result),
            Happening::DarajaTimeout(run, serial) if self.waits(run, serial) => {
                self.tally.timeouts += 1;
                self.tell(run, Event::Failed(Failure::attempt(Code::Timeout, None)));
            }
            Happening::Wake(run, serial) if self.waits(run, serial) => self.tell(run, Event::Woke),
            Happening::Use(caller) => self.use_token(caller),
            Happening::Spare(caller) => self.give_spare(caller),
            Happening::Deadline(caller) => self.give_up(caller),
            Happening::SetClock(host) => self.world.instances[host].wall_skew = self.processes[host].skew,
            Happening::Hit(host, strike) => self.hit(host, strike),
            Happening::Strike => self.strike(),
            // It took too long, or its process has crashed.
            _ => {}
        }
    }

    fn waits(&self, run: u32, serial: u64) -> bool {
        self.world.runs.contains_key(&run) && self.sides[&run].serial == serial
    }

    pub fn tell(&mut self, run: u32, event: Event) {
        self.world.tell(run, event);
        self.carry_on(run);
    }

    /// Does what a run asks for.
    pub fn carry_on(&mut self, run: u32) {
        for (_, notice) in std::mem::take(&mut self.world.notices) {
            self.tally.notice(&notice);
        }
        let Driven { ref effect, instance, .. } = self.world.runs[&run];
        self.serial += 1;
        let serial = self.serial;
        let side = self.sides.get_mut(&run).unwrap();
        side.serial = serial;
        let began = side.began;
        match *effect {
            Effect::Load | Effect::Swap => {
                let question = self.world.question(run);
                let fate = self.weather.fate(self.world.time, &mut self.rng);
                let delay = self.weather.store_delay(self.world.time, &mut self.rng);
                self.after(delay, Happening::AtStore(run, serial, question, fate));
                self.after(self.world.policy.store_timeout().0, Happening::StoreTimeout(run, serial));
            }
            Effect::Generate => {
                let now = self.world.now(instance);
                self.sides.get_mut(&run).unwrap().sent = (now.wall, now.monotonic);
                self.tally.forced += u64::from(self.is_lacking(instance, run));
                if let Some(strike) = self.ambush.take().filter(|_| self.weather.is_storm(self.world.time)) {
                    let delay = self.rng.u64(..900);
                    self.after(delay, Happening::Hit(instance, strike));
                }
                let delay = self.weather.way_to_daraja(self.world.time, &mut self.rng);
                self.after(delay, Happening::AtDaraja(run, serial));
                self.after(self.world.policy.timeout().0, Happening::DarajaTimeout(run, serial));
            }
            Effect::Wait(Millis(span)) => self.after(span, Happening::Wake(run, serial)),
            Effect::Complete(_) => {
                let took = self.world.time - began;
                // The deadline, and what a holder may have begun just before it.
                let longest = self.world.policy.deadline().0 + 2 * self.world.policy.lease().0;
                let was_frozen = self.processes[instance].frozen_until > began;
                assert!(took <= longest || was_frozen, "run {run} took {took} ms");
                self.complete(run);
            }
        }
    }

    fn at_store(&mut self, run: u32, serial: u64, question: Question, fate: Fate) {
        let question = match question {
            Question::Swap(_, value) if self.is_blind => {
                Question::Swap(self.world.store.value.as_ref().map(|_| self.world.store.version), value)
            }
            question => question,
        };
        let is_write = matches!(question, Question::Swap(..));
        let before = is_write.then(|| self.world.store.clone());
        let answer = match fate {
            // Some clients say at once that there is no connection.
            Fate::Dropped if self.rng.bool() => return self.after(5, Happening::StoreTimeout(run, serial)),
            Fate::Dropped => return,
            Fate::Stale if !is_write && !self.past.is_empty() => {
                let past = &self.past[self.rng.usize(..self.past.len())];
                Answer::Loaded(past.value.clone().map(|value| (value, past.version)), self.world.store_now())
            }
            Fate::Doubled => {
                self.world.answer(question.clone());
                self.world.answer(question)
            }
            _ => self.world.answer(question),
        };
        if let Some(before) = before.filter(|before| before.version != self.world.store.version) {
            self.note_write(before);
        }
        if fate != Fate::Unanswered {
            let delay = self.weather.store_delay(self.world.time, &mut self.rng);
            self.after(delay, Happening::FromStore(run, serial, answer));
        }
    }

    /// The record has changed: it must not be older than before, and whoever watches it is told.
    fn note_write(&mut self, before: Store) {
        let epoch =
            |store: &Store| store.value.as_ref().map(|value| (value["history"].clone(), value["epoch"].as_u64()));
        if let (Some((before, was)), Some((after, is))) = (epoch(&before), epoch(&self.world.store)) {
            assert!(before != after || is >= was || was.is_none(), "the record went from epoch {was:?} back to {is:?}");
        }
        self.past.push_back(before);
        if self.past.len() > 4 {
            self.past.pop_front();
        }
        if self.watches {
            let is_waiting = |(_, run): &(&u32, &Driven)| matches!(run.effect, Effect::Wait(_));
            let waiting: Vec<_> = self.world.runs.iter().filter(is_waiting).map(|(run, _)| *run).collect();
            for run in waiting {
                self.after(3, Happening::Wake(run, self.sides[&run].serial));
            }
        }
    }

    fn at_daraja(&mut self, run: u32, serial: u64) {
        let fault = self.weather.fault(self.world.time, &mut self.rng);
        let reply = self.daraja.ask(self.world.time, fault);
        if reply.grants {
            self.tally.generates += 1;
            self.tally.mutilated += u64::from(!matches!(reply.result, Some(Ok(_))));
            self.note_grant();
        }
        if let Some(result) = reply.result {
            let delay = reply.delay + self.rng.u64(50..600);
            self.after(delay, Happening::FromDaraja(run, serial, Box::new(result)));
        }
    }

    /// Once all is settled a token is generated only when the one before is due.
    fn note_grant(&mut self) {
        let time = self.world.time;
        if let Some(before) = self.granted_at.replace(time)
            && self.weather.is_settled(time)
        {
            let least = 3_599_000 - 300_000 - 15_000 - 2 * SKEW as u64;
            assert!(time - before >= least, "a token is replaced after {} ms", time - before);
        }
    }

    fn judge(&mut self, run: u32, result: Result<Token>) {
        let (wall, sent) = self.sides[&run].sent;
        let event = match result {
            Ok(token) => {
                let expires_at = wall.after(Millis(u64::from(token.expires_in) * 1000));
                let name = name_of(&token.access_token);
                Event::Granted { token: NamedToken { name, expires_in: token.expires_in, expires_at }, sent }
            }
            Err(error) => Event::Failed(Failure::attempt(error.code, error.retry_after)),
        };
        self.tell(run, event);
    }
}
