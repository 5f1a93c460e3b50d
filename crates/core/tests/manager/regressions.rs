//! The faults of other clients of Daraja and of WeChat's API. The name of each test is the fault. Each test shows that
//! this manager does not have it.

use daraja_auth_core::error::Code;
use daraja_auth_core::manager::{EventType, Output};
use daraja_auth_core::token::AccessToken;

use crate::simulation::BEGINNING;
use crate::{LIFETIME, failure, is_waiting, output, with_token, world};

#[test]
fn a_lifetime_in_seconds_is_taken_for_an_instant_or_for_milliseconds() {
    let mut world = with_token(1);
    let token = world.live(0).unwrap();
    assert_eq!((token.expires_in, token.expires_at.0), (3599, BEGINNING + LIFETIME));
    // There is neither a new token every 3.6 seconds, nor one token for ever.
    for _ in 0..300 {
        world.advance(10_000);
        world.token(0);
    }
    assert_eq!(world.generates, 1);
    world.advance(1_000_000);
    assert_eq!(world.token(0), "T2");
}

#[test]
fn five_callers_at_once_generate_five_tokens() {
    let mut world = world(5);
    let runs: Vec<_> = (0..5).map(|member| world.get(member)).collect();
    runs.iter().for_each(|&id| world.carry(id));
    runs.iter().for_each(|&id| world.carry(id));
    runs.iter().for_each(|&id| world.settle(id));
    let tokens: Vec<_> = runs.into_iter().map(|id| world.finish(id).unwrap().access_token).collect();
    assert_eq!(tokens, ["T1"; 5]);
    assert_eq!(world.generates, 1);
}

#[test]
fn after_a_401_every_waiting_caller_generates_a_token_of_its_own() {
    let mut world = with_token(4);
    world.generate_elsewhere(3599);
    let runs: Vec<_> = (0..100).map(|caller| world.report(caller % 4, "T1", 7)).collect();
    runs.iter().for_each(|&id| world.settle(id));
    for id in runs {
        assert_eq!(world.finish(id).unwrap().access_token, "T3");
    }
    assert_eq!(world.generates, 2);
}

#[test]
fn a_failed_generation_is_silently_replaced_by_a_stale_token() {
    let mut world = with_token(1);
    world.advance(LIFETIME);
    let id = world.get(0);
    world.settle(id);
    world.fail_attempt(id, Code::InvalidCredentials);
    world.settle(id);
    assert_eq!(failure(&mut world, id).0, Code::InvalidCredentials);
}

#[test]
fn the_record_is_not_read_again_after_the_lock_is_won() {
    let mut world = world(2);
    let (slow, quick) = (world.get(0), world.get(1));
    world.carry(slow);
    // The slow one tries to take the lease in the record that it read. Since then another member has generated a token.
    assert_eq!(world.finish(quick).unwrap().access_token, "T1");
    assert_eq!(*output(&world, slow), Output::Swap);
    assert_eq!(world.finish(slow).unwrap().access_token, "T1");
    assert_eq!(world.generates, 1);
}

#[test]
fn an_invalidation_without_a_condition_ends_the_token_that_another_member_just_got() {
    let mut world = with_token(2);
    world.generate_elsewhere(3599);
    let first = world.report(0, "T1", 7);
    assert_eq!(world.finish(first).unwrap().access_token, "T3");
    let second = world.report(1, "T1", 7);
    assert_eq!(world.finish(second).unwrap().access_token, "T3");
    assert!(!world.record().dead);
    assert_eq!(world.generates, 2);
}

#[test]
fn the_reply_to_an_older_request_arrives_last_and_overwrites_the_live_token() {
    let mut world = world(2);
    let slow = world.get(0);
    world.settle(slow);
    assert_eq!(*output(&world, slow), Output::Generate);
    world.advance(16_000);
    let quick = world.get(1);
    assert_eq!(world.finish(quick).unwrap().access_token, "T1");
    // Daraja granted T2 to the older request before T1, so T1 is the live one.
    world.grant_after(slow, 16_000);
    assert_eq!(world.finish(slow).unwrap().access_token, "T1");
    assert_eq!((world.record().epoch, world.record().token), (1, Some("T1".into())));
    assert_eq!(world.count(EventType::LeaseLost), 1);
}

#[test]
fn the_store_is_shared_and_the_lock_is_per_process() {
    let mut world = world(2);
    let (holder, other) = (world.get(0), world.get(1));
    world.settle(holder);
    world.settle(other);
    assert_eq!(*output(&world, holder), Output::Generate);
    assert!(is_waiting(&world, other));
}

#[test]
fn a_rejection_for_another_reason_is_taken_for_a_dead_token_and_the_client_loops() {
    let mut world = with_token(2);
    let mut failed = 0;
    let mut bad = AccessToken::from("T1");
    // An endpoint whose product is missing rejects every token, once a second, for 50 minutes.
    for _ in 0..3_000 {
        world.advance(1_000);
        let id = world.report(0, bad.as_str(), 7);
        match world.finish(id) {
            Ok(token) => bad = token.access_token,
            Err(error) => {
                assert_eq!(error.code, Code::TokenRejected);
                failed += 1;
            }
        }
    }
    assert!(failed > 2_900, "{failed}");
    // It gets a new token at 0, 30, 90, 210, 450 and 930 s, then every ten minutes.
    assert!(world.generates <= 12, "{}", world.generates);
    assert_eq!(world.count(EventType::Contention), 0);
}
