//! The token endpoint: pairs, environments, and mistakes in a request.

use daraja_auth_simulator::{Outcome, Request};
use serde_json::{Value, json};

use super::{PRODUCTION, SANDBOX, START, business_request, classification, header, json_of, simulation, token_request};
use crate::response::credentials;

#[test]
fn a_wrong_pair_gets_the_empty_400() {
    let mut daraja = simulation(json!({}));
    let right = token_request(&daraja.apps()[0].clone(), SANDBOX);
    for authorization in [
        "Basic d3Jvbmc6cGFpcg==",
        "Basic not base64",
        "Basic bm8gY29sb24=",
        "Basic /////w==",
        "Basic ",
        // A key with another secret.
        "Basic U2ltTWF0YXR1aGhJUno1UzE2SWxMWnVLU1BDbURMNnM6d3Jvbmc=",
        // A key with the beginning of its secret, and with no secret.
        "Basic U2ltTWF0YXR1aGhJUno1UzE2SWxMWnVLU1BDbURMNnM6U2ltTWF0YXR1YlNibGU5",
        "Basic U2ltTWF0YXR1aGhJUno1UzE2SWxMWnVLU1BDbURMNnM6",
        // Without its padding.
        "Basic U2ltTWF0YXR1aGhJUno1UzE2SWxMWnVLU1BDbURMNnM6U2ltTWF0YXR1YlNibGU5dQ",
    ] {
        let response = daraja.answer(START, &Request { authorization: Some(authorization.into()), ..right.clone() });
        assert_eq!((response.status, response.body.as_str()), (400, ""), "{authorization}");
        assert_eq!(header(&response, "content-type"), Some("text/plain"));
        assert_eq!((response.outcome, response.app), (Outcome::WrongPair, None));
    }
}

#[test]
fn a_wrong_pair_gets_the_chosen_error() {
    let pair = credentials("wrong", "pair").unwrap();
    for (chosen, status) in [("400.008.01", 400), ("401", 401)] {
        let mut daraja = simulation(json!({ "refuseAs": chosen }));
        let right = token_request(&daraja.apps()[0].clone(), SANDBOX);
        let request = Request { authorization: Some("Basic d3Jvbmc6cGFpcg==".into()), ..right };
        let response = daraja.answer(START, &request);
        let body = json_of(&response);
        assert_eq!((response.status, response.outcome), (status, Outcome::WrongPair));
        assert_eq!(body["errorCode"], "400.008.01");
        assert_eq!(body["errorMessage"], "Invalid Authentication passed");
        assert_eq!(classification(&response, &pair), Err("ERR_DARAJA_INVALID_CREDENTIALS"));
    }
}

#[test]
fn a_pair_is_valid_on_every_host_but_that_of_the_other_environment() {
    let mut daraja = simulation(json!({}));
    let apps = daraja.apps().to_vec();
    for (app, host, outcome) in [
        (&apps[0], SANDBOX, Outcome::Token),
        (&apps[0], PRODUCTION, Outcome::Token),
        (&apps[1], SANDBOX, Outcome::Token),
        (&apps[1], PRODUCTION, Outcome::WrongPair),
        (&apps[2], SANDBOX, Outcome::WrongPair),
        (&apps[2], PRODUCTION, Outcome::Token),
        (&apps[1], "127.0.0.1", Outcome::Token),
        (&apps[2], "127.0.0.1", Outcome::Token),
    ] {
        assert_eq!(daraja.answer(START, &token_request(app, host)).outcome, outcome, "{app:?} on {host}");
    }
}

#[test]
fn a_token_of_one_environment_is_dead_in_the_other() {
    let mut daraja = simulation(json!({}));
    let app = daraja.apps()[0].clone();
    let mut ask = |host: &str| json_of(&daraja.answer(START, &token_request(&app, host)))["access_token"].clone();
    let (sandbox, production) = (ask(SANDBOX), ask(PRODUCTION));
    let mut outcome = |token: &Value, host: &str| {
        let request = Request { host: host.into(), ..business_request(token.as_str().unwrap()) };
        daraja.answer(START, &request).outcome
    };
    assert_eq!(outcome(&sandbox, SANDBOX), Outcome::Accepted);
    assert_eq!(outcome(&sandbox, PRODUCTION), Outcome::DeadToken);
    assert_eq!(outcome(&production, PRODUCTION), Outcome::Accepted);
    assert_eq!(outcome(&production, SANDBOX), Outcome::DeadToken);
    assert_eq!(outcome(&production, "127.0.0.1"), Outcome::Accepted);
}

#[test]
fn each_mistake_at_the_token_endpoint_gets_its_code() {
    let mut daraja = simulation(json!({}));
    let right = token_request(&daraja.apps()[0].clone(), SANDBOX);
    let with = |change: fn(&mut Request)| {
        let mut request = right.clone();
        change(&mut request);
        request
    };
    for (request, status, code, message, outcome) in [
        (with(|r| r.method = "POST".into()), 404, "404.001.04", "Invalid Authentication Header", Outcome::WrongMethod),
        (with(|r| r.authorization = None), 400, "400.008.01", "Invalid Authentication passed", Outcome::WrongScheme),
        (
            with(|r| r.authorization = Some("Bearer c9SQxWWhmdVRlyh0zh8gZDTkubVF".into())),
            400,
            "400.008.01",
            "Invalid Authentication passed",
            Outcome::WrongScheme,
        ),
        (with(|r| r.grant_type = None), 400, "400.008.02", "Invalid grant type passed", Outcome::WrongGrant),
        (
            with(|r| r.grant_type = Some("password".into())),
            400,
            "400.008.02",
            "Invalid grant type passed",
            Outcome::WrongGrant,
        ),
    ] {
        let response = daraja.answer(START, &request);
        let body = json_of(&response);
        assert_eq!((response.status, response.outcome), (status, outcome));
        assert_eq!((body["errorCode"].as_str(), body["errorMessage"].as_str()), (Some(code), Some(message)));
        assert!(body["requestId"].as_str().unwrap().contains('-'));
    }
}

#[test]
fn the_scheme_is_case_insensitive_and_later_versions_of_the_path_exist() {
    let mut daraja = simulation(json!({}));
    let right = token_request(&daraja.apps()[0].clone(), SANDBOX);
    let authorization = right.authorization.as_ref().unwrap().replace("Basic ", "bAsIc  ");
    let request = Request { authorization: Some(authorization), ..right.clone() };
    assert_eq!(daraja.answer(START, &request).outcome, Outcome::Token);
    for version in ["v2", "v3"] {
        let request = Request { path: format!("/oauth/{version}/generate"), ..right.clone() };
        assert_eq!(daraja.answer(START, &request).outcome, Outcome::Token);
    }
}
