//! Acquisitions without failures: the token is fresh, due, about to end, or has ended, or there is none.

use daraja_auth_core::error::Code;
use daraja_auth_core::manager::{Input, Lease, LeaseId, Output, Reason, StoreMillis};
use daraja_auth_core::time::Millis;

use crate::simulation::World;
use crate::{LIFETIME, due, failure, is_waiting, output, with_token, world};

#[test]
fn a_fresh_token_is_given_without_a_load_for_ten_seconds() {
    let mut world = with_token(1);
    let loads = world.store.loads;
    world.advance(9_999);
    assert_eq!(world.token(0), "T1");
    assert_eq!(world.store.loads, loads);
    world.advance(1);
    assert_eq!(world.token(0), "T1");
    assert_eq!(world.store.loads, loads + 1);
    assert_eq!(world.members[0].member.fresh_until().unwrap().monotonic.0, world.time + 10_000);
}

#[test]
fn a_token_that_is_due_is_not_given_without_a_load() {
    let mut world = with_token(1);
    let renew_at = world.members[0].member.renew_at().unwrap().monotonic.0;
    assert!((3_299_000..=3_329_000).contains(&renew_at), "{renew_at}");
    world.advance(renew_at - 1 - world.time);
    assert_eq!(world.token(0), "T1");
    world.advance(1);
    let id = world.get(0);
    assert_eq!(*output(&world, id), Output::Load);
}

#[test]
fn a_renewal_drains_then_renews_its_lease_then_generates() {
    let mut world = due(2);
    let id = world.get(0);
    world.settle(id);
    assert_eq!(*output(&world, id), Output::Wait(Millis(1_000)));
    let taken = world.record().lease.unwrap();
    assert_eq!((taken.duration, world.store_now().unwrap().until(taken.until)), (Millis(15_000), Millis(15_000)));
    // A wake by the watch does not end the drain.
    world.advance(400);
    world.tell(id, Input::Woke);
    assert_eq!(*output(&world, id), Output::Wait(Millis(600)));
    world.advance(600);
    assert_eq!(*output(&world, id), Output::Swap);
    world.carry(id);
    assert_eq!(*output(&world, id), Output::Generate);
    let renewed = world.record().lease.unwrap();
    assert_eq!(renewed.nonce, taken.nonce);
    assert_eq!(taken.until.until(renewed.until), Millis(1_000));
    assert_eq!(world.finish(id).unwrap().access_token, "T2");
    assert_eq!(world.take_event_types(), ["lease-taken", "renewed"]);
    assert_eq!(world.record().lease, None);
}

#[test]
fn while_another_member_renews_callers_wait_three_seconds_and_get_the_old_token() {
    let mut world = due(2);
    let (holder, other) = (world.get(0), world.get(1));
    world.settle(holder);
    world.carry(other);
    let began = world.time;
    assert!(is_waiting(&world, other));
    while is_waiting(&world, other) {
        world.advance(1);
        if *output(&world, other) == Output::Load {
            world.carry(other);
        }
    }
    assert_eq!(world.time - began, 3_000);
    assert_eq!(world.result(other).unwrap().access_token, "T1");
    // A later caller does not wait again.
    let late = world.get(1);
    world.carry(late);
    assert_eq!(world.result(late).unwrap().access_token, "T1");
}

#[test]
fn in_the_last_minute_callers_wait_as_long_as_another_member_renews() {
    let mut world = with_token(2);
    world.advance(LIFETIME - 50_000);
    let (holder, other) = (world.get(0), world.get(1));
    world.settle(holder);
    world.carry(other);
    for _ in 0..30 {
        world.advance(400);
        if *output(&world, other) == Output::Load {
            world.carry(other);
        }
        assert!(!matches!(output(&world, other), Output::Complete(_)));
    }
    assert_eq!(world.token_during_renewal(1), None);
    world.settle(holder);
    assert_eq!(world.finish(holder).unwrap().access_token, "T2");
    assert_eq!(world.finish(other).unwrap().access_token, "T2");
}

#[test]
fn before_the_last_minute_the_old_token_may_be_given_during_a_renewal() {
    let mut world = due(1);
    assert_eq!(world.token_during_renewal(0).unwrap().access_token, "T1");
}

#[test]
fn a_token_with_less_than_the_minimum_left_is_not_given_out() {
    let mut world = with_token(1);
    let min_remaining = LIFETIME / 360;
    world.advance(LIFETIME - min_remaining - 1);
    assert!(world.live(0).is_some());
    world.advance(1);
    assert_eq!(world.live(0), None);
    let id = world.get(0);
    world.settle(id);
    // There is no drain, because no call uses the old token any more.
    assert_eq!(*output(&world, id), Output::Generate);
}

#[test]
fn the_watch_and_another_acquisition_of_the_member_wake_a_waiting_one() {
    let mut world = world(2);
    let (holder, other, sibling) = (world.get(0), world.get(1), world.report(0, "T0", 7));
    world.settle(holder);
    world.settle(other);
    world.settle(sibling);
    world.grant(holder);
    world.settle(holder);
    let loads = world.store.loads;
    world.tell(sibling, Input::Woke);
    assert_eq!(world.result(sibling).unwrap().access_token, "T1");
    assert_eq!(world.store.loads, loads);
    world.tell(other, Input::Woke);
    assert_eq!(world.finish(other).unwrap().access_token, "T1");
}

#[test]
fn pauses_without_a_token_are_equal_for_a_second_and_then_double_to_two_seconds() {
    let mut world = world(2);
    let (holder, other) = (world.get(0), world.get(1));
    world.settle(holder);
    world.settle(other);
    let mut pauses = Vec::new();
    while let Output::Wait(Millis(pause)) = *output(&world, other) {
        pauses.push(pause);
        world.advance(pause);
        if world.time > 14_000 {
            break;
        }
        world.carry(other);
    }
    for (pause, longest) in pauses.iter().zip([200, 200, 200, 200, 200, 200, 400, 800, 1600, 2000, 2000]) {
        assert!((longest / 2..=longest).contains(pause), "{pauses:?}");
    }
    assert!(pauses.len() > 8, "{pauses:?}");
}

/// Begins a call that waits for a lease without end.
fn call_in_vain(world: &mut World) -> u32 {
    world.token(0);
    let mut record = world.record();
    record.dead = true;
    let (nonce, until) = (LeaseId::new(9).unwrap(), StoreMillis(u64::MAX));
    record.lease = Some(Lease { nonce, reason: Reason::Missing, duration: Millis(u64::MAX), until });
    world.put(&record);
    world.get(1)
}

/// How long it takes until an acquisition is complete.
fn duration(world: &mut World, id: u32) -> u64 {
    let began = world.time;
    while !matches!(output(world, id), Output::Complete(_)) {
        match *output(world, id) {
            Output::Load => world.carry(id),
            _ => world.advance(1),
        }
    }
    world.time - began
}

#[test]
fn a_caller_waits_until_its_deadline() {
    let mut world = world(2);
    let id = call_in_vain(&mut world);
    assert_eq!(duration(&mut world, id), 45_000);
    assert_eq!(failure(&mut world, id), (Code::Timeout, None));
    assert_eq!(world.take_event_types().last(), Some(&"waited"));
}

#[test]
fn a_caller_that_joins_later_extends_the_acquisition() {
    let mut world = world(2);
    let id = call_in_vain(&mut world);
    let deadline = world.deadline(1);
    let run = &mut world.runs.get_mut(&id).unwrap().run;
    run.join(deadline.after(Millis(10_000)));
    // An earlier deadline does not shorten it.
    run.join(deadline);
    assert_eq!(duration(&mut world, id), 55_000);
}

#[test]
fn the_time_between_renewal_and_end_is_random() {
    let mut world = world(1);
    let mut early = Vec::new();
    for _ in 0..20 {
        world.token(0);
        early.push(world.record().expires_at.0 - world.record().renew_at.0);
        world.advance(LIFETIME);
    }
    let most = world.policy.renew_before.0;
    assert!(early.iter().all(|early| (most / 10 * 9..=most).contains(early)), "{early:?}");
    // With these random numbers the largest difference is over half of the possible one.
    assert!(early.iter().max().unwrap() - early.iter().min().unwrap() > most / 20, "{early:?}");
}
