//! A fleet in simulated time. Its time advances by a queue of events.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt;

use daraja_auth_core::error::{Code, Result};
use daraja_auth_core::manager::{Failure, Input, MonotonicMillis, Policy};
use daraja_auth_core::time::EpochMillis;
use daraja_auth_core::token::Token;
use fastrand::Rng;

use crate::callers::Callers;
use crate::daraja::Daraja;
use crate::faults::{Delivery, FaultPlan, FleetFault};
use crate::metrics::Metrics;
use crate::simulation::{Answer, Question, Store, World};

/// The options of a fleet.
#[derive(Clone, Debug)]
pub struct Options {
    pub seed: u64,
    pub members: usize,
    pub hours: u64,
    /// Whether there are no faults.
    pub is_calm: bool,
    /// Whether the store carries out each write, without compare-and-swap.
    pub is_blind: bool,
}

impl Options {
    /// The options of a fleet with storms of faults.
    pub fn new(seed: u64, members: usize, hours: u64) -> Self {
        Self { seed, members, hours, is_calm: false, is_blind: false }
    }

    /// The arguments for `npm run soak`.
    pub fn arguments(&self) -> String {
        let Self { seed, members, hours, is_calm, .. } = self;
        let calm = if *is_calm { " --calm" } else { "" };
        format!("--seed {seed} --instances {members} --hours {hours}{calm}")
    }
}

impl fmt::Display for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seed, members, hours, is_calm, .. } = self;
        let weather = if *is_calm { "no faults" } else { "storms of faults" };
        write!(f, "Seed {seed}: {members} instances, {hours} h, {weather}")
    }
}

/// The properties of the fleet that were chosen at random, in words.
impl fmt::Display for Fleet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clock = if self.world.has_clock { "a store with a clock" } else { "a store without a clock" };
        let watch = if self.watches { "and a watch" } else { "and no watch" };
        let runs = if self.shares { "shared acquisitions" } else { "an acquisition for each call" };
        let sleep = if self.sleeps { "machines that sleep" } else { "machines that stay awake" };
        write!(f, "{clock} {watch}, {runs}, {sleep}")
    }
}

/// An event. A `u64` after an acquisition's number is a serial number: the acquisition still waits for this event if it
/// equals `Side::serial`. A `u64` alone is the number of a caller.
pub enum Happening {
    Arrive(usize),
    AtStore(u32, u64, Question, Delivery),
    FromStore(u32, u64, Answer),
    StoreTimeout(u32, u64),
    AtDaraja(u32, u64),
    FromDaraja(u32, u64, Box<Result<Token>>),
    DarajaTimeout(u32, u64),
    Wake(u32, u64),
    Use(u64),
    /// A caller has waited long enough for a renewal.
    RenewalWaitOver(u64),
    Deadline(u64),
    /// The wall clock of a process goes back to its usual skew, after a jump.
    SetClock(usize),
    /// A fault happens in a process.
    MemberFault(usize, FleetFault),
    /// A fault is chosen, and happens.
    NextFault,
}

/// A member's process.
#[derive(Clone, Debug, Default)]
pub struct Process {
    pub frozen_until: u64,
    /// How many milliseconds its wall clock is ahead of the true time if no fault has set it.
    pub skew: i64,
    /// Its acquisitions. A report has its token and the endpoint that rejected it.
    pub runs: Vec<(u32, Option<(String, u64)>)>,
}

/// An acquisition, as its driver sees it.
#[derive(Default)]
pub struct Side {
    pub serial: u64,
    pub began: u64,
    /// The callers that wait for it. The second number counts the acquisitions of that caller, with this one.
    pub callers: Vec<(u64, u8)>,
    /// When the request was sent, by both clocks.
    pub sent: (EpochMillis, MonotonicMillis),
}

pub struct Fleet {
    pub world: World,
    pub daraja: Daraja,
    pub fault_plan: FaultPlan,
    pub metrics: Metrics,
    pub rng: Rng,
    pub processes: Vec<Process>,
    pub sides: HashMap<u32, Side>,
    /// The states of the store before the last few writes.
    pub past: VecDeque<Store>,
    /// Whether machines sleep, and their monotonic clocks stand still. If they do not sleep, and the store has a clock,
    /// wall clocks jump.
    pub sleeps: bool,
    /// Whether callers of a member share its acquisitions. On workerd they do not.
    pub shares: bool,
    /// Whether the store wakes waiting members.
    pub watches: bool,
    pub callers: Callers,
    queue: BTreeMap<(u64, u64), Happening>,
    /// The last serial number. Events and steps of acquisitions share one count.
    pub serial: u64,
    /// When Daraja last granted a member a token.
    pub granted_at: Option<u64>,
    /// The fault for the next member that generates.
    pub fault_of_generator: Option<FleetFault>,
    pub is_blind: bool,
    pub end: u64,
}

/// The largest difference of a wall clock from the true time, without a jump.
pub const SKEW: i64 = 4_000;

impl Fleet {
    pub fn new(options: &Options) -> Self {
        let mut rng = Rng::with_seed(options.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let mut world = World::new(Policy::DEFAULT, options.members);
        world.random = rng.u64(..);
        world.has_clock = rng.bool();
        world.store_skew = if options.is_calm { 0 } else { rng.i64(-60_000..60_000) };
        let mut processes = vec![Process::default(); options.members];
        if !options.is_calm {
            for (place, process) in world.members.iter_mut().zip(&mut processes) {
                process.skew = rng.i64(-SKEW..SKEW);
                place.wall_skew = process.skew;
            }
        }
        let (sleeps, shares, watches) = (rng.bool(), rng.bool(), rng.bool());
        let mut fleet = Self {
            world,
            daraja: Daraja::new(options.seed),
            fault_plan: FaultPlan::new(options.is_calm),
            metrics: Metrics::default(),
            rng,
            processes,
            sides: HashMap::new(),
            past: VecDeque::new(),
            sleeps,
            shares,
            watches,
            callers: Callers::default(),
            queue: BTreeMap::new(),
            serial: 0,
            granted_at: None,
            fault_of_generator: None,
            is_blind: options.is_blind,
            end: options.hours * 3_600_000,
        };
        for at in 0..options.members {
            let first = fleet.rng.u64(..30_000);
            fleet.at(first, Happening::Arrive(at));
        }
        if !options.is_calm {
            fleet.at(1_000, Happening::NextFault);
        }
        fleet
    }

    /// Handles all events until the queue is empty. From `end` on it plans no more callers, and the open acquisitions
    /// end.
    pub fn run(&mut self) {
        while let Some(((time, _), happening)) = self.queue.pop_first() {
            self.world.time = time;
            // A frozen process handles no event.
            match self.host_of(&happening).map(|host| self.processes[host].frozen_until) {
                Some(until) if until > time => self.at(until, happening),
                _ => self.happen(happening),
            }
        }
        assert!(self.world.runs.is_empty(), "{} acquisitions never ended", self.world.runs.len());
        self.metrics.time = self.end;
        (self.metrics.loads, self.metrics.swaps) = (self.world.store.loads, self.world.store.swaps);
        let (generates, most) = (self.metrics.generates, self.metrics.most_generates());
        assert!(generates <= most, "{generates} tokens were generated, but the rules allow only {most}");
    }

    pub fn at(&mut self, time: u64, happening: Happening) {
        self.serial += 1;
        self.queue.insert((time, self.serial), happening);
    }

    pub fn after(&mut self, span: u64, happening: Happening) {
        self.at(self.world.time + span, happening);
    }

    /// The process in which an event happens.
    fn host_of(&self, happening: &Happening) -> Option<usize> {
        match happening {
            Happening::Arrive(host) => Some(*host),
            Happening::FromStore(run, ..)
            | Happening::StoreTimeout(run, _)
            | Happening::FromDaraja(run, ..)
            | Happening::DarajaTimeout(run, _)
            | Happening::Wake(run, _) => self.world.runs.get(run).map(|run| run.member),
            Happening::Use(caller) | Happening::RenewalWaitOver(caller) | Happening::Deadline(caller) => {
                self.callers.get(*caller).map(|caller| caller.host)
            }
            Happening::AtStore(..)
            | Happening::AtDaraja(..)
            | Happening::SetClock(_)
            | Happening::MemberFault(..)
            | Happening::NextFault => None,
        }
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Arrive(host) => self.arrive(host),
            Happening::AtStore(run, serial, question, delivery) => self.at_store(run, serial, question, delivery),
            Happening::FromStore(run, serial, answer) if self.waits(run, serial) => {
                self.world.receive(run, answer);
                self.carry_on(run);
            }
            Happening::StoreTimeout(run, serial) if self.waits(run, serial) => self.tell(run, Input::StoreFailed),
            Happening::AtDaraja(run, serial) => self.at_daraja(run, serial),
            Happening::FromDaraja(run, serial, result) if self.waits(run, serial) => self.judge(run, *result),
            Happening::DarajaTimeout(run, serial) if self.waits(run, serial) => {
                self.metrics.timeouts += 1;
                self.tell(run, Input::Failed(Failure::attempt(Code::Timeout, None)));
            }
            Happening::Wake(run, serial) if self.waits(run, serial) => self.tell(run, Input::Woke),
            Happening::Use(caller) => self.use_token(caller),
            Happening::RenewalWaitOver(caller) => self.give_old_token(caller),
            Happening::Deadline(caller) => self.give_up(caller),
            Happening::SetClock(host) => self.world.members[host].wall_skew = self.processes[host].skew,
            Happening::MemberFault(host, fault) => self.fail_process(host, fault),
            Happening::NextFault => self.inject(),
            // The acquisition does not wait for this event any more: it made another step, is complete, or its process
            // crashed.
            _ => {}
        }
    }
}
