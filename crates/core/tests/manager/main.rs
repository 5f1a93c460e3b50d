//! The manager in a simulated world. `steps` has the cases without a failure, and `regressions` the faults of other
//! clients. Most other tests are about a failure that the manager must survive.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod attempts;
mod clocks;
mod events;
mod outages;
mod regressions;
mod reports;
#[path = "../simulation/mod.rs"]
mod simulation;
mod steps;
mod stores;

use daraja_auth_core::error::Code;
use daraja_auth_core::manager::{Output, Policy};
use daraja_auth_core::time::Millis;
use simulation::World;

/// The lifetime of a token.
const LIFETIME: u64 = 3_599_000;

fn world(members: usize) -> World {
    World::new(Policy::DEFAULT, members)
}

/// A world in which every member has T1, which was just granted.
fn with_token(members: usize) -> World {
    let mut world = world(members);
    for member in 0..members {
        assert_eq!(world.token(member), "T1");
    }
    world.events.clear();
    world
}

fn output(world: &World, id: u32) -> &Output {
    &world.runs[&id].output
}

fn failure(world: &mut World, id: u32) -> (Code, Option<u64>) {
    let error = world.result(id).unwrap_err();
    (error.code, error.retry_after.map(|wait| wait.0))
}

/// Waits exactly as long as an acquisition asks for.
fn wait(world: &mut World, id: u32) {
    match *output(world, id) {
        Output::Wait(Millis(span)) => world.advance(span),
        ref other => panic!("{other:?}"),
    }
}

fn is_waiting(world: &World, id: u32) -> bool {
    matches!(output(world, id), Output::Wait(_))
}

/// A world in which T1 is due for renewal.
fn due(members: usize) -> World {
    let mut world = with_token(members);
    world.advance(3_330_000);
    world
}

/// Carries out the outputs of an acquisition until it generates or is complete. Each operation of the store fails.
fn without_store(world: &mut World, id: u32) {
    for _ in 0..100 {
        match *output(world, id) {
            Output::Load | Output::Swap => world.lose_question(id),
            Output::Wait(Millis(span)) => world.advance(span),
            _ => return,
        }
    }
}
