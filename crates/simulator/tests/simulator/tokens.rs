//! Tokens: their form, their lifetime, and which token a new one ends.

use daraja_auth_core::time::EpochMillis;
use daraja_auth_simulator::Outcome;
use serde_json::{Value, json};

use super::{PRODUCTION, SANDBOX, START, header, json_of, outcome, seconds, simulation, token, token_request};

#[test]
fn the_right_pair_gets_a_token_in_the_documented_form() {
    for (given, expected) in [("string", json!("3599")), ("number", json!(3599))] {
        let mut daraja = simulation(json!({ "expiresInAs": given }));
        let request = token_request(&daraja.apps()[0].clone(), SANDBOX);
        let response = daraja.answer(START, &request);
        assert_eq!((response.status, header(&response, "content-type")), (200, Some("application/json")));
        let body = json_of(&response);
        assert_eq!(body["access_token"].as_str().unwrap().len(), 28);
        assert_eq!(body["expires_in"], expected);
        assert_eq!(body.as_object().unwrap().keys().collect::<Vec<_>>(), ["access_token", "expires_in"]);
        assert_eq!(
            (response.outcome, response.app.as_deref(), response.token),
            (Outcome::Token, Some("Duka"), Some(1))
        );
    }
}

#[test]
fn each_new_token_ends_the_previous_token_of_its_app_and_no_other() {
    let mut daraja = simulation(json!({}));
    let first = token(&mut daraja, 0, START);
    let of_another_app = token(&mut daraja, 1, START);
    assert_eq!(outcome(&mut daraja, &first, START), Outcome::Accepted);
    let second = token(&mut daraja, 0, START);
    assert_eq!(outcome(&mut daraja, &first, START), Outcome::DeadToken);
    assert_eq!(outcome(&mut daraja, &second, START), Outcome::Accepted);
    assert_eq!(outcome(&mut daraja, &of_another_app, START), Outcome::Accepted);
}

#[test]
fn an_answer_names_the_token_that_the_new_one_ends() {
    let replaces = |options: Value, requests: &[(usize, &str, u64)]| {
        let mut daraja = simulation(options);
        let mut ask = |&(app, host, at): &(usize, &str, u64)| {
            let request = token_request(&daraja.apps()[app].clone(), host);
            daraja.answer(seconds(at), &request).replaces
        };
        requests.iter().map(&mut ask).collect::<Vec<_>>()
    };
    // A new token ends no token of another app or of another environment.
    let requests = [(0, SANDBOX, 0), (1, SANDBOX, 0), (0, PRODUCTION, 0), (0, SANDBOX, 1), (0, SANDBOX, 2)];
    assert_eq!(replaces(json!({}), &requests), [None, None, None, Some(1), Some(4)]);
    assert_eq!(replaces(json!({ "graceMs": 60_000 }), &requests), [None, None, None, Some(1), Some(4)]);
    assert_eq!(replaces(json!({ "supersede": false }), &requests), [None; 5]);
    // A token that has expired is dead already.
    assert_eq!(replaces(json!({ "tokenLifetimeSeconds": 1 }), &requests), [None, None, None, None, None]);
}

#[test]
fn only_the_newest_thousand_tokens_of_an_app_are_kept() {
    let mut daraja = simulation(json!({ "supersede": false }));
    let of_another_app = token(&mut daraja, 1, START);
    let tokens: Vec<_> = (0..1001).map(|_| token(&mut daraja, 0, START)).collect();
    assert_eq!(outcome(&mut daraja, &tokens[0], START), Outcome::DeadToken);
    for living in [&tokens[1], &tokens[1000], &of_another_app] {
        assert_eq!(outcome(&mut daraja, living, START), Outcome::Accepted);
    }
}

#[test]
fn a_token_that_has_expired_is_forgotten() {
    let mut daraja = simulation(json!({ "supersede": false }));
    token(&mut daraja, 0, START);
    token(&mut daraja, 0, seconds(3599));
    let shown = format!("{daraja:?}");
    assert!(shown.contains("[Issued(2, [redacted])]"), "{shown}");
}

#[test]
fn a_superseded_token_is_valid_until_its_grace_ends() {
    let mut daraja = simulation(json!({ "graceMs": 2000 }));
    let first = token(&mut daraja, 0, START);
    token(&mut daraja, 0, seconds(10));
    token(&mut daraja, 0, seconds(11));
    assert_eq!(outcome(&mut daraja, &first, EpochMillis(seconds(12).0 - 1)), Outcome::Accepted);
    assert_eq!(outcome(&mut daraja, &first, seconds(12)), Outcome::DeadToken);
}

#[test]
fn a_grace_does_not_extend_the_lifetime_of_a_token() {
    let mut daraja = simulation(json!({ "graceMs": 5000, "tokenLifetimeSeconds": 10 }));
    let first = token(&mut daraja, 0, START);
    token(&mut daraja, 0, seconds(9));
    assert_eq!(outcome(&mut daraja, &first, EpochMillis(seconds(10).0 - 1)), Outcome::Accepted);
    assert_eq!(outcome(&mut daraja, &first, seconds(10)), Outcome::DeadToken);
}

#[test]
fn without_supersede_several_tokens_of_an_app_are_valid() {
    let mut daraja = simulation(json!({ "supersede": false, "tokenLifetimeSeconds": 10 }));
    let first = token(&mut daraja, 0, START);
    let second = token(&mut daraja, 0, seconds(5));
    assert_eq!(outcome(&mut daraja, &first, seconds(9)), Outcome::Accepted);
    assert_eq!(outcome(&mut daraja, &second, seconds(9)), Outcome::Accepted);
    assert_eq!(outcome(&mut daraja, &first, seconds(10)), Outcome::DeadToken);
    assert_eq!(outcome(&mut daraja, &second, seconds(15)), Outcome::DeadToken);
}

#[test]
fn a_token_dies_at_the_end_of_its_lifetime() {
    let mut daraja = simulation(json!({}));
    let only = token(&mut daraja, 0, START);
    assert_eq!(outcome(&mut daraja, &only, EpochMillis(seconds(3599).0 - 1)), Outcome::Accepted);
    assert_eq!(outcome(&mut daraja, &only, seconds(3599)), Outcome::DeadToken);
}
