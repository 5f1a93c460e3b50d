//! The state of a simulation: its seed, its JSON, and its Debug output.

use daraja_auth_simulator::{Ending, Fault, Kind, Outcome, Simulation};
use serde_json::json;

use super::{SANDBOX, START, business_request, json_of, outcome, simulation, token, token_request};

#[test]
fn another_seed_gives_other_answers_and_the_same_seed_the_same() {
    let run = |seed: u32| {
        let mut daraja = simulation(json!({ "seed": seed }));
        (0..10).map(|_| token(&mut daraja, 0, START)).collect::<Vec<_>>()
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}

#[test]
fn a_state_continues_after_it_was_written_as_json_and_read_again() {
    let mut daraja = simulation(json!({}));
    let first = token(&mut daraja, 0, START);
    daraja.inject(Fault::once(Kind::Quota));
    let text = serde_json::to_string(&daraja).unwrap();
    let mut again: Simulation = serde_json::from_str(&text).unwrap();
    assert_eq!(outcome(&mut again, &first, START), Outcome::Fault(Kind::Quota));
    assert_eq!(outcome(&mut again, &first, START), Outcome::Accepted);
    assert_eq!(outcome(&mut daraja, &first, START), Outcome::Fault(Kind::Quota));
}

#[test]
fn outcomes_and_endings_are_written_as_the_typings_say() {
    let written = |outcome: Outcome| serde_json::to_value(outcome).unwrap();
    assert_eq!(written(Outcome::Token), "token");
    assert_eq!(written(Outcome::MalformedHeader), "malformed-header");
    assert_eq!(written(Outcome::Fault(Kind::Empty400)), "empty-400");
    assert_eq!(written(Outcome::Fault(Kind::SpikeArrest)), "spike-arrest");
    let endings = [Ending::Whole, Ending::Cut, Ending::Never].map(|ending| serde_json::to_value(ending).unwrap());
    assert_eq!(endings, ["whole", "cut", "never"]);
}

#[test]
fn debug_output_shows_no_secret_and_no_token() {
    let mut daraja = simulation(json!({}));
    let app = daraja.apps()[0].clone();
    let request = token_request(&app, SANDBOX);
    let response = daraja.answer(START, &request);
    let token = json_of(&response)["access_token"].as_str().unwrap().to_owned();
    let shown = format!("{daraja:?} {request:?} {response:?} {:?}", business_request(&token));
    let encoded = request.authorization.unwrap();
    for secret in [&app.consumer_secret, encoded.trim_start_matches("Basic "), &token] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert!(shown.contains("[Issued(1, [redacted])]"), "{shown}");
    assert!(shown.contains("Request(GET /oauth/v1/generate, [redacted])"), "{shown}");
    assert!(shown.contains("Response(200, Token, [redacted])"), "{shown}");
}
