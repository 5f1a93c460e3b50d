//! Failed attempts: the next attempt, the fleet's cooldown, and the member's back-off.

use daraja_auth_core::error::Code;
use daraja_auth_core::manager::{Acquisition, EventType, Input, Output, Reason};
use daraja_auth_core::time::Millis;

use crate::{due, failure, output, wait, world};

#[test]
fn a_failed_attempt_is_followed_by_another_under_a_renewed_lease() {
    let mut world = world(1);
    let id = world.get(0);
    world.settle(id);
    let taken = world.record().lease.unwrap();
    world.advance(10_000);
    world.fail_attempt(id, Code::Timeout);
    assert!(matches!(*output(&world, id), Output::Wait(Millis(1_000..))));
    world.advance(1_000);
    world.carry(id);
    assert_eq!(*output(&world, id), Output::Generate);
    assert_eq!(taken.until.until(world.record().lease.unwrap().until), Millis(11_000));
    assert_eq!(world.grant(id), "T1");
    assert_eq!(world.finish(id).unwrap().access_token, "T1");
    let generated = world.events.iter().find(|(_, event)| event.event_type == EventType::Generated).unwrap().1;
    assert_eq!((generated.duration, generated.reason), (Millis(11_000), Some(Reason::Missing)));
}

#[test]
fn there_are_two_attempts_at_most() {
    let mut world = world(1);
    let id = world.get(0);
    world.settle(id);
    world.fail_attempt(id, Code::Unavailable);
    wait(&mut world, id);
    world.settle(id);
    world.fail_attempt(id, Code::Unavailable);
    assert_eq!(*output(&world, id), Output::Swap);
    world.carry(id);
    let error = world.result(id).unwrap_err();
    assert_eq!((error.code, error.attempts), (Code::Unavailable, 2));
    // A later call gets the same error with 0 attempts, because this call sent no request.
    let id = world.get(0);
    assert_eq!(world.finish(id).unwrap_err().attempts, 0);
    assert_eq!(world.generates, 2);
}

#[test]
fn an_acquisition_that_lost_its_lease_makes_no_further_attempt() {
    let mut world = world(2);
    let slow = world.get(0);
    world.settle(slow);
    world.advance(10_000);
    world.fail_attempt(slow, Code::Timeout);
    // The process is frozen in the pause, until after the end of its lease.
    let pause = world.runs.remove(&slow).unwrap();
    world.advance(20_000);
    assert_eq!(world.token(1), "T1");
    world.runs.insert(slow, pause);
    world.tell(slow, Input::Woke);
    assert_eq!(*output(&world, slow), Output::Swap);
    assert_eq!(world.finish(slow).unwrap().access_token, "T1");
    assert_eq!(world.generates, 2);
    assert_eq!(world.count(EventType::LeaseLost), 1);
}

#[test]
fn a_failure_of_daraja_stops_the_whole_fleet_and_the_cooldown_doubles_up_to_30_seconds() {
    let mut world = world(2);
    let mut cooldowns = Vec::new();
    for _ in 0..7 {
        let id = world.get(0);
        world.settle(id);
        world.fail_attempt(id, Code::RateLimited);
        wait(&mut world, id);
        world.settle(id);
        world.fail_attempt(id, Code::RateLimited);
        world.settle(id);
        assert_eq!(failure(&mut world, id).0, Code::RateLimited);
        let cooldown = world.store_now().unwrap().until(world.record().not_before.unwrap());
        cooldowns.push(cooldown.0);
        if cooldown.0 > 5_000 {
            // The member itself knows the error. Another member knows only the cooldown.
            let id = world.get(0);
            world.settle(id);
            assert_eq!(failure(&mut world, id), (Code::RateLimited, Some(cooldown.0)));
            let id = world.get(1);
            world.settle(id);
            assert_eq!(failure(&mut world, id), (Code::Unavailable, Some(cooldown.0)));
        }
        world.advance(cooldown.0);
    }
    assert_eq!(cooldowns, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    assert_eq!(world.token(1), "T1");
    assert_eq!((world.record().failures, world.record().not_before), (0, None));
}

#[test]
fn an_acquisition_waits_for_the_end_of_a_short_cooldown() {
    let mut world = world(2);
    let id = world.get(0);
    world.settle(id);
    world.fail_attempt(id, Code::Unavailable);
    wait(&mut world, id);
    world.settle(id);
    world.fail_attempt(id, Code::Unavailable);
    world.settle(id);
    let other = world.get(1);
    world.settle(other);
    assert!(matches!(*output(&world, other), Output::Wait(Millis(1_000..=1_100))));
    assert_eq!(world.finish(other).unwrap().access_token, "T1");
}

#[test]
fn a_long_retry_after_header_is_an_error_and_stops_the_whole_fleet() {
    let mut world = world(2);
    let id = world.get(0);
    world.settle(id);
    world.fail_attempt_with(id, Code::RateLimited, Some(Millis(120_000)));
    world.settle(id);
    assert_eq!(failure(&mut world, id), (Code::RateLimited, Some(120_000)));
    let other = world.get(1);
    world.settle(other);
    assert_eq!(failure(&mut world, other), (Code::Unavailable, Some(120_000)));
    assert_eq!(world.generates, 1);
}

#[test]
fn wrong_credentials_stop_the_member_and_not_the_fleet() {
    let mut world = world(2);
    let mut waits = Vec::new();
    for _ in 0..8 {
        let id = world.get(0);
        world.settle(id);
        world.fail_attempt(id, Code::InvalidCredentials);
        world.settle(id);
        assert_eq!(failure(&mut world, id), (Code::InvalidCredentials, None));
        assert_eq!(world.record().lease, None);
        assert_eq!(world.record().not_before, None);
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
    world.fail_attempt(id, Code::InvalidCredentials);
    world.settle(id);
    // The other member generates T1, and this member gets T1 from the record.
    assert_eq!(world.token(1), "T1");
    assert_eq!(world.token(0), "T1");
}

#[test]
fn after_a_change_of_credentials_the_next_attempt_is_made_at_once() {
    let mut world = world(1);
    let id = world.get(0);
    world.settle(id);
    world.fail_attempt(id, Code::InvalidCredentials);
    world.settle(id);
    world.members[0].member.forget_failure();
    assert_eq!(world.token(0), "T1");
}

#[test]
fn a_failure_reaches_every_acquisition_that_waited_for_the_attempt() {
    let mut world = world(1);
    let (holder, other) = (world.get(0), world.report(0, "T0", 7));
    world.settle(holder);
    world.settle(other);
    world.fail_attempt(holder, Code::Network);
    world.advance(500);
    world.settle(holder);
    world.fail_attempt(holder, Code::Network);
    world.settle(holder);
    world.tell(other, Input::Woke);
    world.settle(other);
    assert_eq!(failure(&mut world, other).0, Code::Network);
    assert_eq!(world.generates, 2);
}

#[test]
fn after_a_failed_renewal_the_old_token_is_used_and_the_renewal_is_tried_again_later() {
    let mut world = due(2);
    let id = world.get(0);
    world.settle(id);
    world.advance(1_000);
    world.settle(id);
    world.fail_attempt(id, Code::Blocked);
    world.settle(id);
    assert_eq!(world.result(id).unwrap().access_token, "T1");
    // There is one load, and then none until the back-off ends.
    assert_eq!(world.token(0), "T1");
    let loads = world.store.loads;
    assert_eq!(world.token(0), "T1");
    assert_eq!(world.store.loads, loads);
    world.advance(5_000);
    let id = world.get(0);
    world.settle(id);
    assert_eq!(*output(&world, id), Output::Wait(Millis(1_000)));
}

#[test]
fn an_acquisition_that_begins_after_a_retryable_failure_waits_and_tries() {
    let mut world = world(1);
    let id = world.get(0);
    world.settle(id);
    world.fail_attempt(id, Code::Network);
    wait(&mut world, id);
    world.settle(id);
    world.fail_attempt(id, Code::Network);
    world.settle(id);
    assert_eq!(failure(&mut world, id).0, Code::Network);
    world.advance(1);
    let id = world.get(0);
    world.settle(id);
    assert!(matches!(*output(&world, id), Output::Wait(Millis(999..=1_099))));
    assert_eq!(world.finish(id).unwrap().access_token, "T1");
}

#[test]
fn during_a_cooldown_no_member_renews_and_all_members_use_the_old_token() {
    let mut world = due(2);
    let id = world.get(0);
    world.settle(id);
    wait(&mut world, id);
    world.settle(id);
    world.fail_attempt_with(id, Code::RateLimited, Some(Millis(20_000)));
    world.settle(id);
    assert_eq!(world.result(id).unwrap().access_token, "T1");
    let swaps = world.store.swaps;
    let id = world.get(1);
    world.settle(id);
    assert_eq!(world.result(id).unwrap().access_token, "T1");
    let loads = world.store.loads;
    world.advance(9_999);
    assert_eq!(world.token(1), "T1");
    assert_eq!((world.store.loads, world.store.swaps), (loads, swaps));
    world.advance(10_001);
    let id = world.get(1);
    world.carry(id);
    assert_eq!(*output(&world, id), Output::Swap);
}

#[test]
fn a_call_at_its_deadline_begins_no_renewal() {
    let mut world = due(1);
    let deadline = world.now(0).monotonic;
    let id = world.begin(0, Acquisition::get(deadline));
    world.carry(id);
    assert_eq!(world.result(id).unwrap().access_token, "T1");
}

#[test]
fn a_failed_attempt_is_not_repeated_at_or_after_the_deadline() {
    for (left, tries_again) in [(1_001, true), (1_000, false)] {
        let mut world = world(1);
        let deadline = world.now(0).monotonic.after(Millis(left));
        let id = world.begin(0, Acquisition::get(deadline));
        world.settle(id);
        // The pause after a time-out is a second.
        world.fail_attempt(id, Code::Timeout);
        world.settle(id);
        if tries_again {
            assert_eq!(*output(&world, id), Output::Wait(Millis(1_000)));
        } else {
            assert_eq!(world.result(id).unwrap_err().attempts, 1);
        }
    }
}

#[test]
fn an_acquisition_does_not_wait_for_a_cooldown_that_ends_at_its_deadline() {
    for (left, waits) in [(1_001, true), (1_000, false)] {
        let mut world = world(2);
        world.token(0);
        let mut record = world.record();
        record.dead = true;
        record.not_before = Some(world.store_now().unwrap().after(Millis(1_000)));
        world.put(&record);
        let deadline = world.now(1).monotonic.after(Millis(left));
        let id = world.begin(1, Acquisition::get(deadline));
        world.settle(id);
        assert_eq!(matches!(output(&world, id), Output::Wait(_)), waits);
        if !waits {
            assert_eq!(failure(&mut world, id), (Code::Unavailable, Some(1_000)));
        }
    }
}
