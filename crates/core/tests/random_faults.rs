//! Random faults in a fleet, by proptest-state-machine. The rules hold at every step, and after the faults all members
//! have the same live token.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod simulation;

use daraja_auth_core::error::Code;
use daraja_auth_core::manager::{Output, Policy};
use daraja_auth_core::time::Millis;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::Config;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};
use simulation::{Store, World};

const INSTANCES: usize = 3;

/// What happens next.
#[derive(Clone, Debug)]
enum Happening {
    Get(usize),
    /// An API rejects the token that the member knows, which may be live or dead.
    Report(usize, u64),
    /// The output of one of the open acquisitions is carried out.
    Act(usize),
    /// An operation of the store is carried out, but its answer is lost.
    LoseAnswer(usize),
    /// An operation of the store is not carried out.
    LoseQuestion(usize),
    Refuse(usize, Code),
    Wake(usize),
    /// An open acquisition is dropped, like that of a request that its platform cancels.
    Drop(usize),
    Advance(u64),
    Sleep(usize, u64),
    SetWallClock(usize, i64),
    GenerateElsewhere,
    Flush,
    /// The store goes back to an earlier state.
    FallBack,
}

/// The reference knows nothing of the manager: only whether the store has a clock, and whether a wall clock was set.
#[derive(Clone, Debug, Default)]
struct Reference {
    has_clock: bool,
    jumped: bool,
}

impl ReferenceStateMachine for Reference {
    type State = Self;
    type Transition = Happening;

    fn init_state() -> BoxedStrategy<Self> {
        any::<bool>().prop_map(|has_clock| Self { has_clock, ..Self::default() }).boxed()
    }

    fn transitions(_: &Self) -> BoxedStrategy<Happening> {
        let member = 0..INSTANCES;
        let run = 0..6_usize;
        let code = select(vec![Code::Network, Code::Timeout, Code::Unavailable, Code::RateLimited, Code::Blocked]);
        let span = select(vec![50, 500, 2_000, 5_000, 10_000, 16_000, 100_000, 3_300_000, 3_700_000]);
        prop_oneof![
            6 => member.clone().prop_map(Happening::Get),
            3 => (member.clone(), 0..3_u64).prop_map(|(at, endpoint)| Happening::Report(at, endpoint)),
            40 => run.clone().prop_map(Happening::Act),
            2 => run.clone().prop_map(Happening::LoseAnswer),
            2 => run.clone().prop_map(Happening::LoseQuestion),
            3 => (run.clone(), code).prop_map(|(at, code)| Happening::Refuse(at, code)),
            2 => run.clone().prop_map(Happening::Wake),
            1 => run.prop_map(Happening::Drop),
            8 => span.clone().prop_map(Happening::Advance),
            1 => (member.clone(), span).prop_map(|(at, span)| Happening::Sleep(at, span)),
            1 => (member, -7_200_000..7_200_000_i64).prop_map(|(at, skew)| Happening::SetWallClock(at, skew)),
            1 => Just(Happening::GenerateElsewhere),
            1 => Just(Happening::Flush),
            1 => Just(Happening::FallBack),
        ]
        .boxed()
    }

    fn apply(mut state: Self, happening: &Happening) -> Self {
        state.jumped |= matches!(happening, Happening::SetWallClock(..));
        state
    }
}

struct Fleet {
    world: World,
    past: Vec<Store>,
    reported: Vec<(u32, String)>,
    highest: (String, u64),
    slept: bool,
    jumped: bool,
}

impl Fleet {
    /// The open acquisition at this place.
    fn run(&self, at: usize) -> Option<u32> {
        self.world.runs.keys().nth(at).copied()
    }

    fn asks_store(&self, id: u32) -> bool {
        matches!(self.world.runs[&id].output, Output::Load | Output::Swap)
    }

    fn happen(&mut self, happening: Happening) {
        let world = &mut self.world;
        match happening {
            Happening::Get(member) => {
                world.get(member);
            }
            Happening::Report(member, endpoint) => {
                if let Some(token) = world.live(member) {
                    let id = world.report(member, token.access_token.as_str(), endpoint);
                    self.reported.push((id, token.access_token.as_str().into()));
                }
            }
            Happening::Advance(span) => world.advance(span),
            Happening::Sleep(member, span) => {
                world.sleep(member, span);
                self.slept = true;
            }
            Happening::SetWallClock(member, skew) => {
                world.members[member].wall_skew = skew;
                self.jumped = true;
            }
            Happening::GenerateElsewhere => {
                world.generate_elsewhere(3599);
            }
            Happening::Flush => world.store.value = None,
            Happening::FallBack => {
                if let Some(past) = self.past.get(self.past.len().saturating_sub(4)) {
                    world.store.value = past.value.clone();
                    world.store.version += 1;
                }
            }
            Happening::Act(at) | Happening::LoseAnswer(at) | Happening::LoseQuestion(at) => {
                let Some(id) = self.run(at) else { return };
                match (self.asks_store(id), &happening) {
                    (true, Happening::LoseAnswer(_)) => self.world.lose_answer(id),
                    (true, Happening::LoseQuestion(_)) => self.world.lose_question(id),
                    (true, _) => self.world.carry(id),
                    (false, _) if self.world.runs[&id].output == Output::Generate => {
                        self.world.grant(id);
                    }
                    _ => {}
                }
            }
            Happening::Refuse(at, code) => {
                let Some(id) = self.run(at) else { return };
                if self.world.runs[&id].output == Output::Generate {
                    self.world.fail_attempt(id, code);
                }
            }
            Happening::Wake(at) => {
                let Some(id) = self.run(at) else { return };
                if matches!(self.world.runs[&id].output, Output::Wait(_)) {
                    self.world.tell(id, daraja_auth_core::manager::Input::Woke);
                }
            }
            Happening::Drop(at) => {
                let Some(id) = self.run(at) else { return };
                self.world.runs.remove(&id);
            }
        }
    }

    /// Takes the results of the complete acquisitions, and checks them.
    fn collect(&mut self) {
        let is_over = |id: &u32| matches!(self.world.runs[id].output, Output::Complete(_));
        let over: Vec<_> = self.world.runs.keys().copied().filter(is_over).collect();
        for id in over {
            let time = self.world.runs[&id].until;
            let Ok(token) = self.world.result(id) else { continue };
            let (_, end) = self.world.granted.iter().find(|(name, _)| token.access_token == **name).unwrap();
            // A member cannot know the end of a token if the wall clock jumps, and the store has no clock or the
            // machine slept.
            let is_knowable = !self.jumped || (self.world.has_clock && !self.slept);
            assert!(!is_knowable || *end > time, "{token:?} ended at {end}, and it is {time}");
            assert!(
                !self.reported.iter().any(|(of, token_of_report)| *of == id && token.access_token == **token_of_report),
                "the rejected token was given again"
            );
        }
    }
}

struct FaultyFleet;

impl StateMachineTest for FaultyFleet {
    type SystemUnderTest = Fleet;
    type Reference = Reference;

    fn init_test(reference: &Reference) -> Fleet {
        let mut world = World::new(Policy::DEFAULT, INSTANCES);
        world.has_clock = reference.has_clock;
        Fleet {
            world,
            past: Vec::new(),
            reported: Vec::new(),
            highest: (String::new(), 0),
            slept: false,
            jumped: false,
        }
    }

    fn apply(mut fleet: Fleet, _: &Reference, happening: Happening) -> Fleet {
        let may_fall = matches!(happening, Happening::FallBack | Happening::Flush);
        if fleet.past.last().is_none_or(|past| past.version != fleet.world.store.version) {
            fleet.past.push(fleet.world.store.clone());
        }
        fleet.happen(happening);
        fleet.collect();
        if let Some(value) = &fleet.world.store.value {
            let now = (value["history"].to_string(), value["epoch"].as_u64().unwrap());
            assert!(
                may_fall || now.0 != fleet.highest.0 || now.1 >= fleet.highest.1,
                "{now:?} after {:?}",
                fleet.highest
            );
            fleet.highest = now;
        } else {
            fleet.highest = (String::new(), 0);
        }
        fleet
    }

    fn teardown(mut fleet: Fleet, reference: Reference) {
        // Everything works again, so each open acquisition must end in bounded time.
        let open: Vec<_> = fleet.world.runs.keys().copied().collect();
        for id in open {
            if fleet.world.runs.contains_key(&id) {
                for _ in 0..300 {
                    match fleet.world.runs[&id].output {
                        Output::Load | Output::Swap => fleet.world.carry(id),
                        Output::Generate => {
                            fleet.world.grant(id);
                        }
                        Output::Wait(Millis(span)) => fleet.world.advance(span),
                        Output::Complete(_) => break,
                    }
                }
                assert!(matches!(fleet.world.runs[&id].output, Output::Complete(_)), "acquisition {id} does not end");
            }
        }
        fleet.collect();
        fleet.world.members.iter_mut().for_each(|place| place.wall_skew = 0);
        // After the longest back-off, each member gets the newest token by at most one replacement.
        fleet.world.advance(if reference.jumped { 9_000_000 } else { 1_300_000 });
        let heal = |world: &mut World, member: usize| {
            let token = world.token(member);
            if token == world.granted.last().unwrap().0 {
                return token;
            }
            let id = world.report(member, &token, 0);
            world.finish(id).unwrap().access_token.as_str().into()
        };
        for member in 0..INSTANCES {
            let token = heal(&mut fleet.world, member);
            assert_eq!(token, fleet.world.granted.last().unwrap().0);
        }
        let generates = fleet.world.generates;
        for member in 0..INSTANCES {
            fleet.world.advance(10_000);
            assert_eq!(fleet.world.token(member), fleet.world.granted.last().unwrap().0);
        }
        // A clock that jumps ahead looks like a sleep, and may cause a renewal.
        assert!(
            reference.jumped || fleet.world.generates == generates,
            "all members have the same token, so none is generated"
        );
    }
}

prop_state_machine! {
    #![proptest_config(Config { max_shrink_iters: 20_000, failure_persistence: None, ..Config::default() })]

    #[test]
    fn a_fleet_survives_random_faults(sequential 1..120 => FaultyFleet);
}
