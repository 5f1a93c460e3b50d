//! Faults: what each one does, how many requests it affects, and in which order.

use daraja_auth_core::time::Millis;
use daraja_auth_simulator::{Ending, Fault, Kind, Options, Outcome, Request, Response};
use serde_json::{Value, json};

use super::{
    SANDBOX, START, business_request, classification, echoed_request, header, outcome, simulation, token, token_request,
};
use crate::response::credentials;

#[test]
fn the_core_classifies_the_answer_of_each_fault_that_has_one() {
    let app = Options::default().apps[0].clone();
    let pair = credentials(&app.consumer_key, &app.consumer_secret).unwrap();
    for (kind, status, expected) in [
        (Kind::Empty400, 400, Err("ERR_DARAJA_INVALID_CREDENTIALS")),
        (Kind::Blocked403, 403, Err("ERR_DARAJA_BLOCKED")),
        (Kind::Blocked503, 503, Err("ERR_DARAJA_BLOCKED")),
        (Kind::Blocked200, 200, Err("ERR_DARAJA_BLOCKED")),
        (Kind::Imperva403, 403, Err("ERR_DARAJA_BLOCKED")),
        (Kind::Imperva503, 503, Err("ERR_DARAJA_BLOCKED")),
        (Kind::Imperva200, 200, Err("ERR_DARAJA_BLOCKED")),
        (Kind::SpikeArrest, 429, Err("ERR_DARAJA_RATE_LIMITED")),
        (Kind::Busy, 500, Err("ERR_DARAJA_RATE_LIMITED")),
        (Kind::Quota, 500, Err("ERR_DARAJA_RATE_LIMITED")),
        (Kind::RateLimited, 429, Err("ERR_DARAJA_RATE_LIMITED")),
        (Kind::Unavailable, 503, Err("ERR_DARAJA_UNAVAILABLE")),
        (Kind::Maintenance, 503, Err("ERR_DARAJA_UNAVAILABLE")),
        (Kind::Truncated, 200, Err("ERR_DARAJA_MALFORMED_RESPONSE")),
        (Kind::WrongType, 200, Ok(3599)),
        (Kind::Latency, 200, Ok(3599)),
    ] {
        let mut daraja = simulation(json!({}));
        daraja.inject(Fault::once(kind));
        let response = daraja.answer(START, &token_request(&app, SANDBOX));
        assert_eq!((response.status, response.outcome), (status, Outcome::Fault(kind)));
        assert_eq!(classification(&response, &pair), expected, "{kind:?}");
        assert_eq!(response.ending, Ending::Whole);
        let response = daraja.answer(START, &token_request(&app, SANDBOX));
        assert_eq!(classification(&response, &pair), Ok(3599), "after {kind:?}");
        assert_eq!(response.delay, Millis(0));
    }
}

#[test]
fn the_firewalls_older_page_has_the_incident_in_the_frame_and_in_the_text() {
    let mut daraja = simulation(json!({}));
    daraja.inject(Fault::once(Kind::Blocked403));
    let page = daraja.answer(START, &business_request("x")).body;
    let after = |before: &str| page.split_once(before).unwrap().1.split(['&', '<']).next().unwrap();
    let incident = after("Incapsula incident ID: ");
    assert_eq!((incident.len(), after("&incident_id=")), (23, incident));
}

#[test]
fn the_firewalls_current_page_has_the_incident_and_the_headers() {
    let mut daraja = simulation(json!({}));
    daraja.inject(Fault::once(Kind::Imperva403));
    let response = daraja.answer(START, &business_request("x"));
    assert_eq!(header(&response, "x-cdn"), Some("Imperva"));
    assert!(header(&response, "x-iinfo").is_some());
    let (_, after) = response.body.split_once("Incident ID: ").unwrap();
    let incident = after.split('<').next().unwrap();
    assert_eq!(incident.split('-').map(str::len).collect::<Vec<_>>(), [18, 17]);
    assert!(response.body.ends_with("Powered by Imperva</p></body></html>"));
}

#[test]
fn an_answer_is_halved_between_two_characters() {
    let mut daraja = simulation(json!({}));
    let token = token(&mut daraja, 0, START);
    // A character has three bytes, so the middle of some of these answers is inside a character.
    for body in
        ["\u{20ac}".repeat(400), format!("x{}", "\u{20ac}".repeat(400)), format!("xx{}", "\u{20ac}".repeat(400))]
    {
        let request = Request { body, ..echoed_request(&token) };
        daraja.inject(Fault::once(Kind::Truncated));
        let half = daraja.answer(START, &request).body;
        assert!((500..900).contains(&half.len()) && half.ends_with('\u{20ac}'), "{half}");
    }
}

#[test]
fn a_request_is_carried_out_if_the_fault_is_on_the_way_and_not_if_it_is_before_the_gateway() {
    for (kind, carried_out) in [
        (Kind::Empty400, false),
        (Kind::Unavailable, false),
        (Kind::Hang, false),
        (Kind::Latency, true),
        (Kind::Cut, true),
        (Kind::Truncated, true),
        (Kind::WrongType, true),
    ] {
        let mut daraja = simulation(json!({}));
        let first = token(&mut daraja, 0, START);
        daraja.inject(Fault::once(kind));
        let request = token_request(&daraja.apps()[0].clone(), SANDBOX);
        let response = daraja.answer(START, &request);
        assert_eq!(response.token, carried_out.then_some(2), "{kind:?}");
        let expected = if carried_out { Outcome::DeadToken } else { Outcome::Accepted };
        assert_eq!(outcome(&mut daraja, &first, START), expected, "{kind:?}");
    }
}

#[test]
fn a_fault_on_the_way_changes_only_its_part_of_the_answer() {
    let mut whole = simulation(json!({}));
    let request = token_request(&whole.apps()[0].clone(), SANDBOX);
    let body = whole.answer(START, &request).body;
    let answer_with = |fault: Value| {
        let mut daraja = simulation(json!({}));
        daraja.inject(Fault::try_from(fault).unwrap());
        daraja.answer(START, &request)
    };
    let half = &body[..body.len() / 2];
    let cut = answer_with(json!({ "kind": "cut" }));
    assert_eq!((cut.body.as_str(), cut.ending), (half, Ending::Cut));
    let truncated = answer_with(json!({ "kind": "truncated" }));
    assert_eq!((truncated.body.as_str(), truncated.ending), (half, Ending::Whole));
    let typed = answer_with(json!({ "kind": "wrong-type" }));
    assert_eq!((typed.body.as_str(), header(&typed, "content-type")), (body.as_str(), Some("text/html")));
    assert_eq!(typed.headers.len(), 1);
    let late = answer_with(json!({ "kind": "latency" }));
    assert_eq!((late.body.as_str(), late.delay), (body.as_str(), Millis(3000)));
    assert_eq!(answer_with(json!({ "kind": "latency", "ms": 12_000 })).delay, Millis(12_000));
    let never = answer_with(json!({ "kind": "hang" }));
    assert_eq!((never.ending, never.outcome), (Ending::Never, Outcome::Fault(Kind::Hang)));
}

#[test]
fn a_fault_chooses_the_retry_after() {
    let retry_after_of = |fault: Value| {
        let mut daraja = simulation(json!({}));
        daraja.inject(Fault::try_from(fault).unwrap());
        header(&daraja.answer(START, &business_request("x")), "retry-after").map(str::to_owned)
    };
    assert_eq!(retry_after_of(json!({ "kind": "rate-limited" })).as_deref(), Some("1"));
    assert_eq!(retry_after_of(json!({ "kind": "rate-limited", "retryAfterSeconds": 30 })).as_deref(), Some("30"));
    assert_eq!(retry_after_of(json!({ "kind": "maintenance" })), None);
    assert_eq!(retry_after_of(json!({ "kind": "maintenance", "retryAfterSeconds": 60 })).as_deref(), Some("60"));
}

#[test]
fn a_fault_affects_as_many_requests_as_its_times_its_rate_and_its_path_say() {
    let count = |fault: Value| {
        let mut daraja = simulation(json!({}));
        daraja.inject(Fault::try_from(fault).unwrap());
        let is_affected = |response: Response| matches!(response.outcome, Outcome::Fault(_));
        let app = daraja.apps()[0].clone();
        let tokens = (0..1000).filter(|_| is_affected(daraja.answer(START, &token_request(&app, SANDBOX)))).count();
        let calls = (0..1000).filter(|_| is_affected(daraja.answer(START, &business_request("x")))).count();
        (tokens, calls)
    };
    assert_eq!(count(json!({ "kind": "cut" })), (1, 0));
    assert_eq!(count(json!({ "kind": "cut", "times": 3 })), (3, 0));
    assert_eq!(count(json!({ "kind": "cut", "times": 3, "path": "/mpesa/" })), (0, 3));
    assert_eq!(count(json!({ "kind": "cut", "rate": 1.0 })), (1000, 1000));
    assert_eq!(count(json!({ "kind": "cut", "rate": 0.0 })), (0, 0));
    assert_eq!(count(json!({ "kind": "cut", "rate": 0.5, "times": 7 })), (7, 0));
    let (tokens, calls) = count(json!({ "kind": "cut", "rate": 0.2 }));
    assert!((150..250).contains(&tokens) && (150..250).contains(&calls), "{tokens} {calls}");
}

#[test]
fn faults_affect_requests_in_the_order_in_which_they_were_added_until_they_are_cleared() {
    let mut daraja = simulation(json!({}));
    for kind in [Kind::Quota, Kind::Empty400, Kind::Unavailable] {
        daraja.inject(Fault::once(kind));
    }
    let mut next = || daraja.answer(START, &business_request("x")).outcome;
    assert_eq!((next(), next()), (Outcome::Fault(Kind::Quota), Outcome::Fault(Kind::Empty400)));
    daraja.clear_faults();
    assert_eq!(outcome(&mut daraja, "x", START), Outcome::DeadToken);
}
