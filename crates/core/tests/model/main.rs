//! Checks the shipped step function in every order of events, with a bounded model in stateright.
//!
//! `cargo test --test model` takes seconds. `MODEL=large cargo test --profile fuzz --test model -- --nocapture` has
//! more members and more faults at a time, and takes half an hour. Both print the number of states.
//!
//! A state holds the real [`Member`], [`Acquisition`] and [`Record`], and [`step`] is the real one. The model adds:
//!
//! - members with callers. A caller gets a token, uses it, and reports it once if it is rejected.
//! - a store. Its operations take no time, but may come in any order.
//! - Daraja. Each grant ends the previous token.
//! - [`Faults`]: which faults may happen, and how often.
//! - [`Start`]: there is no token, or one that is fresh, dead, due, about to end, or has ended.
//!
//! Three rules keep the model small:
//!
//! - Time stands still while a member, the store or Daraja has something to do. Then it jumps to the next instant at
//!   which one of them has. Time does not wait for a frozen process or for a slow request.
//! - There is no jitter.
//! - States that differ only in the order of members are one state.
//!
//! The model leaves out clocks that differ or jump, replicas, long outages, the budget, Retry-After and closing.
//! ideal_manager.rs, random_faults.rs, soak/ and manager/ test these.
//!
//! In each of four variants one part of the protocol is left out. The checker must refute each variant.
//!
//! [`Member`]: daraja_auth_core::manager::Member
//! [`Acquisition`]: daraja_auth_core::manager::Acquisition
//! [`Record`]: daraja_auth_core::manager::Record
//! [`step`]: daraja_auth_core::manager::step

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod action;
mod fleet;
mod member;
mod properties;
mod scenario;
mod store;

use std::env;
use std::time::Instant;

use daraja_auth_core::retry::RetryPolicy;
use fleet::Faults;
use properties::{ALONE, NEVER_OLDER, ONE_GENERATE, ONE_RETRY, REACHED};
use scenario::{Scenario, Start};
use stateright::{Checker, HasDiscoveries, Model};
use store::Broken;

const STARTS: [Start; 6] = [Start::Cold, Start::Fresh, Start::Killed, Start::Due, Start::Ending, Start::Ended];
/// The starts from which a token is always generated.
const NEEDY: [Start; 5] = [Start::Cold, Start::Killed, Start::Due, Start::Ending, Start::Ended];

fn is_large() -> bool {
    env::var("MODEL").is_ok_and(|size| size == "large")
}

/// Checks every state of the scenarios.
fn check(what: &str, scenarios: impl IntoIterator<Item = Scenario>) {
    let began = Instant::now();
    let (mut states, mut depth) = (0, 0);
    for scenario in scenarios {
        let shown = format!("{scenario:?}");
        let checker = scenario.checker().threads(2).finish_when(HasDiscoveries::AnyFailures).spawn_dfs().join();
        for (property, path) in checker.discoveries() {
            assert!(property == REACHED, "violated: {property}\n{shown}\n{:?}", path.into_actions());
        }
        assert!(checker.discovery(REACHED).is_some(), "not reached: {REACHED}\n{shown}");
        states += checker.unique_state_count();
        depth = depth.max(checker.max_depth());
    }
    println!("{what}: {states} states, depth {depth}, {:.1} s", began.elapsed().as_secs_f64());
}

/// Checks that the checker refutes this property of a variant.
fn refute(broken: Broken, property: &'static str, scenario: Scenario) {
    let scenario = Scenario { broken: Some(broken), ..scenario };
    let found = HasDiscoveries::AnyOf([property].into());
    let checker = scenario.checker().finish_when(found).spawn_bfs().join();
    let path = checker.discovery(property).unwrap_or_else(|| panic!("{broken:?} was not refuted: {property}"));
    let states = checker.unique_state_count();
    println!("{broken:?} is refuted after {states} states, in {} steps: {property}", path.into_actions().len());
}

#[test]
fn without_faults_one_member_generates_and_no_token_is_rejected() {
    let most = if is_large() { 6 } else { 4 };
    for members in 1..=most {
        check(&format!("{members} members"), STARTS.map(|start| Scenario::new(start, members)));
    }
    let late = STARTS.map(|start| Scenario { late: 2, ..Scenario::new(start, 3) });
    check("3 members, two of them call at any time", late);
    let sharing = STARTS.map(|start| Scenario { members: vec![2, 1], ..Scenario::new(start, 0) });
    check("2 members, one of them with two acquisitions", sharing);
    let slow = NEEDY.map(|start| Scenario { slow: 1, hints: 1, ..Scenario::new(start, 2) });
    check("a slow answer and a wait that ends early", slow);
}

#[test]
fn one_retry_heals_each_single_fault() {
    let members = if is_large() { 3 } else { 2 };
    check("one fault of any kind", STARTS.map(|start| Scenario::new(start, members).with_any(1)));
    let clockless = |start| Scenario { has_clock: false, ..Scenario::new(start, members).with_any(1) };
    check("the same, and the store has no clock", STARTS.map(clockless));
    let late = |start| Scenario { late: 1, ..Scenario::new(start, members).with_any(1) };
    check("the same, and one member calls at any time", STARTS.map(late));
    if is_large() {
        check("one fault, 4 members", STARTS.map(|start| Scenario::new(start, 4).with_any(1)));
        let sharing = |start| Scenario { members: vec![2, 1], ..Scenario::new(start, 0).with_any(1) };
        check("one fault, 2 members, one of them with two acquisitions", STARTS.map(sharing));
        let slow = |start| Scenario { slow: 1, hints: 1, ..Scenario::new(start, 2).with_any(1) };
        check("one fault, a slow answer and a wait that ends early", NEEDY.map(slow));
    }
}

#[test]
fn faults_at_the_same_time_cost_no_more_than_their_sum() {
    let pair = |start| Scenario::new(start, 2).with_any(2);
    if !is_large() {
        let kinds = Faults { freezes: 0, flushes: 0, fallbacks: 0, ..Faults::each(2) };
        return check(
            "two faults, but no freeze, flush or fallback",
            STARTS.map(|start| Scenario::new(start, 2).with(kinds, 2)),
        );
    }
    check("two faults of any kind", STARTS.map(pair));
    check("two faults, and the store has no clock", STARTS.map(|start| Scenario { has_clock: false, ..pair(start) }));
    check("two faults, 3 members", STARTS.map(|start| Scenario::new(start, 3).with_any(2)));
    let kinds = Faults { crashes: 1, freezes: 1, foreign: 1, ..Faults::default() };
    check(
        "a crash, a freeze and a token of another program",
        STARTS.map(|start| Scenario::new(start, 3).with(kinds, 3)),
    );
}

#[test]
fn a_member_with_a_newer_token_repairs_a_record_that_fell_back() {
    let kinds = Faults { fallbacks: 1, ..Faults::default() };
    let again = |start| Scenario { members: vec![1, 2], late: 1, ..Scenario::new(start, 0).with(kinds, 1) };
    let starts: &[Start] = if is_large() { &NEEDY } else { &[Start::Due] };
    check("a record that falls back, and a caller that calls again", starts.iter().copied().map(again));
}

#[test]
fn an_api_that_the_app_may_not_call_costs_one_token() {
    let lacking = |start| Scenario { lacking: 2, ..Scenario::new(start, 3) };
    check("3 members, two of them call that API", STARTS.map(lacking));
    if is_large() {
        check("3 members, two of them call that API, and one fault", STARTS.map(|start| lacking(start).with_any(1)));
    }
}

#[test]
fn a_publish_that_compares_no_versions_brings_an_older_token_back() {
    let kinds = Faults { freezes: 1, ..Faults::default() };
    refute(Broken::BlindPublish, NEVER_OLDER, Scenario::new(Start::Cold, 2).with(kinds, 1));
}

#[test]
fn a_report_without_its_token_would_end_the_token_that_another_member_just_got() {
    refute(Broken::BlindInvalidate, ONE_RETRY, Scenario::new(Start::Killed, 2));
}

#[test]
fn without_reading_the_record_again_two_members_generate() {
    refute(Broken::NoSecondLook, ONE_GENERATE, Scenario::new(Start::Cold, 2));
}

#[test]
fn a_release_without_ownership_ends_the_lease_of_another_member() {
    let kinds = Faults { freezes: 1, failures: 1, ..Faults::default() };
    let mut scenario = Scenario { late: 1, ..Scenario::new(Start::Cold, 3).with(kinds, 2) };
    scenario.policy.retry = RetryPolicy { retries: 0 };
    refute(Broken::ReleaseUnowned, ALONE, scenario);
}
