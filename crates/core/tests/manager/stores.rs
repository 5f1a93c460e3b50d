//! Stores that fail, forget the record, give an old one, or hold something else.

use daraja_auth_core::error::Code;
use daraja_auth_core::manager::{
    Acquisition, EventType, Input, Lease, LeaseId, Output, Policy, Reason, Record, StoreMillis,
};
use daraja_auth_core::time::Millis;
use serde_json::{Value, json};

use crate::simulation::World;
use crate::{LIFETIME, due, failure, is_waiting, output, with_token, without_store, world};

/// The store answers, but every write is lost. Gives the number of writes.
fn lose_writes(world: &mut World, id: u32) -> u32 {
    let mut writes = 0;
    for _ in 0..1_000 {
        match *output(world, id) {
            Output::Load => world.carry(id),
            Output::Swap => {
                writes += 1;
                world.tell(id, Input::Swapped { swapped: false, store: None });
            }
            Output::Wait(Millis(span)) => world.advance(span),
            _ => return writes,
        }
    }
    panic!("the acquisition does not end");
}

#[test]
fn a_grant_that_cannot_be_published_is_used_and_published_later() {
    let mut world = with_token(2);
    let id = world.report(0, "T1", 7);
    world.settle(id);
    world.grant(id);
    without_store(&mut world, id);
    assert_eq!(world.result(id).unwrap().access_token, "T2");
    assert_eq!(world.record().token, Some("T1".into()));
    world.advance(15_000);
    assert_eq!(world.token(0), "T2");
    assert_eq!((world.record().token, world.record().epoch), (Some("T2".into()), 2));
    assert_eq!(world.token(1), "T2");
    assert_eq!(world.generates, 2);
}

#[test]
fn after_a_lost_answer_the_record_shows_whether_the_write_took_place() {
    let mut world = world(2);
    let id = world.get(0);
    world.carry(id);
    world.lose_answer(id);
    assert!(is_waiting(&world, id));
    world.advance(100);
    world.carry(id);
    assert_eq!(*output(&world, id), Output::Generate);
    world.grant(id);
    world.lose_answer(id);
    world.advance(200);
    world.carry(id);
    assert_eq!(world.result(id).unwrap().access_token, "T1");
    assert_eq!((world.generates, world.record().epoch), (1, 1));
    assert_eq!(world.take_event_types(), ["store-error", "lease-taken", "store-error", "generated", "waited"]);
}

#[test]
fn a_write_that_did_not_reach_the_store_is_repeated() {
    let mut world = world(1);
    let id = world.get(0);
    world.carry(id);
    world.lose_question(id);
    assert_eq!(world.finish(id).unwrap().access_token, "T1");
}

#[test]
fn if_every_write_is_lost_the_acquisition_fails_at_its_deadline() {
    let mut world = world(1);
    let id = world.get(0);
    lose_writes(&mut world, id);
    assert_eq!(failure(&mut world, id).0, Code::Timeout);
    assert!(world.store.loads < 40, "{}", world.store.loads);
}

#[test]
fn if_every_renewal_of_the_lease_is_lost_the_acquisition_ends_after_a_deadline_with_few_loads() {
    let mut world = due(1);
    let deadline = world.now(0).monotonic.after(Millis(500));
    let id = world.begin(0, Acquisition::get(deadline));
    world.settle(id);
    let (began, loads) = (world.time, world.store.loads);
    lose_writes(&mut world, id);
    assert_eq!(world.result(id).unwrap().access_token, "T1");
    assert_eq!(world.generates, 1);
    assert!((45_000..55_000).contains(&(world.time - began)), "{}", world.time - began);
    assert!(world.store.loads - loads < 50, "{}", world.store.loads - loads);
}

#[test]
fn a_grant_is_written_five_times_at_most() {
    let mut world = world(1);
    let id = world.get(0);
    world.settle(id);
    let swaps = world.store.swaps;
    world.grant(id);
    let writes = lose_writes(&mut world, id);
    assert_eq!((writes, world.store.swaps), (5, swaps));
    assert_eq!(world.result(id).unwrap().access_token, "T1");
    assert_eq!(world.count(EventType::Generated), 1);
}

#[test]
fn a_lost_release_is_repeated_and_written_five_times_at_most() {
    for second_write_succeeds in [true, false] {
        let mut world = world(1);
        let id = world.get(0);
        world.settle(id);
        world.fail_attempt(id, Code::Blocked);
        // Another write gives the record another version, and leaves the lease as it is.
        let record = world.record();
        world.put(&record);
        world.carry(id);
        assert_eq!(*output(&world, id), Output::Load);
        world.carry(id);
        assert_eq!(*output(&world, id), Output::Swap);
        if second_write_succeeds {
            world.carry(id);
            assert_eq!(world.record().lease, None);
        } else {
            // The first write was lost above.
            assert_eq!(lose_writes(&mut world, id), 4);
            assert_eq!(world.record().lease, record.lease);
        }
        assert_eq!(failure(&mut world, id), (Code::Blocked, None));
    }
}

#[test]
fn a_member_with_a_valid_token_writes_it_into_a_flushed_store() {
    let mut world = with_token(2);
    let history = world.record().history;
    world.store.value = None;
    world.advance(10_000);
    assert_eq!(world.token(0), "T1");
    assert_eq!((world.record().history, world.record().token), (history, Some("T1".into())));
    assert_eq!(world.token(1), "T1");
    assert_eq!(world.generates, 1);
}

#[test]
fn a_member_adopts_a_record_of_a_new_history() {
    let mut world = with_token(2);
    let history = world.record().history;
    world.store.value = None;
    // This is a third member, which knows nothing.
    let mut other = World::new(Policy::DEFAULT, 1);
    other.granted = world.granted.clone();
    // This takes a random number, so the two histories differ.
    other.now(0);
    assert_eq!(other.token(0), "T2");
    world.store.value = other.store.value;
    world.store.version += 1;
    world.advance(10_000);
    assert_eq!(world.token(0), "T2");
    assert_ne!(world.record().history, history);
}

#[test]
fn an_old_record_of_a_replica_is_repaired_and_not_adopted() {
    let mut world = with_token(2);
    let stale = world.store.value.clone();
    let id = world.report(0, "T1", 0);
    assert_eq!(world.finish(id).unwrap().access_token, "T2");
    world.store.value = stale;
    world.store.version += 1;
    world.advance(10_000);
    assert_eq!(world.token(0), "T2");
    assert_eq!((world.record().token, world.record().epoch), (Some("T2".into()), 2));
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
    world.advance(LIFETIME);
    let id = world.get(0);
    world.settle(id);
    let error = world.result(id).unwrap_err();
    assert_eq!(error.message, "Expected a record of schema 1 in the store, found something else");
    assert_eq!(world.generates, 2);
}

#[test]
fn a_token_that_no_header_can_carry_is_not_taken_from_a_store() {
    let mut world = with_token(2);
    let mut record = world.record();
    record.token = Some("T1\r\nX: 1".into());
    record.epoch += 1;
    world.put(&record);
    world.advance(10_000);
    assert_eq!(world.token(1), "T2");
}

#[test]
fn an_old_record_is_not_repaired_while_it_has_a_lease() {
    let mut world = with_token(1);
    let older = world.record();
    let id = world.report(0, "T1", 7);
    assert_eq!(world.finish(id).unwrap().access_token, "T2");
    let until = StoreMillis(world.store_now().unwrap().0 + 15_000);
    let nonce = LeaseId::new(99);
    let reason = Reason::Missing;
    let lease = nonce.map(|nonce| Lease { nonce, reason, duration: Millis(15_000), until });
    world.put(&Record { lease, ..older });
    let deadline = world.deadline(0);
    let id = world.begin(0, Acquisition::revalidate(deadline));
    world.settle(id);
    assert_eq!((world.record().epoch, world.record().lease.map(|lease| lease.nonce)), (1, nonce));
    world.advance(15_000);
    let id = world.begin(0, Acquisition::revalidate(deadline));
    world.settle(id);
    assert_eq!(world.record().epoch, 2);
}
