//! A fleet in simulated time, from a seed: many members with the shipped step function, the simulated Daraja, and
//! storms of faults. Between two storms there are no faults.
//!
//! `cargo test --test soak` runs a fixed set of seeds. `npm run soak` simulates by default 1000 members for a
//! day, again and again, with a new seed each time, and prints a table of each day. If a rule breaks, it prints the
//! command that repeats the run, and ends.
//!
//! The rules, at any time:
//!
//! - The record never goes back to an older epoch of its history, unless the store itself falls back.
//! - No token is given out after its end (8 s later at most, if the store has no clock).
//! - No caller gets the token that it reported.
//! - Each acquisition ends in time.
//! - The members generate no more tokens than the ends of tokens, the faults and the missing product explain.
//!
//! And once a storm has settled:
//!
//! - A token is generated only when the previous one is due.
//! - No call fails, and no API rejects a token. There is one exception: less than 23 s after a grant, an API may reject
//!   the first token of a caller. Then the retry succeeds.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod callers;
mod daraja;
mod driver;
mod faults;
mod fleet;
mod injection;
mod metrics;
#[path = "../response/mod.rs"]
mod response;
#[path = "../simulation/mod.rs"]
mod simulation;

use std::env;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use fleet::{Fleet, Options};
use metrics::Metrics;

/// Runs a fleet. If a rule breaks, it prints the command that repeats the run, and panics.
fn live(options: &Options) -> Metrics {
    let mut fleet = Fleet::new(options);
    println!("\n{options}, {fleet}");
    if let Err(cause) = catch_unwind(AssertUnwindSafe(|| fleet.run())) {
        println!("A rule broke after {} ms. To repeat it: npm run soak -- {}", fleet.world.time, options.arguments());
        resume_unwind(cause);
    }
    print!("{}", fleet.metrics);
    fleet.metrics
}

#[test]
fn a_fleet_without_faults_generates_once_in_each_token_lifetime_and_no_api_rejects_a_token() {
    for seed in 1..=4 {
        let metrics = live(&Options { is_calm: true, ..Options::new(seed, 30, 6) });
        assert_eq!((metrics.served, metrics.rejected, metrics.failures.len()), (metrics.calls, 0, 0));
        // The first token, and six renewals.
        assert_eq!(metrics.generates, 7);
    }
}

#[test]
fn a_fleet_survives_storms_of_faults_and_recovers_after_them() {
    for seed in 1..=16 {
        live(&Options::new(seed, 20, 6));
    }
}

#[test]
fn the_same_seed_gives_the_same_fleet() {
    let [first, second] = [0, 1].map(|_| live(&Options::new(7, 10, 2)));
    assert_eq!(format!("{first:?}"), format!("{second:?}"));
}

#[test]
#[should_panic(expected = "the record went from epoch")]
fn a_store_without_compare_and_swap_breaks_a_rule() {
    live(&Options { is_blind: true, ..Options::new(1, 100, 1) });
}

/// `npm run soak` runs this with its options. Without options it is short.
#[test]
fn the_fleet_of_npm_run_soak_keeps_the_rules() {
    let number = |name: &str, otherwise| {
        let number = |text: String| text.parse().unwrap_or_else(|_| panic!("{name}: expected a number, found {text}"));
        env::var(name).map_or(otherwise, number)
    };
    let [seed, members, hours] =
        [("SOAK_SEED", 1), ("SOAK_INSTANCES", 3), ("SOAK_HOURS", 1)].map(|(name, number_of)| number(name, number_of));
    let options = Options { is_calm: env::var("SOAK_CALM").is_ok(), ..Options::new(seed, members as usize, hours) };
    assert_eq!(live(&options).time, hours * 3_600_000);
}
