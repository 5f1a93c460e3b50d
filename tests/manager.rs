//! The manager in a world: the faults of other clients, by name, and the failures that it must survive.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that panics has failed")]

mod world;

use daraja_auth::error::{Code, Error};
use daraja_auth::manager::{Effect, Event, Id, Kind, Lease, OnStoreDown, Policy, Reason, Run, StoreMillis};
use daraja_auth::time::Millis;
use serde_json::{Value, json};
use world::{BEGINNING, World};

const HOUR: u64 = 3_599_000;

fn world(instances: usize) -> World {
    World::new(Policy::DEFAULT, instances)
}

/// A world in which every instance has seen T1, just granted.
fn with_token(instances: usize) -> World {
    let mut world = world(instances);
    for instance in 0..instances {
        assert_eq!(world.token(instance), "T1");
    }
    world.notices.clear();
    world
}

fn effect(world: &World, id: u32) -> &Effect {
    &world.runs[&id].effect
}

fn failure(world: &mut World, id: u32) -> (Code, Option<u64>) {
    let error = world.result(id).unwrap_err();
    (error.code, error.retry_after.map(|wait| wait.0))
}

/// Waits exactly as long as a run asks for.
fn wait(world: &mut World, id: u32) {
    match *effect(world, id) {
        Effect::Wait(Millis(span)) => world.advance(span),
        ref other => panic!("{other:?}"),
    }
}

fn is_waiting(world: &World, id: u32) -> bool {
    matches!(effect(world, id), Effect::Wait(_))
}

// What existing clients of Daraja get wrong.

#[test]
fn a_lifetime_in_seconds_is_no_instant_and_no_milliseconds() {
    let mut world = with_token(1);
    let token = world.live(0).unwrap();
    assert_eq!((token.expires_in, token.expires_at.0), (3599, BEGINNING + HOUR));
    // Neither a new token every 3.6 seconds, nor one for ever.
    for _ in 0..300 {
        world.advance(10_000);
        world.token(0);
    }
    assert_eq!(world.generates, 1);
    world.advance(1_000_000);
    assert_eq!(world.token(0), "T2");
}

#[test]
fn no_single_flight_five_callers_generate_five_tokens() {
    let mut world = world(5);
    let runs: Vec<_> = (0..5).map(|instance| world.get(instance)).collect();
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
    world.advance(HOUR);
    let id = world.get(0);
    world.settle(id);
    world.refuse(id, Code::InvalidCredentials);
    world.settle(id);
    assert_eq!(failure(&mut world, id).0, Code::InvalidCredentials);
}

// The regression list: WeChat's decade.

#[test]
fn no_second_look_at_the_record_after_the_lock_is_won() {
    let mut world = world(2);
    let (slow, quick) = (world.get(0), world.get(1));
    world.carry(slow);
    // It wants the lease on what it saw; meanwhile another one has come and gone.
    assert_eq!(world.finish(quick).unwrap().access_token, "T1");
    assert_eq!(*effect(&world, slow), Effect::Swap);
    assert_eq!(world.finish(slow).unwrap().access_token, "T1");
    assert_eq!(world.generates, 1);
}

#[test]
fn an_unconditional_invalidate_kills_the_token_a_peer_has_just_fetched() {
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
    assert_eq!(*effect(&world, slow), Effect::Generate);
    world.advance(16_000);
    let quick = world.get(1);
    assert_eq!(world.finish(quick).unwrap().access_token, "T1");
    // T2 was granted to the older request in truth, so that T1 lives.
    world.grant_after(slow, 16_000);
    assert_eq!(world.finish(slow).unwrap().access_token, "T1");
    assert_eq!((world.record().epoch, world.record().token.as_str()), (1, "T1"));
    assert_eq!(world.count(Kind::LeaseLost), 1);
}

#[test]
fn the_store_is_shared_and_the_lock_is_per_process() {
    let mut world = world(2);
    let (holder, other) = (world.get(0), world.get(1));
    world.settle(holder);
    world.settle(other);
    assert_eq!(*effect(&world, holder), Effect::Generate);
    assert!(is_waiting(&world, other));
}

#[test]
fn a_call_refused_for_another_reason_is_taken_for_a_dead_token_and_the_client_loops() {
    let mut world = with_token(2);
    let mut refused = 0;
    let mut bad = "T1".to_owned();
    // An endpoint without its product refuses whatever it is given, for an hour, once a second.
    for _ in 0..3_000 {
        world.advance(1_000);
        let id = world.report(0, &bad, 7);
        match world.finish(id) {
            Ok(token) => bad = token.access_token,
            Err(error) => {
                assert_eq!(error.code, Code::TokenRejected);
                refused += 1;
            }
        }
    }
    assert!(refused > 2_900, "{refused}");
    // At 0, 30, 90, 210, 450, 930 s, then every ten minutes.
    assert!(world.generates <= 12, "{}", world.generates);
    assert_eq!(world.count(Kind::Contention), 0);
}

// The steps.

#[test]
fn a_fresh_copy_is_given_without_a_look_for_ten_seconds() {
    let mut world = with_token(1);
    let loads = world.store.loads;
    world.advance(9_999);
    assert_eq!(world.token(0), "T1");
    assert_eq!(world.store.loads, loads);
    world.advance(1);
    assert_eq!(world.token(0), "T1");
    assert_eq!(world.store.loads, loads + 1);
    assert_eq!(world.instances[0].instance.fresh_until().monotonic.0, world.time + 10_000);
}

#[test]
fn nobody_gets_a_copy_past_the_rotation_without_a_look() {
    let mut world = with_token(1);
    let rotates = world.instances[0].instance.renew_at().unwrap().monotonic.0;
    assert!((3_299_000..=3_329_000).contains(&rotates), "{rotates}");
    world.advance(rotates - 1 - world.time);
    assert_eq!(world.token(0), "T1");
    world.advance(1);
    let id = world.get(0);
    assert_eq!(*effect(&world, id), Effect::Load);
}

fn due(instances: usize) -> World {
    let mut world = with_token(instances);
    world.advance(3_330_000);
    world
}

#[test]
fn a_planned_rotation_drains_then_renews_its_lease_then_generates() {
    let mut world = due(2);
    let id = world.get(0);
    world.settle(id);
    assert_eq!(*effect(&world, id), Effect::Wait(Millis(1_000)));
    let taken = world.record().lease;
    assert_eq!((taken.duration, world.store_now().unwrap().until(taken.until)), (Millis(15_000), Millis(15_000)));
    // A watch that wakes it does not cut the drain short.
    world.advance(400);
    world.tell(id, Event::Woke);
    assert_eq!(*effect(&world, id), Effect::Wait(Millis(600)));
    world.advance(600);
    assert_eq!(*effect(&world, id), Effect::Swap);
    world.carry(id);
    assert_eq!(*effect(&world, id), Effect::Generate);
    let renewed = world.record().lease;
    assert_eq!(renewed.nonce, taken.nonce);
    assert_eq!(taken.until.until(renewed.until), Millis(1_000));
    assert_eq!(world.finish(id).unwrap().access_token, "T2");
    assert_eq!(world.kinds(), ["lease-taken", "renewed"]);
    assert_eq!(world.record().lease, Lease::default());
}

#[test]
fn while_another_one_renews_callers_wait_three_seconds_then_take_the_old_token() {
    let mut world = due(2);
    let (holder, other) = (world.get(0), world.get(1));
    world.settle(holder);
    world.carry(other);
    let began = world.time;
    assert!(is_waiting(&world, other));
    while is_waiting(&world, other) {
        world.advance(1);
        if *effect(&world, other) == Effect::Load {
            world.carry(other);
        }
    }
    assert_eq!(world.time - began, 3_000);
    assert_eq!(world.result(other).unwrap().access_token, "T1");
    // Who comes later has waited enough.
    let late = world.get(1);
    world.carry(late);
    assert_eq!(world.result(late).unwrap().access_token, "T1");
}

#[test]
fn in_the_last_minute_callers_wait_as_long_as_somebody_is_at_it() {
    let mut world = with_token(2);
    world.advance(HOUR - 50_000);
    let (holder, other) = (world.get(0), world.get(1));
    world.settle(holder);
    world.carry(other);
    for _ in 0..30 {
        world.advance(400);
        if *effect(&world, other) == Effect::Load {
            world.carry(other);
        }
        assert!(!matches!(effect(&world, other), Effect::Complete(_)));
    }
    assert_eq!(world.spare(1), None);
    world.settle(holder);
    assert_eq!(world.finish(holder).unwrap().access_token, "T2");
    assert_eq!(world.finish(other).unwrap().access_token, "T2");
}

#[test]
fn the_old_token_is_spare_before_the_last_minute() {
    let mut world = due(1);
    assert_eq!(world.spare(0).unwrap().access_token, "T1");
}

#[test]
fn a_token_below_the_floor_is_not_handed_out() {
    let mut world = with_token(1);
    let floor = HOUR / 360;
    world.advance(HOUR - floor - 1);
    assert!(world.live(0).is_some());
    world.advance(1);
    assert_eq!(world.live(0), None);
    let id = world.get(0);
    world.settle(id);
    // Not a planned rotation: nothing is in flight that could be saved.
    assert_eq!(*effect(&world, id), Effect::Generate);
}

#[test]
fn a_waiting_caller_is_woken_by_the_watch_and_by_its_own_instance() {
    let mut world = world(2);
    let (holder, other, sibling) = (world.get(0), world.get(1), world.report(0, "T0", 7));
    world.settle(holder);
    world.settle(other);
    world.settle(sibling);
    world.grant(holder);
    world.settle(holder);
    let loads = world.store.loads;
    world.tell(sibling, Event::Woke);
    assert_eq!(world.result(sibling).unwrap().access_token, "T1");
    assert_eq!(world.store.loads, loads);
    world.tell(other, Event::Woke);
    assert_eq!(world.finish(other).unwrap().access_token, "T1");
}

#[test]
fn pauses_grow_from_a_tenth_of_a_second_to_two_seconds_with_jitter() {
    let mut world = world(2);
    let (holder, other) = (world.get(0), world.get(1));
    world.settle(holder);
    world.settle(other);
    let mut pauses = Vec::new();
    while let Effect::Wait(Millis(pause)) = *effect(&world, other) {
        pauses.push(pause);
        world.advance(pause);
        if world.time > 14_000 {
            break;
        }
        world.carry(other);
    }
    for (pause, longest) in pauses.iter().zip([100, 200, 400, 800, 1600, 2000, 2000, 2000, 2000]) {
        assert!((longest / 2..=longest).contains(pause), "{pauses:?}");
    }
    assert!(pauses.len() > 8, "{pauses:?}");
}

#[test]
fn a_caller_waits_to_its_deadline_and_no_longer() {
    let mut world = world(2);
    world.token(0);
    let mut record = world.record();
    record.dead = true;
    record.lease = Lease {
        nonce: Id(9),
        reason: Reason::Missing,
        duration: Millis(u64::MAX),
        until: StoreMillis(u64::MAX),
    };
    world.put(&record);
    let id = world.get(1);
    let began = world.time;
    while !matches!(effect(&world, id), Effect::Complete(_)) {
        if *effect(&world, id) == Effect::Load {
            world.carry(id);
        } else {
            world.advance(1);
        }
    }
    assert_eq!(world.time - began, 45_000);
    assert_eq!(failure(&mut world, id), (Code::Timeout, None));
    assert_eq!(world.kinds().last(), Some(&"waited"));
}

#[test]
fn a_caller_who_joins_later_prolongs_the_run() {
    let mut world = world(2);
    let holder = world.get(1);
    world.settle(holder);
    let id = world.get(0);
    world.settle(id);
    let deadline = world.deadline(0).after(Millis(10_000));
    world.runs.get_mut(&id).unwrap().run.join(deadline);
    world.runs.remove(&holder);
    world.advance(14_000);
    world.settle(id);
    assert!(is_waiting(&world, id));
}

// Attempts.

#[test]
fn a_failed_attempt_is_followed_by_another_under_a_renewed_lease() {
    let mut world = world(1);
    let id = world.get(0);
    world.settle(id);
    let taken = world.record().lease;
    world.advance(10_000);
    world.refuse_with(id, *Error::timeout(Millis(10_000)));
    assert!(matches!(*effect(&world, id), Effect::Wait(Millis(1_000..))));
    world.advance(1_000);
    world.carry(id);
    assert_eq!(*effect(&world, id), Effect::Generate);
    assert_eq!(taken.until.until(world.record().lease.until), Millis(11_000));
    assert_eq!(world.grant(id), "T1");
    assert_eq!(world.finish(id).unwrap().access_token, "T1");
    let generated = world.notices.iter().find(|(_, notice)| notice.kind == Kind::Generated).unwrap().1;
    assert_eq!((generated.duration, generated.reason), (Millis(11_000), Some(Reason::Missing)));
}

#[test]
fn two_attempts_and_no_more() {
    let mut world = world(1);
    let id = world.get(0);
    world.settle(id);
    world.refuse(id, Code::Unavailable);
    wait(&mut world, id);
    world.settle(id);
    world.refuse(id, Code::Unavailable);
    assert_eq!(*effect(&world, id), Effect::Swap);
    world.carry(id);
    let error = world.result(id).unwrap_err();
    assert_eq!((error.code, error.attempts), (Code::Unavailable, 2));
    assert_eq!(world.generates, 2);
}

#[test]
fn a_lease_lost_before_an_attempt_means_no_attempt() {
    let mut world = world(2);
    let slow = world.get(0);
    world.settle(slow);
    world.advance(10_000);
    world.refuse_with(slow, *Error::timeout(Millis(10_000)));
    // Frozen in the pause, past its lease.
    let pause = world.runs.remove(&slow).unwrap();
    world.advance(20_000);
    assert_eq!(world.token(1), "T1");
    world.runs.insert(slow, pause);
    world.tell(slow, Event::Woke);
    assert_eq!(*effect(&world, slow), Effect::Swap);
    assert_eq!(world.finish(slow).unwrap().access_token, "T1");
    assert_eq!(world.generates, 2);
    assert_eq!(world.count(Kind::LeaseLost), 1);
}

#[test]
fn what_daraja_said_holds_for_the_fleet_and_doubles() {
    let mut world = world(2);
    let mut gaps = Vec::new();
    for _ in 0..7 {
        let id = world.get(0);
        world.settle(id);
        world.refuse(id, Code::RateLimited);
        wait(&mut world, id);
        world.settle(id);
        world.refuse(id, Code::RateLimited);
        world.settle(id);
        assert_eq!(failure(&mut world, id).0, Code::RateLimited);
        let gap = world.store_now().unwrap().until(world.record().not_before);
        gaps.push(gap.0);
        if gap.0 > 5_000 {
            // The same instance knows more than the other one.
            let id = world.get(0);
            world.settle(id);
            assert_eq!(failure(&mut world, id), (Code::RateLimited, Some(gap.0)));
            let id = world.get(1);
            world.settle(id);
            assert_eq!(failure(&mut world, id), (Code::Unavailable, Some(gap.0)));
        }
        world.advance(gap.0);
    }
    assert_eq!(gaps, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    assert_eq!(world.token(1), "T1");
    assert_eq!((world.record().failures, world.record().not_before), (0, StoreMillis(0)));
}

#[test]
fn a_short_quiet_is_waited_for() {
    let mut world = world(2);
    let id = world.get(0);
    world.settle(id);
    world.refuse(id, Code::Unavailable);
    wait(&mut world, id);
    world.settle(id);
    world.refuse(id, Code::Unavailable);
    world.settle(id);
    let other = world.get(1);
    world.settle(other);
    assert!(matches!(*effect(&world, other), Effect::Wait(Millis(1_000..=1_100))));
    assert_eq!(world.finish(other).unwrap().access_token, "T1");
}

#[test]
fn a_long_retry_after_is_an_error_and_keeps_the_fleet_quiet() {
    let mut world = world(2);
    let id = world.get(0);
    world.settle(id);
    world.refuse_with(
        id,
        Error { retry_after: Some(Millis(120_000)), ..*Error::new(Code::RateLimited, &["slow down"], "hint") },
    );
    world.settle(id);
    assert_eq!(failure(&mut world, id), (Code::RateLimited, Some(120_000)));
    let other = world.get(1);
    world.settle(other);
    assert_eq!(failure(&mut world, other), (Code::Unavailable, Some(120_000)));
    assert_eq!(world.generates, 1);
}

#[test]
fn bad_credentials_are_remembered_in_the_instance_and_never_in_the_record() {
    let mut world = world(2);
    let mut waits = Vec::new();
    for _ in 0..8 {
        let id = world.get(0);
        world.settle(id);
        world.refuse(id, Code::InvalidCredentials);
        world.settle(id);
        assert_eq!(failure(&mut world, id), (Code::InvalidCredentials, None));
        assert_eq!(world.record().lease, Lease::default());
        assert_eq!(world.record().not_before, StoreMillis(0));
        let id = world.get(0);
        world.settle(id);
        let (code, wait) = failure(&mut world, id);
        assert_eq!(code, Code::InvalidCredentials);
        waits.push(wait.unwrap());
        world.advance(wait.unwrap());
    }
    assert_eq!(waits, [5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]);
    let id = world.get(0);
    world.settle(id);
    world.refuse(id, Code::InvalidCredentials);
    world.settle(id);
    // The others are not stalled, and their token serves this one too.
    assert_eq!(world.token(1), "T1");
    assert_eq!(world.token(0), "T1");
}

#[test]
fn other_credentials_are_tried_at_once() {
    let mut world = world(1);
    let id = world.get(0);
    world.settle(id);
    world.refuse(id, Code::InvalidCredentials);
    world.settle(id);
    world.instances[0].instance.forget_failure();
    assert_eq!(world.token(0), "T1");
}

#[test]
fn a_failure_reaches_every_run_that_waited_for_it() {
    let mut world = world(1);
    let (holder, other) = (world.get(0), world.report(0, "T0", 7));
    world.settle(holder);
    world.settle(other);
    world.refuse(holder, Code::Network);
    world.advance(500);
    world.settle(holder);
    world.refuse(holder, Code::Network);
    world.settle(holder);
    world.tell(other, Event::Woke);
    world.settle(other);
    assert_eq!(failure(&mut world, other).0, Code::Network);
    assert_eq!(world.generates, 2);
}

#[test]
fn a_failed_renewal_leaves_the_old_token_in_use_and_is_tried_again_later() {
    let mut world = due(2);
    let id = world.get(0);
    world.settle(id);
    world.advance(1_000);
    world.settle(id);
    world.refuse(id, Code::Blocked);
    world.settle(id);
    assert_eq!(world.result(id).unwrap().access_token, "T1");
    // One load, and then none for as long as nothing can be done.
    assert_eq!(world.token(0), "T1");
    let loads = world.store.loads;
    assert_eq!(world.token(0), "T1");
    assert_eq!(world.store.loads, loads);
    world.advance(5_000);
    let id = world.get(0);
    world.settle(id);
    assert_eq!(*effect(&world, id), Effect::Wait(Millis(1_000)));
}

// Reports.

#[test]
fn another_token_in_the_record_is_given_and_nothing_is_generated() {
    let mut world = with_token(2);
    world.generate_elsewhere(3599);
    let id = world.report(1, "T1", 7);
    world.finish(id).unwrap();
    let id = world.report(0, "T1", 7);
    assert_eq!(*effect(&world, id), Effect::Load);
    assert_eq!(world.finish(id).unwrap().access_token, "T3");
    let id = world.report(0, "T1", 7);
    assert_eq!(world.result(id).unwrap().access_token, "T3");
}

#[test]
fn ten_replacements_heal_then_one_comes_back_each_half_minute() {
    let mut world = with_token(1);
    let mut token = "T1".to_owned();
    for _ in 0..10 {
        let id = world.report(0, &token, 0);
        token = world.finish(id).unwrap().access_token;
    }
    let generates = world.generates;
    assert!(world.count(Kind::Contention) >= 3);
    world.notices.clear();
    world.advance(10_000);
    let id = world.report(0, &token, 0);
    world.settle(id);
    assert_eq!(failure(&mut world, id), (Code::TokenRejected, Some(20_000)));
    assert_eq!(world.kinds(), ["contention", "rejected"]);
    assert_eq!(world.generates, generates);
    // For the others it is still the token.
    assert_eq!(world.token(0), token);
    world.advance(20_000);
    let id = world.report(0, &token, 0);
    assert!(world.finish(id).is_ok());
}

#[test]
fn an_endpoint_that_refuses_the_successor_waits_half_a_minute_and_others_do_not() {
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
fn an_endpoint_that_accepted_a_token_is_at_fault_no_more() {
    let mut world = with_token(2);
    let id = world.report(0, "T1", 7);
    assert_eq!(world.finish(id).unwrap().access_token, "T2");
    // Only the token that is newer than the refused one is news, and only there.
    assert_eq!(world.accept(0, "T1", 7), None);
    assert_eq!(world.accept(0, "T2", 8), None);
    let id = world.accept(0, "T2", 7).unwrap();
    assert_eq!(world.finish(id).unwrap().access_token, "T2");
    assert_eq!(world.accept(0, "T2", 7), None);
    let id = world.report(0, "T2", 7);
    assert_eq!(world.finish(id).unwrap().access_token, "T3");
}

#[test]
fn ten_minutes_after_its_gap_an_endpoint_starts_anew() {
    let mut world = with_token(1);
    let id = world.report(0, "T1", 7);
    world.finish(id).unwrap();
    world.advance(630_000);
    let id = world.report(0, "T2", 7);
    world.finish(id).unwrap();
    assert_eq!(world.record().refusals[7].gap, Millis(30_000));
}

#[test]
fn eight_endpoints_are_remembered_and_the_oldest_goes() {
    let mut world = World::new(Policy::DEFAULT.with("budget", 100), 1);
    let mut token = world.token(0);
    for endpoint in 1..=9 {
        world.advance(1);
        let id = world.report(0, &token, endpoint);
        token = world.finish(id).unwrap().access_token;
    }
    let endpoints: Vec<_> = world.record().refusals.iter().map(|refusal| refusal.endpoint.0).collect();
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

// Failures of the store.

#[test]
fn the_store_is_down_and_a_token_lives_it_is_used_to_its_real_end() {
    let mut world = with_token(1);
    world.advance(HOUR - 1);
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
fn a_store_that_is_down_is_left_alone_for_ten_seconds() {
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
fn a_store_that_comes_back_within_three_seconds_is_waited_for() {
    let mut world = world(1);
    let id = world.get(0);
    while world.time < 2_000 {
        if *effect(&world, id) == Effect::Load {
            world.lose_question(id);
        } else {
            world.advance(50);
        }
    }
    assert_eq!(world.finish(id).unwrap().access_token, "T1");
}

fn blind() -> World {
    let mut policy = Policy::DEFAULT;
    policy.on_store_down = OnStoreDown::Generate;
    World::new(policy, 1)
}

fn without_store(world: &mut World, id: u32) {
    for _ in 0..100 {
        match *effect(world, id) {
            Effect::Load | Effect::Swap => world.lose_question(id),
            Effect::Wait(Millis(span)) => world.advance(span),
            _ => return,
        }
    }
}

#[test]
fn whoever_asks_for_it_generates_without_the_store_and_rarely() {
    let mut world = blind();
    let id = world.get(0);
    without_store(&mut world, id);
    assert_eq!(world.grant(id), "T1");
    assert_eq!(world.result(id).unwrap().access_token, "T1");
    for (token, gap) in [("T1", 30_000), ("T2", 60_000), ("T3", 120_000)] {
        let began = world.time;
        let id = world.report(0, token, 7);
        without_store(&mut world, id);
        let (code, wait) = failure(&mut world, id);
        assert_eq!(code, Code::StoreUnavailable);
        assert!(wait.unwrap() <= gap && wait.unwrap() > gap - 10_000, "{wait:?}");
        world.advance(wait.unwrap());
        assert!(world.time - began <= gap);
        let id = world.report(0, token, 7);
        without_store(&mut world, id);
        world.grant(id);
        world.result(id).unwrap();
    }
    // When the store is back, the others are told.
    world.advance(10_000);
    assert_eq!(world.token(0), "T4");
    assert_eq!(world.record().token, "T4");
}

#[test]
fn a_grant_that_cannot_be_published_is_used_and_published_later() {
    let mut world = with_token(2);
    let id = world.report(0, "T1", 7);
    world.settle(id);
    world.grant(id);
    without_store(&mut world, id);
    assert_eq!(world.result(id).unwrap().access_token, "T2");
    assert_eq!(world.record().token, "T1");
    world.advance(15_000);
    assert_eq!(world.token(0), "T2");
    assert_eq!((world.record().token.as_str(), world.record().epoch), ("T2", 2));
    assert_eq!(world.token(1), "T2");
    assert_eq!(world.generates, 2);
}

#[test]
fn a_write_of_unknown_fate_is_recognised_by_what_it_wrote() {
    let mut world = world(2);
    let id = world.get(0);
    world.carry(id);
    world.lose_answer(id);
    assert!(is_waiting(&world, id));
    world.advance(100);
    world.carry(id);
    assert_eq!(*effect(&world, id), Effect::Generate);
    world.grant(id);
    world.lose_answer(id);
    world.advance(200);
    world.carry(id);
    assert_eq!(world.result(id).unwrap().access_token, "T1");
    assert_eq!((world.generates, world.record().epoch), (1, 1));
    assert_eq!(world.kinds(), ["store-error", "lease-taken", "store-error", "generated", "waited"]);
}

#[test]
fn a_write_that_never_landed_is_written_again() {
    let mut world = world(1);
    let id = world.get(0);
    world.carry(id);
    world.lose_question(id);
    assert_eq!(world.finish(id).unwrap().access_token, "T1");
}

#[test]
fn a_store_that_refuses_every_write_ends_in_an_error() {
    let mut world = world(1);
    let id = world.get(0);
    for _ in 0..10_000 {
        match *effect(&world, id) {
            Effect::Load => world.carry(id),
            Effect::Swap => world.tell(id, Event::Swapped { swapped: false, store: None }),
            Effect::Wait(Millis(span)) => world.advance(span),
            _ => break,
        }
    }
    assert_eq!(failure(&mut world, id).0, Code::Timeout);
    assert!(world.store.loads < 40, "{}", world.store.loads);
}

#[test]
fn a_store_that_lets_nobody_renew_or_publish_ends_too() {
    let mut world = due(1);
    let id = world.get(0);
    world.settle(id);
    world.advance(1_000);
    for _ in 0..10_000 {
        match *effect(&world, id) {
            Effect::Load => world.carry(id),
            Effect::Swap => world.tell(id, Event::Swapped { swapped: false, store: None }),
            Effect::Wait(Millis(span)) => world.advance(span),
            _ => break,
        }
    }
    assert_eq!(world.result(id).unwrap().access_token, "T1");
    assert_eq!(world.generates, 1);
}

#[test]
fn a_store_flushed_is_filled_again_by_whoever_has_a_living_token() {
    let mut world = with_token(2);
    let history = world.record().history;
    world.store.value = None;
    world.advance(10_000);
    assert_eq!(world.token(0), "T1");
    assert_eq!((world.record().history, world.record().token.as_str()), (history, "T1"));
    assert_eq!(world.token(1), "T1");
    assert_eq!(world.generates, 1);
}

#[test]
fn a_history_made_anew_is_adopted() {
    let mut world = with_token(2);
    let history = world.record().history;
    world.store.value = None;
    // A third instance that knows nothing.
    let mut other = World::new(Policy::DEFAULT, 1);
    other.granted = world.granted.clone();
    other.now(0);
    assert_eq!(other.token(0), "T2");
    world.store.value = other.store.value;
    world.store.version += 1;
    world.advance(10_000);
    assert_eq!(world.token(0), "T2");
    assert_ne!(world.record().history, history);
}

#[test]
fn a_replica_that_fell_behind_is_repaired_and_never_adopted() {
    let mut world = with_token(2);
    let stale = world.store.value.clone();
    let id = world.report(0, "T1", 0);
    assert_eq!(world.finish(id).unwrap().access_token, "T2");
    world.store.value = stale;
    world.store.version += 1;
    world.advance(10_000);
    assert_eq!(world.token(0), "T2");
    assert_eq!((world.record().token.as_str(), world.record().epoch), ("T2", 2));
    assert_eq!(world.token(1), "T2");
    assert_eq!(world.generates, 2);
}

#[test]
fn unknown_fields_are_kept_and_an_unknown_schema_is_an_error_that_says_so() {
    let mut world = with_token(1);
    world.store.value.as_mut().unwrap()["later"] = json!({ "deep": [1] });
    let id = world.report(0, "T1", 0);
    world.finish(id).unwrap();
    assert_eq!(world.store.value.as_ref().unwrap()["later"], json!({ "deep": [1] }));
    world.store.value.as_mut().unwrap()["schema"] = Value::from(2);
    world.advance(10_000);
    assert_eq!(world.token(0), "T2");
    world.advance(HOUR);
    let id = world.get(0);
    world.settle(id);
    let error = world.result(id).unwrap_err();
    assert_eq!(error.message, "Expected a record of schema 1 in the store, found something else");
    assert_eq!(world.generates, 2);
}

#[test]
fn a_token_that_no_header_could_carry_is_not_taken_from_a_store() {
    let mut world = with_token(2);
    let mut record = world.record();
    record.token = "T1\r\nX-Evil: 1".into();
    record.epoch += 1;
    world.put(&record);
    world.advance(10_000);
    assert_eq!(world.token(1), "T2");
}

// Holders that fail, and clocks.

#[test]
fn a_crashed_holders_lease_runs_out_by_the_stores_clock() {
    let mut world = world(2);
    let holder = world.get(0);
    world.settle(holder);
    world.runs.remove(&holder);
    world.advance(14_999);
    let id = world.get(1);
    world.settle(id);
    assert!(is_waiting(&world, id));
    world.advance(100);
    world.settle(id);
    assert_eq!(*effect(&world, id), Effect::Generate);
}

#[test]
fn without_a_store_clock_a_lease_is_stale_once_it_was_seen_unchanged_for_its_duration() {
    let mut world = world(2);
    world.has_clock = false;
    world.instances[1].wall_skew = -3_600_000;
    let holder = world.get(0);
    world.settle(holder);
    world.runs.remove(&holder);
    world.advance(14_000);
    let id = world.get(1);
    let seen = world.time;
    loop {
        world.settle(id);
        match *effect(&world, id) {
            Effect::Wait(_) => world.advance(1),
            _ => break,
        }
    }
    assert_eq!(*effect(&world, id), Effect::Generate);
    assert!((15_000..17_000).contains(&(world.time - seen)), "{}", world.time - seen);
}

#[test]
fn without_a_store_clock_an_instance_that_lives_shortly_goes_by_the_wall_clock_with_tolerance() {
    let mut world = world(2);
    world.has_clock = false;
    let holder = world.get(0);
    world.settle(holder);
    world.runs.remove(&holder);
    world.advance(74_999);
    let id = world.get(1);
    world.settle(id);
    assert!(is_waiting(&world, id));
    world.runs.remove(&id);
    world.advance(1);
    let id = world.get(1);
    world.settle(id);
    assert_eq!(*effect(&world, id), Effect::Generate);
}

#[test]
fn a_lease_that_is_renewed_is_not_stale() {
    let mut world = world(2);
    world.has_clock = false;
    let (holder, other) = (world.get(0), world.get(1));
    world.settle(holder);
    world.settle(other);
    world.advance(10_000);
    world.refuse_with(holder, *Error::timeout(Millis(10_000)));
    world.advance(1_000);
    world.settle(holder);
    world.settle(other);
    world.advance(9_000);
    world.settle(other);
    assert!(is_waiting(&world, other));
}

#[test]
fn a_machine_that_slept_for_hours_looks_before_it_hands_out() {
    for has_clock in [true, false] {
        let mut world = with_token(1);
        world.has_clock = has_clock;
        world.sleep(0, 2 * HOUR);
        assert_eq!(world.live(0), None);
        assert_eq!(world.token(0), "T2");
    }
}

#[test]
fn a_short_sleep_keeps_the_token() {
    let mut world = with_token(1);
    world.sleep(0, 60_000);
    assert_eq!(world.token(0), "T1");
    assert_eq!(world.generates, 1);
}

#[test]
fn a_wall_clock_set_back_does_not_prolong_a_token() {
    let mut world = world(1);
    world.has_clock = false;
    world.token(0);
    world.instances[0].wall_skew = -7_200_000;
    world.advance(HOUR);
    assert_eq!(world.live(0), None);
    assert_eq!(world.token(0), "T2");
}

#[test]
fn a_wall_clock_that_jumps_ahead_costs_one_look() {
    let mut world = with_token(1);
    world.instances[0].wall_skew = 7_200_000;
    let loads = world.store.loads;
    assert_eq!(world.token(0), "T1");
    assert_eq!(world.token(0), "T1");
    assert_eq!((world.store.loads, world.generates), (loads + 1, 1));
    let token = world.live(0).unwrap();
    assert_eq!(token.expires_at.0, BEGINNING + 7_200_000 + HOUR);
}

#[test]
fn a_store_clock_that_differs_by_hours_does_no_harm() {
    for skew in [-7_200_000, 7_200_000] {
        let mut world = world(2);
        world.store_skew = skew;
        assert_eq!(world.token(0), "T1");
        assert_eq!(world.token(1), "T1");
        world.advance(3_000_000);
        assert_eq!(world.token(1), "T1");
        let token = world.live(1).unwrap();
        assert_eq!(token.expires_at.0, BEGINNING + HOUR);
    }
}

#[test]
fn a_quiet_time_that_a_jumping_clock_made_endless_is_ignored() {
    let mut world = world(2);
    world.has_clock = false;
    world.token(0);
    let mut record = world.record();
    record.dead = true;
    record.not_before = StoreMillis(world.now(0).wall.0 + 3_600_000);
    record.budget.refilled_at = record.not_before;
    world.put(&record);
    assert_eq!(world.token(1), "T2");
}

#[test]
fn the_end_of_a_token_does_not_flicker_between_looks() {
    let mut world = world(1);
    let id = world.get(0);
    let first = world.finish(id).unwrap().expires_at;
    for _ in 0..5 {
        world.advance(10_000);
        let id = world.get(0);
        world.advance(37);
        assert_eq!(world.finish(id).unwrap().expires_at, first);
    }
}

// Contention, closing, notices.

#[test]
fn three_early_deaths_in_ten_minutes_are_contention() {
    let mut world = with_token(1);
    for death in 0..3 {
        assert_eq!(world.count(Kind::Contention), 0, "{death}");
        let bad = world.token(0);
        world.generate_elsewhere(3599);
        let id = world.report(0, &bad, 0);
        world.finish(id).unwrap();
        world.advance(200_000);
    }
    assert_eq!(world.count(Kind::Contention), 1);
}

#[test]
fn early_deaths_far_apart_are_no_contention() {
    let mut world = with_token(1);
    for _ in 0..6 {
        let bad = world.token(0);
        let id = world.report(0, &bad, 0);
        world.finish(id).unwrap();
        world.advance(301_000);
    }
    assert_eq!(world.count(Kind::Contention), 0);
}

#[test]
fn a_renewal_in_time_is_no_early_death() {
    let mut world = with_token(2);
    for _ in 0..6 {
        world.advance(3_330_000);
        world.token(0);
        world.token(1);
    }
    assert_eq!(world.count(Kind::Contention), 0);
    assert_eq!(world.count(Kind::Renewed), 6);
    assert_eq!(world.count(Kind::Shared), 6);
}

#[test]
fn a_closed_manager_rejects_calls_and_those_that_wait() {
    let mut world = world(2);
    let holder = world.get(1);
    world.settle(holder);
    let waiting = world.get(0);
    world.settle(waiting);
    world.instances[0].instance.close();
    world.tell(waiting, Event::Woke);
    assert_eq!(failure(&mut world, waiting), (Code::Closed, None));
    let id = world.get(0);
    assert_eq!(failure(&mut world, id), (Code::Closed, None));
    assert!(world.instances[0].instance.is_closed() && !world.instances[1].instance.is_closed());
}

#[test]
fn a_holder_that_is_closed_publishes_what_it_is_granted_and_begins_nothing() {
    let mut world = world(1);
    let id = world.get(0);
    world.settle(id);
    world.instances[0].instance.close();
    assert_eq!(world.grant(id), "T1");
    assert_eq!(world.finish(id).unwrap().access_token, "T1");
    assert_eq!(world.record().token, "T1");

    let mut world = due(1);
    let id = world.get(0);
    world.settle(id);
    world.instances[0].instance.close();
    world.advance(1_000);
    world.settle(id);
    assert_eq!(failure(&mut world, id), (Code::Closed, None));
    assert_eq!((world.generates, world.record().lease), (1, Lease::default()));
}

#[test]
fn a_run_in_the_background_looks_however_fresh_the_copy_is() {
    let mut world = with_token(1);
    let deadline = world.deadline(0);
    let id = world.begin(0, Run::look(deadline));
    assert_eq!(*effect(&world, id), Effect::Load);
    assert_eq!(world.finish(id).unwrap().access_token, "T1");
}

#[test]
fn formatting_shows_no_token() {
    let mut world = World::new(Policy::DEFAULT, 1);
    let id = world.get(0);
    world.settle(id);
    world.granted = (0..41).map(|_| (String::new(), 0)).collect();
    let token = world.grant(id);
    assert_eq!(token, "T42");
    let driven = &world.runs[&id];
    let shown = format!("{:?} {:?} {:?}", driven.run, driven.run.next(), world.instances[0].instance);
    assert!(!shown.contains("T42"), "{shown}");
    world.settle(id);
    let shown = format!("{:?} {:?} {:?}", world.runs[&id].effect, world.instances[0].instance, world.record());
    assert!(!shown.contains("T42"), "{shown}");
    let found = Some(Box::new(world.record()));
    let report = Run::report("T42".into(), Id(0), world.deadline(0));
    let shown = format!("{:?} {report:?}", Event::Loaded { found, store: None });
    assert!(!shown.contains("T42"), "{shown}");
}

#[test]
fn notices_that_nobody_takes_do_not_pile_up() {
    let mut world = world(1);
    let now = world.now(0);
    let deadline = world.deadline(0);
    let place = &mut world.instances[0];
    for _ in 0..200 {
        let mut run = Run::get(deadline);
        daraja_auth::manager::step(&mut place.instance, &mut run, Event::Begun, &now);
        daraja_auth::manager::step(&mut place.instance, &mut run, Event::StoreFailed, &now);
    }
    assert_eq!(place.instance.take_notices().len(), 64);
    assert_eq!(place.instance.take_notices().len(), 0);
}
