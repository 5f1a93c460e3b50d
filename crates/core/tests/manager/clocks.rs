//! Members that crash with a lease, and clocks that are wrong.

use daraja_auth_core::error::Code;
use daraja_auth_core::manager::{Acquisition, Output, StoreMillis};

use crate::simulation::BEGINNING;
use crate::{LIFETIME, failure, is_waiting, output, with_token, world};

#[test]
fn the_lease_of_a_crashed_member_ends_by_the_stores_clock() {
    let mut world = world(2);
    let holder = world.get(0);
    world.settle(holder);
    world.runs.remove(&holder);
    world.advance(14_999);
    let id = world.get(1);
    world.settle(id);
    assert!(is_waiting(&world, id));
    world.advance(200);
    world.settle(id);
    assert_eq!(*output(&world, id), Output::Generate);
}

#[test]
fn without_a_store_clock_a_lease_ends_when_it_was_seen_unchanged_for_its_duration() {
    let mut world = world(2);
    world.has_clock = false;
    world.members[1].wall_skew = -3_600_000;
    let holder = world.get(0);
    world.settle(holder);
    world.runs.remove(&holder);
    world.advance(14_000);
    let id = world.get(1);
    let seen = world.time;
    loop {
        world.settle(id);
        match *output(&world, id) {
            Output::Wait(_) => world.advance(1),
            _ => break,
        }
    }
    assert_eq!(*output(&world, id), Output::Generate);
    assert!((15_000..17_000).contains(&(world.time - seen)), "{}", world.time - seen);
}

#[test]
fn without_a_store_clock_a_new_member_uses_the_wall_clock_with_a_tolerance() {
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
    assert_eq!(*output(&world, id), Output::Generate);
}

#[test]
fn a_renewed_lease_has_not_ended() {
    let mut world = world(2);
    world.has_clock = false;
    let (holder, other) = (world.get(0), world.get(1));
    world.settle(holder);
    world.settle(other);
    world.advance(10_000);
    world.fail_attempt(holder, Code::Timeout);
    world.advance(1_000);
    world.settle(holder);
    world.settle(other);
    world.advance(9_000);
    world.settle(other);
    assert!(is_waiting(&world, other));
}

#[test]
fn a_machine_that_slept_for_hours_does_not_give_its_old_token() {
    for has_clock in [true, false] {
        let mut world = with_token(1);
        world.has_clock = has_clock;
        world.sleep(0, 2 * LIFETIME);
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
    world.members[0].wall_skew = -7_200_000;
    world.advance(LIFETIME);
    assert_eq!(world.live(0), None);
    assert_eq!(world.token(0), "T2");
}

#[test]
fn a_wall_clock_that_jumps_ahead_costs_one_load_and_without_a_store_clock_one_token() {
    for (has_clock, token, generates) in [(true, "T1", 1), (false, "T2", 2)] {
        let mut world = with_token(1);
        world.has_clock = has_clock;
        world.members[0].wall_skew = 7_200_000;
        let loads = world.store.loads;
        assert_eq!([world.token(0), world.token(0)], [token; 2]);
        assert_eq!((world.store.loads, world.generates), (loads + 1, generates));
        assert_eq!(world.live(0).unwrap().expires_at.0, BEGINNING + 7_200_000 + LIFETIME);
    }
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
        assert_eq!(token.expires_at.0, BEGINNING + LIFETIME);
    }
}

#[test]
fn a_cooldown_that_a_jumping_clock_made_too_long_is_ignored() {
    let mut world = world(2);
    world.has_clock = false;
    world.token(0);
    let mut record = world.record();
    record.dead = true;
    let later = StoreMillis(world.now(0).wall.0 + 3_600_000);
    record.not_before = Some(later);
    record.budget.refilled_at = later;
    world.put(&record);
    assert_eq!(world.token(1), "T2");
}

#[test]
fn the_end_of_a_token_does_not_change_between_loads() {
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

#[test]
fn without_a_store_clock_a_lease_that_was_seen_for_exactly_its_duration_has_ended() {
    let mut world = world(2);
    world.has_clock = false;
    world.members[1].wall_skew = -3_600_000;
    let holder = world.get(0);
    world.settle(holder);
    world.runs.remove(&holder);
    for (span, is_held) in [(0, true), (14_999, true), (1, false)] {
        world.advance(span);
        let id = world.get(1);
        world.carry(id);
        assert_eq!(is_waiting(&world, id), is_held, "{span}");
        world.runs.remove(&id);
    }
}

#[test]
fn a_token_that_has_ended_by_the_stores_clock_is_not_written_into_a_flushed_store() {
    for (early, is_kept) in [(1, true), (0, false)] {
        let mut world = with_token(1);
        let history = world.record().history;
        world.store.value = None;
        // Both clocks of the member are wrong: one stood still, the other was set back.
        world.sleep(0, LIFETIME - early);
        world.members[0].wall_skew = -7_200_000;
        let deadline = world.deadline(0);
        let id = world.begin(0, Acquisition::revalidate(deadline));
        world.settle(id);
        assert_eq!(*output(&world, id), Output::Generate);
        assert_eq!(world.record().history == history, is_kept);
    }
}

#[test]
fn a_difference_of_two_seconds_counts_as_a_jump() {
    for (skew, moved) in [(1_999, 0), (2_000, 2_000)] {
        let mut world = with_token(1);
        world.members[0].wall_skew = skew;
        world.advance(10_000);
        world.token(0);
        assert_eq!(world.live(0).unwrap().expires_at.0, BEGINNING + LIFETIME + moved);
    }
}

#[test]
fn a_renewal_begins_in_the_second_half_of_a_lifetime_whatever_the_record_says() {
    let mut world = with_token(2);
    let mut record = world.record();
    record.renew_at = StoreMillis(0);
    record.epoch += 1;
    world.put(&record);
    world.advance(10_000);
    assert_eq!(world.token(1), "T1");
    assert_eq!(world.members[1].member.renew_at().unwrap().monotonic.0, LIFETIME / 2);
}

#[test]
fn a_token_that_ended_before_it_was_published_is_not_given_out() {
    let mut world = world(1);
    let id = world.get(0);
    world.settle(id);
    world.grant(id);
    world.sleep(0, LIFETIME);
    world.lose_question(id);
    world.advance(3_000);
    world.lose_question(id);
    assert_eq!(failure(&mut world, id).0, Code::StoreUnavailable);
    assert_eq!(world.live(0), None);
}

#[test]
fn the_last_reading_of_the_stores_clock_counts() {
    // The clocks jump between the load and the write of the lease. The store gives its clock both times, once or never.
    for (has_clock, tells) in [(true, true), (true, false), (false, false)] {
        let mut world = world(1);
        world.has_clock = has_clock;
        world.store_skew = 7_200_000;
        let id = world.get(0);
        world.carry(id);
        let jump = 1_800_000;
        if tells {
            world.store_skew += jump;
        }
        world.members[0].wall_skew += jump;
        world.has_clock = tells;
        world.carry(id);
        world.grant(id);
        let obtained_at = world.runs[&id].run.next().obtained_at.0;
        let skew = if has_clock { world.store_skew } else { jump };
        assert_eq!(obtained_at, BEGINNING + skew as u64, "{has_clock} {tells}");
    }
}

#[test]
fn tokens_that_end_at_once_because_a_clock_jumps_count_as_failures() {
    let mut world = world(1);
    world.has_clock = false;
    world.members[0].wall_jump = 24 * LIFETIME as i64;
    let id = world.get(0);
    let error = world.finish(id).unwrap_err();
    assert_eq!(error.code, Code::MalformedResponse);
    assert_eq!(error.message, "Fresh tokens end before they can be used");
    assert!(error.hint.contains("clock"), "{}", error.hint);
    assert_eq!(world.generates, 2, "after the first one the machine may have slept");
    for _ in 0..600 {
        world.advance(100);
        let id = world.get(0);
        assert_eq!(world.finish(id).unwrap_err().code, Code::MalformedResponse);
    }
    assert_eq!(world.generates, 4, "one after 10 seconds, one after 20 more");
    world.members[0].wall_jump = 0;
    world.advance(60_000);
    assert_eq!(world.token(0), "T5");
}

#[test]
fn with_a_store_clock_a_wall_clock_that_jumps_costs_no_token() {
    let mut world = world(1);
    world.members[0].wall_jump = 24 * LIFETIME as i64;
    for _ in 0..100 {
        assert_eq!(world.token(0), "T1");
        world.advance(100);
    }
    assert_eq!(world.generates, 1);
}

#[test]
fn a_token_that_ended_while_its_machine_slept_is_replaced_at_once() {
    let mut world = world(1);
    let id = world.get(0);
    world.settle(id);
    world.grant(id);
    world.sleep(0, 2 * LIFETIME);
    assert_eq!(world.finish(id).unwrap().access_token, "T2");
}
