//! Holders that crash, and clocks that lie.

use daraja_auth_core::error::Code;
use daraja_auth_core::manager::{Acquisition, Output, StoreMillis};

use crate::simulation::BEGINNING;
use crate::{HOUR, effect, failure, is_waiting, with_token, world};

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
    world.advance(200);
    world.settle(id);
    assert_eq!(*effect(&world, id), Output::Generate);
}

#[test]
fn without_a_store_clock_a_lease_is_stale_once_it_was_seen_unchanged_for_its_duration() {
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
        match *effect(&world, id) {
            Output::Wait(_) => world.advance(1),
            _ => break,
        }
    }
    assert_eq!(*effect(&world, id), Output::Generate);
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
    assert_eq!(*effect(&world, id), Output::Generate);
}

#[test]
fn a_lease_that_is_renewed_is_not_stale() {
    let mut world = world(2);
    world.has_clock = false;
    let (holder, other) = (world.get(0), world.get(1));
    world.settle(holder);
    world.settle(other);
    world.advance(10_000);
    world.refuse(holder, Code::Timeout);
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
    world.members[0].wall_skew = -7_200_000;
    world.advance(HOUR);
    assert_eq!(world.live(0), None);
    assert_eq!(world.token(0), "T2");
}

#[test]
fn a_wall_clock_that_jumps_ahead_costs_one_look() {
    let mut world = with_token(1);
    world.members[0].wall_skew = 7_200_000;
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
    let later = StoreMillis(world.now(0).wall.0 + 3_600_000);
    record.not_before = Some(later);
    record.budget.refilled_at = later;
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

#[test]
fn without_a_store_clock_a_lease_that_was_seen_for_exactly_its_duration_is_over() {
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
fn a_flushed_store_is_not_filled_with_a_token_that_ended_by_its_clock() {
    for (early, is_kept) in [(1, true), (0, false)] {
        let mut world = with_token(1);
        let history = world.record().history;
        world.store.value = None;
        // Neither clock of the member knows: one stood still, the other was set back.
        world.sleep(0, HOUR - early);
        world.members[0].wall_skew = -7_200_000;
        let deadline = world.deadline(0);
        let id = world.begin(0, Acquisition::revalidate(deadline));
        world.settle(id);
        assert_eq!(*effect(&world, id), Output::Generate);
        assert_eq!(world.record().history == history, is_kept);
    }
}

#[test]
fn a_difference_of_two_seconds_is_a_jump() {
    for (skew, moved) in [(1_999, 0), (2_000, 2_000)] {
        let mut world = with_token(1);
        world.members[0].wall_skew = skew;
        world.advance(10_000);
        world.token(0);
        assert_eq!(world.live(0).unwrap().expires_at.0, BEGINNING + HOUR + moved);
    }
}

#[test]
fn a_record_that_wants_renewal_at_once_gets_it_after_half_a_lifetime() {
    let mut world = with_token(2);
    let mut record = world.record();
    record.renew_at = StoreMillis(0);
    record.epoch += 1;
    world.put(&record);
    world.advance(10_000);
    assert_eq!(world.token(1), "T1");
    assert_eq!(world.members[1].member.renew_at().unwrap().monotonic.0, HOUR / 2);
}

#[test]
fn a_machine_that_slept_before_it_could_publish_gives_no_token_that_ended_meanwhile() {
    let mut world = world(1);
    let id = world.get(0);
    world.settle(id);
    world.grant(id);
    world.sleep(0, HOUR);
    world.lose_question(id);
    world.advance(3_000);
    world.lose_question(id);
    assert_eq!(failure(&mut world, id).0, Code::StoreUnavailable);
    assert_eq!(world.live(0), None);
}

#[test]
fn the_clock_that_a_store_told_last_is_the_one_that_counts() {
    // What it tells with the write of the lease, after a clock that was set, or not at all.
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
fn tokens_that_a_jumping_clock_ends_at_once_count_as_failures() {
    let mut world = world(1);
    world.has_clock = false;
    world.members[0].wall_jump = 24 * HOUR as i64;
    let id = world.get(0);
    let error = world.finish(id).unwrap_err();
    assert_eq!(error.code, Code::MalformedResponse);
    assert_eq!(error.message, "Fresh tokens end before they can be used");
    assert!(error.hint.contains("clock"), "{}", error.hint);
    assert_eq!(world.generates, 2, "the first one may be that of a machine that slept");
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
fn with_a_store_clock_a_clock_that_jumps_costs_no_token() {
    let mut world = world(1);
    world.members[0].wall_jump = 24 * HOUR as i64;
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
    world.sleep(0, 2 * HOUR);
    assert_eq!(world.finish(id).unwrap().access_token, "T2");
}
