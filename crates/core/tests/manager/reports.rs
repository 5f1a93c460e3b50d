//! Tokens that an API rejected.

use daraja_auth_core::error::Code;
use daraja_auth_core::manager::{EventType, Input, Output, Policy};
use daraja_auth_core::time::{EpochMillis, Millis};
use daraja_auth_core::token::{AccessToken, Token};

use crate::simulation::World;
use crate::{due, failure, is_waiting, output, with_token};

#[test]
fn if_the_record_has_another_token_the_caller_gets_it_and_none_is_generated() {
    let mut world = with_token(2);
    world.generate_elsewhere(3599);
    let id = world.report(1, "T1", 7);
    world.finish(id).unwrap();
    let id = world.report(0, "T1", 7);
    assert_eq!(*output(&world, id), Output::Load);
    assert_eq!(world.finish(id).unwrap().access_token, "T3");
    let id = world.report(0, "T1", 7);
    assert_eq!(world.result(id).unwrap().access_token, "T3");
}

#[test]
fn ten_rejected_tokens_are_replaced_at_once_and_then_one_each_half_minute() {
    let mut world = with_token(1);
    let mut token = AccessToken::from("T1");
    for _ in 0..10 {
        let id = world.report(0, token.as_str(), 0);
        token = world.finish(id).unwrap().access_token;
    }
    let generates = world.generates;
    assert!(world.count(EventType::Contention) >= 3);
    world.events.clear();
    world.advance(10_000);
    let id = world.report(0, token.as_str(), 0);
    world.settle(id);
    assert_eq!(failure(&mut world, id), (Code::TokenRejected, Some(20_000)));
    assert_eq!(world.take_event_types(), ["contention", "rejected"]);
    assert_eq!(world.generates, generates);
    // Other callers still get the token.
    assert_eq!(token, world.token(0).as_str());
    world.advance(20_000);
    let id = world.report(0, token.as_str(), 0);
    assert!(world.finish(id).is_ok());
}

#[test]
fn an_endpoint_that_rejects_the_next_token_too_waits_half_a_minute_and_others_do_not() {
    let mut world = with_token(1);
    let id = world.report(0, "T1", 7);
    assert_eq!(world.finish(id).unwrap().access_token, "T2");
    world.advance(1_000);
    let id = world.report(0, "T2", 7);
    world.settle(id);
    assert_eq!(failure(&mut world, id), (Code::TokenRejected, Some(29_000)));
    let id = world.report(0, "T2", 8);
    assert_eq!(world.finish(id).unwrap().access_token, "T3");
    world.advance(29_000);
    let id = world.report(0, "T3", 7);
    assert_eq!(world.finish(id).unwrap().access_token, "T4");
    let id = world.report(0, "T4", 7);
    world.settle(id);
    assert_eq!(failure(&mut world, id), (Code::TokenRejected, Some(60_000)));
}

#[test]
fn an_endpoint_that_accepted_a_token_is_not_at_fault_any_more() {
    let mut world = with_token(2);
    assert!(!world.members[0].member.tracks_rejections());
    let id = world.report(0, "T1", 7);
    assert_eq!(world.finish(id).unwrap().access_token, "T2");
    // The others must be told only of a token newer than the rejected one, and only if that endpoint accepted it.
    assert_eq!(world.accept(0, "T1", 7), None);
    assert_eq!(world.accept(0, "T2", 8), None);
    let id = world.accept(0, "T2", 7).unwrap();
    assert_eq!(world.finish(id).unwrap().access_token, "T2");
    assert_eq!(world.accept(0, "T2", 7), None);
    let id = world.report(0, "T2", 7);
    assert_eq!(world.finish(id).unwrap().access_token, "T3");
}

#[test]
fn ten_minutes_after_its_cooldown_an_endpoint_starts_anew() {
    let mut world = with_token(1);
    let id = world.report(0, "T1", 7);
    world.finish(id).unwrap();
    world.advance(630_000);
    let id = world.report(0, "T2", 7);
    world.finish(id).unwrap();
    assert_eq!(world.record().rejections[0].cooldown, Millis(30_000));
}

#[test]
fn the_record_remembers_the_last_eight_endpoints() {
    let mut world = World::new(Policy::DEFAULT.with("budget", 100), 1);
    let mut token = AccessToken::from(world.token(0));
    for endpoint in 1..=9 {
        world.advance(1);
        let id = world.report(0, token.as_str(), endpoint);
        token = world.finish(id).unwrap().access_token;
    }
    let endpoints: Vec<_> = world.record().rejections.iter().map(|rejection| rejection.endpoint.0.get()).collect();
    assert_eq!(endpoints, [2, 3, 4, 5, 6, 7, 8, 9]);
}

#[test]
fn a_token_that_is_dead_already_costs_no_budget() {
    let mut world = with_token(2);
    let id = world.report(0, "T1", 7);
    world.settle(id);
    assert_eq!((world.record().dead, world.record().budget.left), (true, 9));
    world.runs.remove(&id);
    world.advance(15_000);
    let id = world.report(1, "T1", 8);
    assert_eq!(world.finish(id).unwrap().access_token, "T2");
    assert_eq!(world.record().budget.left, 9);
}

/// Daraja grants an acquisition a token that it has granted before.
fn grant_again(world: &mut World, id: u32, token: &str) {
    let now = world.now(0);
    let expires_at = EpochMillis(now.wall.0 + 3_599_000);
    let token = Token { access_token: token.into(), expires_in: 3599, expires_at };
    world.tell(id, Input::Granted { token, sent: now.monotonic });
}

#[test]
fn if_daraja_grants_the_rejected_token_once_more_it_is_not_asked_again() {
    let mut world = with_token(1);
    let id = world.report(0, "T1", 0);
    world.settle(id);
    grant_again(&mut world, id, "T1");
    world.settle(id);
    assert_eq!(failure(&mut world, id), (Code::TokenRejected, Some(30_000)));
    assert_eq!((world.generates, world.record().epoch), (2, 2));
}

#[test]
fn if_daraja_grants_the_same_token_once_more_its_new_lifetime_counts() {
    let mut world = due(1);
    let id = world.get(0);
    world.settle(id);
    world.advance(1_000);
    world.settle(id);
    grant_again(&mut world, id, "T1");
    world.lose_question(id);
    // The record has the token already, but not its new lifetime.
    world.settle(id);
    while is_waiting(&world, id) {
        world.advance(100);
        world.settle(id);
    }
    assert_eq!(world.result(id).unwrap().access_token, "T1");
    assert_eq!((world.record().epoch, world.record().lease), (2, None));
    let renew_at = world.members[0].member.renew_at().unwrap().monotonic.0;
    assert!(renew_at > world.time + 3_200_000, "{renew_at}");
}
