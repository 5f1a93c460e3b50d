//! What must hold in every state of every scenario.

use stateright::{Model, Property};

use crate::fleet::{Faults, Fleet};
use crate::member::{Stage, policy};
use crate::scenario::{Scenario, Start};

pub const NEVER_OLDER: &str = "the record never returns to an older token";
pub const ALONE: &str = "no two runs generate at the same time, each under a lease that has not ended";
pub const ONE_GENERATE: &str = "without a fault one token is generated";
pub const ONE_RETRY: &str = "after one fault at most, one retry heals";
/// A state like this must be reached; it is no invariant.
pub const REACHED: &str = "all runs are complete, and all faults have happened";

/// All of them.
pub fn all() -> Vec<Property<Scenario>> {
    vec![
        Property::always(NEVER_OLDER, |_, fleet: &Fleet| !fleet.wrongs.fell_back),
        Property::always(ALONE, |_, fleet: &Fleet| {
            // A store that forgets the record forgets the lease too.
            fleet.faults.flushes + fleet.faults.fallbacks > 0 || !fleet.wrongs.overlapped
        }),
        Property::always("no member goes back to an older token", |_, fleet: &Fleet| !fleet.wrongs.gave_older),
        Property::always("no token is given past its end", |_, fleet: &Fleet| !fleet.wrongs.gave_ended),
        Property::always("no token is given to the caller that reported it", |_, fleet: &Fleet| !fleet.wrongs.gave_bad),
        Property::always(ONE_GENERATE, |scenario: &Scenario, fleet: &Fleet| {
            let is_calm = fleet.faults == Faults::default() && scenario.lacking == 0;
            let needed = scenario.needed();
            !is_calm || (fleet.granted <= needed && (fleet.granted == needed || !fleet.is_over()))
        }),
        Property::always("without a fault no API refuses a token", |scenario: &Scenario, fleet: &Fleet| {
            faults_of(scenario, fleet) > 0 || fleet.sound_callers().all(|caller| caller.refused == 0)
        }),
        Property::always(
            "the number of generated tokens is bounded by the faults",
            |scenario: &Scenario, fleet: &Fleet| {
                let faults = fleet.faults;
                let bound = scenario.needed()
                // A store that forgets has forgotten which API is at fault.
                + scenario.lacking.min(1) * (1 + faults.flushes + faults.fallbacks)
                + faults.foreign
                + faults.timeouts
                + 2 * (faults.freezes + faults.crashes + faults.flushes + faults.fallbacks);
                // A request that timed out may be granted a token as well.
                fleet.answered <= bound && fleet.granted <= bound + faults.timeouts
            },
        ),
        Property::always(ONE_RETRY, |scenario: &Scenario, fleet: &Fleet| {
            faults_of(scenario, fleet) > 1 || !fleet.wrongs.refused_twice
        }),
        Property::always("after one fault at most, every caller gets a token", |scenario: &Scenario, fleet: &Fleet| {
            faults_of(scenario, fleet) > 1
                || fleet.sound_callers().all(|caller| !matches!(caller.stage, Stage::Done(Err(_))))
        }),
        Property::always("every run ends in time", |_, fleet: &Fleet| !fleet.wrongs.spins && is_in_time(fleet)),
        Property::always("every caller has an answer in the end", |scenario: &Scenario, fleet: &Fleet| {
            let mut actions = Vec::new();
            scenario.actions(fleet, &mut actions);
            !actions.is_empty() || fleet.is_over()
        }),
        Property::sometimes(REACHED, |scenario: &Scenario, fleet: &Fleet| {
            fleet.is_over() && fleet.faults.total() == scenario.together && fleet.slow == scenario.slow
        }),
    ]
}

/// How many times a token that is in use may be ended: by each fault, one of which may be before the beginning; by an
/// API that rejects every token, so that the fleet's is replaced; by a renewal that takes longer than callers wait for
/// it.
fn faults_of(scenario: &Scenario, fleet: &Fleet) -> u8 {
    let is_renewal = matches!(scenario.start, Start::Due | Start::Ending);
    let before = u8::from(scenario.start == Start::Killed) + u8::from(scenario.lacking > 0);
    fleet.faults.total() + before + if is_renewal { fleet.slow } else { 0 }
}

/// Whether each run that was never frozen is younger than its deadline plus the time that a lease's holder needs.
fn is_in_time(fleet: &Fleet) -> bool {
    let longest = policy().deadline.0 + policy().lease().0;
    fleet.callers().all(|(at, caller)| {
        let member = &fleet.members[at];
        let is_excused = member.was_frozen || member.frozen.is_some();
        is_excused || member.errand(caller).is_none_or(|errand| fleet.time <= errand.began + longest)
    })
}
