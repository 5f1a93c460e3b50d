//! Faults: what each one does, how often it strikes, and in which order.

use daraja_auth_core::time::Millis;
use daraja_auth_simulator::{Ending, Fault, Kind, Options, Outcome, Request, Response};
use serde_json::{Value, json};

use super::{
    SANDBOX, START, business_request, echoed_request, header, judgement, outcome, simulation, token, token_request,
};
use crate::response::credentials;

#[test]
fn each_fault_is_what_the_core_takes_it_for() {
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
        assert_eq!(judgement(&response, &pair), expected, "{kind:?}");
        assert_eq!(response.ending, Ending::Whole);
        let response = daraja.answer(START, &token_request(&app, SANDBOX));
        assert_eq!(judgement(&response, &pair), Ok(3599), "after {kind:?}");
        assert_eq!(response.delay, Millis(0));
    }
}

#[test]
fn the_firewalls_page_has_its_incident_in_the_frame_and_in_the_sentence() {
    let mut daraja = simulation(json!({}));
    daraja.inject(Fault::once(Kind::Blocked403));
    let page = daraja.answer(START, &business_request("x")).body;
    let after = |before: &str| page.split_once(before).unwrap().1.split(['&', '<']).next().unwrap();
    let incident = after("Incapsula incident ID: ");
    assert_eq!((incident.len(), after("&incident_id=")), (23, incident));
}

#[test]
fn the_firewalls_present_page_has_its_incident_and_its_headers() {
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
    // One of two echoes, a byte apart, has its middle inside a character.
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
fn faults_before_the_gateway_carry_nothing_out_and_faults_on_the_way_do() {
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
fn an_answer_that_is_cut_truncated_called_html_held_back_or_never_sent_is_the_same_answer() {
    let mut whole = simulation(json!({}));
    let request = token_request(&whole.apps()[0].clone(), SANDBOX);
    let body = whole.answer(START, &request).body;
    let struck = |fault: Value| {
        let mut daraja = simulation(json!({}));
        daraja.inject(Fault::try_from(fault).unwrap());
        daraja.answer(START, &request)
    };
    let half = &body[..body.len() / 2];
    let cut = struck(json!({ "kind": "cut" }));
    assert_eq!((cut.body.as_str(), cut.ending), (half, Ending::Cut));
    let truncated = struck(json!({ "kind": "truncated" }));
    assert_eq!((truncated.body.as_str(), truncated.ending), (half, Ending::Whole));
    let typed = struck(json!({ "kind": "wrong-type" }));
    assert_eq!((typed.body.as_str(), header(&typed, "content-type")), (body.as_str(), Some("text/html")));
    assert_eq!(typed.headers.len(), 1);
    let late = struck(json!({ "kind": "latency" }));
    assert_eq!((late.body.as_str(), late.delay), (body.as_str(), Millis(3000)));
    assert_eq!(struck(json!({ "kind": "latency", "ms": 12_000 })).delay, Millis(12_000));
    let never = struck(json!({ "kind": "hang" }));
    assert_eq!((never.ending, never.outcome), (Ending::Never, Outcome::Fault(Kind::Hang)));
}

#[test]
fn retry_after_is_what_the_fault_says() {
    let struck = |fault: Value| {
        let mut daraja = simulation(json!({}));
        daraja.inject(Fault::try_from(fault).unwrap());
        header(&daraja.answer(START, &business_request("x")), "retry-after").map(str::to_owned)
    };
    assert_eq!(struck(json!({ "kind": "rate-limited" })).as_deref(), Some("1"));
    assert_eq!(struck(json!({ "kind": "rate-limited", "retryAfterSeconds": 30 })).as_deref(), Some("30"));
    assert_eq!(struck(json!({ "kind": "maintenance" })), None);
    assert_eq!(struck(json!({ "kind": "maintenance", "retryAfterSeconds": 60 })).as_deref(), Some("60"));
}

#[test]
fn a_fault_strikes_as_often_as_it_should_where_it_should() {
    let count = |fault: Value| {
        let mut daraja = simulation(json!({}));
        daraja.inject(Fault::try_from(fault).unwrap());
        let struck = |response: Response| matches!(response.outcome, Outcome::Fault(_));
        let app = daraja.apps()[0].clone();
        let tokens = (0..1000).filter(|_| struck(daraja.answer(START, &token_request(&app, SANDBOX)))).count();
        let calls = (0..1000).filter(|_| struck(daraja.answer(START, &business_request("x")))).count();
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
fn the_fault_that_was_added_first_strikes_first_until_all_are_cleared() {
    let mut daraja = simulation(json!({}));
    for kind in [Kind::Quota, Kind::Empty400, Kind::Unavailable] {
        daraja.inject(Fault::once(kind));
    }
    let mut next = || daraja.answer(START, &business_request("x")).outcome;
    assert_eq!((next(), next()), (Outcome::Fault(Kind::Quota), Outcome::Fault(Kind::Empty400)));
    daraja.clear_faults();
    assert_eq!(outcome(&mut daraja, "x", START), Outcome::DeadToken);
}
