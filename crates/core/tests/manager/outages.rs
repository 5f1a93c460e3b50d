//! Stores that are down.

use daraja_auth_core::error::Code;
use daraja_auth_core::manager::{Acquisition, OnStoreDown, Output, Policy};
use daraja_auth_core::time::Millis;

use crate::simulation::World;
use crate::{LIFETIME, due, failure, is_waiting, output, with_token, without_store, world};

#[test]
fn if_the_store_is_down_a_valid_token_is_used_until_its_end() {
    let mut world = with_token(1);
    world.advance(LIFETIME - 1);
    let id = world.get(0);
    world.lose_question(id);
    assert_eq!(world.result(id).unwrap().access_token, "T1");
    world.advance(1);
    let id = world.get(0);
    world.lose_question(id);
    assert!(is_waiting(&world, id));
    world.advance(3_000);
    world.lose_question(id);
    assert_eq!(failure(&mut world, id), (Code::StoreUnavailable, None));
    assert_eq!(world.generates, 1);
}

#[test]
fn with_a_valid_token_a_store_that_is_down_is_not_asked_for_ten_seconds() {
    let mut world = with_token(1);
    world.advance(10_000);
    let id = world.get(0);
    world.lose_question(id);
    world.result(id).unwrap();
    world.advance(9_999);
    let id = world.get(0);
    assert_eq!(world.result(id).unwrap().access_token, "T1");
}

#[test]
fn if_the_store_is_down_for_two_seconds_an_acquisition_waits_and_then_gets_a_token() {
    let mut world = world(1);
    let id = world.get(0);
    while world.time < 2_000 {
        if *output(&world, id) == Output::Load {
            world.lose_question(id);
        } else {
            world.advance(50);
        }
    }
    assert_eq!(world.finish(id).unwrap().access_token, "T1");
}

/// A world with `onStoreDown: "generate"`.
fn generating_without_store() -> World {
    let mut policy = Policy::DEFAULT;
    policy.on_store_down = OnStoreDown::Generate;
    World::new(policy, 1)
}

#[test]
fn with_on_store_down_generate_a_token_is_generated_without_the_store_but_rarely() {
    let mut world = generating_without_store();
    let id = world.get(0);
    without_store(&mut world, id);
    assert_eq!(world.grant(id), "T1");
    assert_eq!(world.result(id).unwrap().access_token, "T1");
    for (token, cooldown) in [("T1", 30_000), ("T2", 60_000), ("T3", 120_000)] {
        let began = world.time;
        let id = world.report(0, token, 7);
        without_store(&mut world, id);
        let (code, wait) = failure(&mut world, id);
        assert_eq!(code, Code::StoreUnavailable);
        assert!(wait.unwrap() <= cooldown && wait.unwrap() > cooldown - 10_000, "{wait:?}");
        world.advance(wait.unwrap());
        assert!(world.time - began <= cooldown);
        let id = world.report(0, token, 7);
        without_store(&mut world, id);
        world.grant(id);
        world.result(id).unwrap();
    }
    // When the store is back, the token is published.
    world.advance(10_000);
    assert_eq!(world.token(0), "T4");
    assert_eq!(world.record().token, Some("T4".into()));
    assert!(world.record().history.is_some());
    assert_eq!(world.record().budget.left, 10);
}

#[test]
fn an_answer_of_the_store_ends_the_pause_between_generates_without_it() {
    let mut world = generating_without_store();
    let id = world.get(0);
    without_store(&mut world, id);
    world.grant(id);
    world.result(id).unwrap();
    world.advance(10_000);
    assert_eq!(world.token(0), "T1");
    let id = world.report(0, "T1", 7);
    without_store(&mut world, id);
    assert_eq!(*output(&world, id), Output::Generate);
}

#[test]
fn after_a_write_without_an_answer_the_record_is_loaded_even_if_a_token_is_valid() {
    let mut world = due(1);
    let id = world.get(0);
    world.settle(id);
    world.advance(1_000);
    assert_eq!(*output(&world, id), Output::Swap);
    world.lose_question(id);
    assert!(is_waiting(&world, id));
    world.advance(100);
    world.settle(id);
    assert_eq!(*output(&world, id), Output::Generate);
}

#[test]
fn if_the_load_after_a_write_without_an_answer_fails_too_the_valid_token_is_given() {
    let mut world = due(1);
    let id = world.get(0);
    world.settle(id);
    world.advance(1_000);
    world.lose_question(id);
    world.advance(100);
    assert_eq!(*output(&world, id), Output::Load);
    world.lose_question(id);
    assert_eq!(world.result(id).unwrap().access_token, "T1");
}

#[test]
fn no_caller_waits_if_a_repair_of_the_record_fails() {
    let mut world = with_token(1);
    world.store.value = None;
    world.advance(10_000);
    let id = world.get(0);
    world.carry(id);
    assert_eq!(*output(&world, id), Output::Swap);
    world.lose_question(id);
    assert_eq!(world.result(id).unwrap().access_token, "T1");
}

#[test]
fn at_the_deadline_a_failure_of_the_store_ends_the_acquisition() {
    let mut world = world(1);
    let deadline = world.now(0).monotonic.after(Millis(100));
    let id = world.begin(0, Acquisition::get(deadline));
    world.advance(100);
    world.lose_question(id);
    assert_eq!(failure(&mut world, id), (Code::StoreUnavailable, None));
}

#[test]
fn without_the_store_an_attempt_is_repeated_as_often_as_the_policy_says() {
    let mut world = generating_without_store();
    let attempts = world.policy.retry.retries + 1;
    let id = world.get(0);
    for _ in 0..attempts {
        without_store(&mut world, id);
        assert_eq!(*output(&world, id), Output::Generate);
        world.fail_attempt(id, Code::Network);
    }
    assert_eq!(failure(&mut world, id).0, Code::Network);
    assert_eq!(world.generates, attempts);
}
