//! Compares a fleet without faults with one ideal manager, by proptest-state-machine. The ideal manager has no leases,
//! stores or steps. It predicts the result of each call.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod simulation;

use std::collections::BTreeMap;

use daraja_auth_core::error::Code;
use daraja_auth_core::manager::{Acquisition, EndpointHash, Policy};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::Config;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};
use simulation::World;

const INSTANCES: usize = 3;
const LIFETIME: u64 = 3_599_000;
const MIN_REMAINING: u64 = LIFETIME / 360;
const EARLY: u64 = LIFETIME / 12;
const REVALIDATE_AFTER: u64 = 10_000;
const DRAIN: u64 = 1_000;

#[derive(Clone, Debug)]
enum Call {
    Get(usize),
    /// An API rejects the token that the member gave last.
    Report(usize, u64),
    /// An endpoint accepts that token.
    Accept(usize, u64),
    Advance(u64),
}

/// The ideal manager. Tokens are numbered from 1.
#[derive(Clone, Debug, Default)]
struct Ideal {
    time: u64,
    token: usize,
    granted_at: u64,
    budget: u64,
    refilled_at: u64,
    /// For each endpoint: when its next rejection may replace a token, the cooldown, and the token that it rejected.
    rejections: BTreeMap<u64, (u64, u64, usize)>,
    /// For each member: its last token, when it read the record, and when that token was granted.
    given: [(usize, u64, u64); INSTANCES],
    /// The result of the last call.
    outcome: Option<Result<usize, ()>>,
}

impl Ideal {
    fn is_usable(&self) -> bool {
        self.token > 0 && self.time + MIN_REMAINING < self.granted_at + LIFETIME
    }

    fn is_due(&self) -> bool {
        self.time + EARLY >= self.granted_at + LIFETIME
    }

    fn generate(&mut self) {
        self.token += 1;
        self.granted_at = self.time;
    }

    fn call(&mut self, member: usize, bad: usize, endpoint: u64) -> Result<usize, ()> {
        let (known, read_at, granted_at) = self.given[member];
        let is_fresh = read_at > 0 && self.time < read_at + REVALIDATE_AFTER;
        // The token in the cache may be older than the current one, but it must not be due for renewal.
        if is_fresh && known != bad && self.time + EARLY < granted_at + LIFETIME {
            return Ok(known);
        }
        if !self.is_usable() {
            self.generate();
        } else if self.token == bad {
            self.allow_replacement(endpoint)?;
            self.generate();
        } else if self.is_due() {
            self.time += DRAIN;
            self.generate();
        }
        self.given[member] = (self.token, self.time, self.granted_at);
        Ok(self.token)
    }

    /// Fails if the rejected token must not be replaced: the endpoint is in its cooldown, or the budget is used up.
    fn allow_replacement(&mut self, endpoint: u64) -> Result<(), ()> {
        let mut rejections = self.rejections.clone();
        if endpoint > 0 {
            let mut cooldown = 30_000;
            if let Some((next, before, _)) = rejections.get(&endpoint) {
                if self.time < *next {
                    return Err(());
                }
                if self.time < next + 600_000 {
                    cooldown = (before * 2).min(600_000);
                }
            }
            rejections.insert(endpoint, (self.time + cooldown, cooldown, self.token));
        }
        let back = (self.time - self.refilled_at) / 30_000;
        let left = (self.budget + back).min(10);
        if left == 0 {
            return Err(());
        }
        self.refilled_at = if left == 10 { self.time } else { self.refilled_at + back * 30_000 };
        self.budget = left - 1;
        self.rejections = rejections;
        Ok(())
    }
}

impl ReferenceStateMachine for Ideal {
    type State = Self;
    type Transition = Call;

    fn init_state() -> BoxedStrategy<Self> {
        // Time does not begin at zero, because zero means never.
        Just(Self { time: 1, budget: 10, ..Self::default() }).boxed()
    }

    fn transitions(_: &Self) -> BoxedStrategy<Call> {
        let member = 0..INSTANCES;
        let span =
            select(vec![1, 500, 9_999, 10_000, 30_000, 100_000, 600_000, 3_299_083, 3_299_084, 3_589_002, LIFETIME]);
        prop_oneof![
            4 => member.clone().prop_map(Call::Get),
            4 => (member.clone(), 0..3_u64).prop_map(|(at, endpoint)| Call::Report(at, endpoint)),
            1 => (member, 1..3_u64).prop_map(|(at, endpoint)| Call::Accept(at, endpoint)),
            4 => span.prop_map(Call::Advance),
        ]
        .boxed()
    }

    fn apply(mut state: Self, call: &Call) -> Self {
        state.outcome = None;
        match *call {
            Call::Get(member) => state.outcome = Some(state.call(member, 0, 0)),
            Call::Report(member, endpoint) => {
                let bad = state.given[member].0;
                if bad > 0 {
                    state.outcome = Some(state.call(member, bad, endpoint));
                }
            }
            Call::Accept(member, endpoint) => {
                let (given, ..) = state.given[member];
                if given > 0 {
                    let is_older = |(_, _, rejected): &(u64, u64, usize)| *rejected < given;
                    if given == state.token && state.rejections.get(&endpoint).is_some_and(is_older) {
                        state.rejections.remove(&endpoint);
                    }
                    // The member reads the record even if its cache is fresh.
                    state.given[member].1 = 0;
                    state.outcome = Some(state.call(member, 0, 0));
                }
            }
            Call::Advance(span) => state.time += span,
        }
        state
    }
}

struct FaultlessFleet;

impl StateMachineTest for FaultlessFleet {
    type SystemUnderTest = World;
    type Reference = Ideal;

    fn init_test(_: &Ideal) -> World {
        let mut world = World::new(Policy::DEFAULT, INSTANCES);
        // Random numbers are multiples of this, so that there is no jitter in the time of the renewal.
        world.random_step = EARLY / 10 + 1;
        world.time = 1;
        world
    }

    fn apply(mut world: World, ideal: &Ideal, call: Call) -> World {
        let id = match call {
            Call::Get(member) => Some(world.get(member)),
            Call::Report(member, endpoint) => {
                world.last_given[member].clone().map(|token| world.report(member, &token, endpoint))
            }
            Call::Accept(member, endpoint) => {
                let deadline = world.deadline(member);
                let token = world.last_given[member].clone();
                token.map(|token| {
                    let endpoint = EndpointHash::new(endpoint).unwrap();
                    world.begin(member, Acquisition::accept(token.into(), endpoint, deadline))
                })
            }
            Call::Advance(span) => {
                world.advance(span);
                None
            }
        };
        let outcome = id.map(|id| {
            let member = world.runs[&id].member;
            match world.finish(id) {
                Ok(token) => {
                    let token: String = token.access_token.as_str().into();
                    world.last_given[member] = Some(token.clone());
                    Ok(token)
                }
                Err(error) => {
                    assert_eq!(error.code, Code::TokenRejected);
                    Err(())
                }
            }
        });
        assert_eq!(outcome, ideal.outcome.map(|outcome| outcome.map(|token| format!("T{token}"))));
        assert_eq!(world.generates as usize, ideal.token, "requests sent");
        assert_eq!(world.time, ideal.time, "time spent waiting");
        world
    }
}

prop_state_machine! {
    #![proptest_config(Config { max_shrink_iters: 20_000, failure_persistence: None, ..Config::default() })]

    #[test]
    fn a_fleet_without_faults_is_like_one_ideal_manager(sequential 1..80 => FaultlessFleet);
}
