//! The properties that must hold in every state of every scenario.

use stateright::{Model, Property};

use crate::fleet::{Faults, Fleet};
use crate::member::{Stage, policy};
use crate::scenario::{Scenario, Start};

pub const NEVER_OLDER: &str = "the record never returns to an older token";
pub const ALONE: &str = "no two acquisitions generate at the same time, each under a lease that has not ended";
pub const ONE_GENERATE: &str = "without a fault one token is generated";
pub const ONE_RETRY: &str = "after one fault at most, one retry heals";
/// This is not an invariant: a state with this property must be reached.
pub const REACHED: &str = "all acquisitions are complete, and all faults have happened";

/// All properties.
pub fn all() -> Vec<Property<Scenario>> {
    vec![
        Property::always(NEVER_OLDER, |_, fleet: &Fleet| !fleet.wrongs.fell_back),
        Property::always(ALONE, |_, fleet: &Fleet| {
            // A store that forgets the record forgets the lease too.
            fleet.faults.flushes + fleet.faults.fallbacks > 0 || !fleet.wrongs.overlapped
        }),
        Property::always("no member goes back to an older token", |_, fleet: &Fleet| !fleet.wrongs.gave_older),
        Property::always("no token is given out after its end", |_, fleet: &Fleet| !fleet.wrongs.gave_ended),
        Property::always("no token is given to the caller that reported it", |_, fleet: &Fleet| {
            !fleet.wrongs.gave_rejected
        }),
        Property::always(ONE_GENERATE, |scenario: &Scenario, fleet: &Fleet| {
            let is_calm = fleet.faults == Faults::default() && scenario.lacking == 0;
            let needed = scenario.needed();
            !is_calm || (fleet.granted <= needed && (fleet.granted == needed || !fleet.is_over()))
        }),
        Property::always("without a fault no API rejects a token", |scenario: &Scenario, fleet: &Fleet| {
            faults_of(scenario, fleet) > 0 || fleet.callers_with_product().all(|caller| caller.rejected == 0)
        }),
        Property::always(
            "the number of generated tokens is bounded by the faults",
            |scenario: &Scenario, fleet: &Fleet| {
                let faults = fleet.faults;
                let bound = scenario.needed()
                // If the store forgets the record, it also forgets which API is at fault.
                + scenario.lacking.min(1) * (1 + faults.flushes + faults.fallbacks)
                + faults.foreign
                + faults.timeouts
                + 2 * (faults.freezes + faults.crashes + faults.flushes + faults.fallbacks);
                // A request that timed out may be granted a token as well.
                fleet.answered <= bound && fleet.granted <= bound + faults.timeouts
            },
        ),
        Property::always(ONE_RETRY, |scenario: &Scenario, fleet: &Fleet| {
            faults_of(scenario, fleet) > 1 || !fleet.wrongs.rejected_twice
        }),
        Property::always("after one fault at most, every caller gets a token", |scenario: &Scenario, fleet: &Fleet| {
            faults_of(scenario, fleet) > 1
                || fleet.callers_with_product().all(|caller| !matches!(caller.stage, Stage::Done(Err(_))))
        }),
        Property::always("every acquisition ends in time", |_, fleet: &Fleet| !fleet.wrongs.spins && is_in_time(fleet)),
        Property::always("every caller gets a result", |scenario: &Scenario, fleet: &Fleet| {
            let mut actions = Vec::new();
            scenario.actions(fleet, &mut actions);
            !actions.is_empty() || fleet.is_over()
        }),
        Property::sometimes(REACHED, |scenario: &Scenario, fleet: &Fleet| {
            fleet.is_over() && fleet.faults.total() == scenario.together && fleet.slow == scenario.slow
        }),
    ]
}

/// How often a token that is in use may be ended. Each fault may end one, also a fault before the beginning. An API
/// that rejects every token may end one. A renewal that takes longer than callers wait for it may end one.
fn faults_of(scenario: &Scenario, fleet: &Fleet) -> u8 {
    let is_renewal = matches!(scenario.start, Start::Due | Start::Ending);
    let before = u8::from(scenario.start == Start::Killed) + u8::from(scenario.lacking > 0);
    fleet.faults.total() + before + if is_renewal { fleet.slow } else { 0 }
}

/// Whether each acquisition that was never frozen has run no longer than its deadline and a lease.
fn is_in_time(fleet: &Fleet) -> bool {
    let longest = policy().deadline.0 + policy().lease().0;
    fleet.callers().all(|(at, caller)| {
        let member = &fleet.members[at];
        let is_excused = member.was_frozen || member.frozen.is_some();
        is_excused || member.errand(caller).is_none_or(|errand| fleet.time <= errand.began + longest)
    })
}
