//! Events, contention, and closed members.

use daraja_auth_core::error::Code;
use daraja_auth_core::manager::{Acquisition, EventType, Input, Output, Policy, step};

use daraja_auth_core::time::Millis;
use daraja_auth_core::token::{AccessToken, Token};

use crate::simulation::World;
use crate::{due, failure, output, with_token, world};

#[test]
fn three_early_replacements_in_ten_minutes_are_contention() {
    let mut world = with_token(1);
    for death in 0..3 {
        assert_eq!(world.count(EventType::Contention), 0, "{death}");
        let bad = world.token(0);
        world.generate_elsewhere(3599);
        let id = world.report(0, bad.as_str(), 0);
        world.finish(id).unwrap();
        world.advance(200_000);
    }
    assert_eq!(world.count(EventType::Contention), 1);
}

#[test]
fn early_replacements_far_apart_are_no_contention() {
    let mut world = with_token(1);
    for _ in 0..6 {
        let bad = world.token(0);
        let id = world.report(0, bad.as_str(), 0);
        world.finish(id).unwrap();
        world.advance(300_000);
    }
    assert_eq!(world.count(EventType::Contention), 0);
}

#[test]
fn a_renewal_in_time_is_no_early_replacement() {
    let mut world = with_token(2);
    for _ in 0..6 {
        world.advance(3_330_000);
        world.token(0);
        world.token(1);
    }
    assert_eq!(world.count(EventType::Contention), 0);
    assert_eq!(world.count(EventType::Renewed), 6);
    assert_eq!(world.count(EventType::Shared), 6);
}

#[test]
fn a_closed_member_rejects_new_and_waiting_calls() {
    let mut world = world(2);
    let holder = world.get(1);
    world.settle(holder);
    let waiting = world.get(0);
    world.settle(waiting);
    world.members[0].member.close();
    world.tell(waiting, Input::Woke);
    assert_eq!(failure(&mut world, waiting), (Code::Closed, None));
    let id = world.get(0);
    assert_eq!(failure(&mut world, id), (Code::Closed, None));
    assert!(world.members[0].member.is_closed() && !world.members[1].member.is_closed());
}

#[test]
fn a_closed_member_publishes_its_granted_token_and_begins_no_attempt() {
    let mut world = world(1);
    let id = world.get(0);
    world.settle(id);
    world.members[0].member.close();
    assert_eq!(world.grant(id), "T1");
    assert_eq!(world.finish(id).unwrap().access_token, "T1");
    assert_eq!(world.record().token, Some("T1".into()));

    let mut world = due(1);
    let id = world.get(0);
    world.settle(id);
    world.members[0].member.close();
    // The drain ends at once, because there will be no attempt.
    world.tell(id, Input::Woke);
    world.settle(id);
    assert_eq!(failure(&mut world, id), (Code::Closed, None));
    assert_eq!((world.generates, world.record().lease), (1, None));
}

#[test]
fn a_dead_token_is_not_fresh() {
    let mut world = with_token(1);
    let id = world.report(0, "T1", 0);
    assert!(world.members[0].member.fresh_until().is_some());
    world.settle(id);
    assert_eq!(world.members[0].member.fresh_until(), None);
    assert_eq!(world.live(0), None);
}

#[test]
fn a_background_renewal_loads_the_record_even_if_the_cache_is_fresh() {
    let mut world = with_token(1);
    let deadline = world.deadline(0);
    let id = world.begin(0, Acquisition::revalidate(deadline));
    assert_eq!(*output(&world, id), Output::Load);
    assert_eq!(world.finish(id).unwrap().access_token, "T1");
}

#[test]
fn debug_output_shows_no_token() {
    let mut world = World::new(Policy::DEFAULT, 1);
    let id = world.get(0);
    world.settle(id);
    world.granted = (0..41).map(|_| (String::new(), 0)).collect();
    let token = world.grant(id);
    assert_eq!(token, "T42");
    let driven = &world.runs[&id];
    let shown = format!("{:?} {:?} {:?}", driven.run, driven.run.next(), world.members[0].member);
    assert!(!shown.contains("T42"), "{shown}");
    world.settle(id);
    let shown = format!("{:?} {:?} {:?}", world.runs[&id].output, world.members[0].member, world.record());
    assert!(!shown.contains("T42"), "{shown}");
    let found = Some(Box::new(world.record()));
    let report = Acquisition::report("T42".into(), None, world.deadline(0));
    assert!(!format!("{report:?}").contains("T42"));
    let shown = format!("{:?}", Input::Loaded { found, store: None });
    assert!(shown.starts_with("Loaded { found: Some(Record {") && !shown.contains("T42"), "{shown}");
}

#[test]
fn at_most_64_events_are_kept() {
    let mut world = world(1);
    let now = world.now(0);
    let deadline = world.deadline(0);
    let place = &mut world.members[0];
    for _ in 0..200 {
        let mut run = Acquisition::get(deadline);
        daraja_auth_core::manager::step(&mut place.member, &mut run, Input::Begun, &now);
        daraja_auth_core::manager::step(&mut place.member, &mut run, Input::StoreFailed, &now);
    }
    assert_eq!(place.member.take_events().len(), 64);
    assert_eq!(place.member.take_events().len(), 0);
}

#[test]
fn rejections_by_different_endpoints_are_contention_too() {
    let mut world = with_token(1);
    for endpoint in 1..=3 {
        let bad = world.token(0);
        let id = world.report(0, bad.as_str(), endpoint);
        world.finish(id).unwrap();
        world.advance(10_000);
    }
    assert_eq!(world.count(EventType::Contention), 1);
}

#[test]
fn an_endpoint_at_fault_does_not_hide_the_rejections_of_others() {
    let mut world = with_token(1);
    let mut bad = AccessToken::from("T1");
    // A first rejection may have any cause. At the second one, the endpoint is at fault.
    for _ in 0..2 {
        let id = world.report(0, bad.as_str(), 7);
        bad = world.finish(id).unwrap().access_token;
        world.advance(30_000);
    }
    assert_eq!(world.record().rejections[0].cooldown, Millis(60_000));
    for endpoint in 1..=2 {
        assert_eq!(world.count(EventType::Contention), 0);
        let id = world.report(0, bad.as_str(), endpoint);
        bad = world.finish(id).unwrap().access_token;
    }
    assert_eq!(world.count(EventType::Contention), 1);
}

#[test]
fn a_member_that_did_not_get_the_lease_does_not_say_that_it_lost_it() {
    let mut world = world(2);
    let (first, second) = (world.get(0), world.get(1));
    for id in [first, second, first, second, second] {
        world.carry(id);
    }
    assert_eq!((world.count(EventType::LeaseTaken), world.count(EventType::LeaseLost)), (1, 0));
}

#[test]
fn events_are_taken_in_their_order() {
    let mut world = world(1);
    let mut run = Acquisition::get(world.deadline(0));
    let (now, store) = (world.now(0), world.store_now());
    let token = Token { access_token: "T1".into(), expires_in: 3599, expires_at: now.wall.after(Millis(3_599_000)) };
    let member = &mut world.members[0].member;
    for input in [
        Input::Begun,
        Input::Loaded { found: None, store },
        Input::Swapped { swapped: true, store },
        Input::Granted { token, sent: now.monotonic },
        Input::Swapped { swapped: true, store },
    ] {
        step(member, &mut run, input, &now);
    }
    assert_eq!(member.take_event().map(|event| event.event_type), Some(EventType::LeaseTaken));
    assert_eq!(member.take_event().map(|event| event.event_type), Some(EventType::Generated));
    assert!(member.take_event().is_none());
}
