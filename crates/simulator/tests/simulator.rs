//! The simulated Daraja, asked as the core asks and judged as the core judges.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that panics has failed")]

#[path = "../../core/tests/response/mod.rs"]
mod response;
mod stk;

use daraja_auth_core::credentials::Credentials;
use daraja_auth_core::endpoint::Endpoint;
use daraja_auth_core::exchange;
use daraja_auth_core::time::{EpochMillis, Millis};
use daraja_auth_simulator::{App, Ending, Fault, Kind, Options, Outcome, Request, Response, Simulation};
use response::{Sent, classified, credentials};
use serde_json::{Value, json};

const SANDBOX: &str = "sandbox.safaricom.co.ke";
const PRODUCTION: &str = "api.safaricom.co.ke";
const START: EpochMillis = EpochMillis(1_000_000);

fn seconds(count: u64) -> EpochMillis {
    START.after(Millis(count * 1000))
}

fn simulation(options: Value) -> Simulation {
    Simulation::new(Options::try_from(options).unwrap())
}

/// The request that the core makes of an app's credentials.
fn token_request(app: &App, host: &str) -> Request {
    let credentials = credentials(&app.consumer_key, &app.consumer_secret).unwrap();
    let endpoint = Endpoint::new(None, Some(&format!("https://{host}")), None).unwrap();
    let request = exchange::request(&credentials, &endpoint);
    let (url, query) = request.url.split_once('?').unwrap();
    Request {
        method: "GET".into(),
        host: host.into(),
        path: url.strip_prefix(&format!("https://{host}")).unwrap().into(),
        grant_type: query.strip_prefix("grant_type=").map(Into::into),
        authorization: Some((*request.authorization).clone()),
        body: String::new(),
    }
}

fn business_request(token: &str) -> Request {
    Request {
        method: "POST".into(),
        host: SANDBOX.into(),
        path: "/mpesa/stkpush/v1/processrequest".into(),
        grant_type: None,
        authorization: Some(format!("Bearer {token}")),
        body: stk::push_body().to_string(),
    }
}

/// A request to an API that is not simulated: it is echoed.
fn echoed_request(token: &str) -> Request {
    Request { path: "/mpesa/b2b/v1/remittax".into(), body: r#"{"Amount":1}"#.into(), ..business_request(token) }
}

fn json_of(response: &Response) -> Value {
    serde_json::from_str(&response.body).unwrap()
}

fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    response.headers.iter().find(|(there, _)| there == name).map(|(_, value)| value.as_str())
}

/// A token for the app of that name, as text.
fn token(daraja: &mut Simulation, app: usize, now: EpochMillis) -> String {
    let request = token_request(&daraja.apps()[app].clone(), SANDBOX);
    json_of(&daraja.answer(now, &request))["access_token"].as_str().unwrap().to_owned()
}

/// What the business side says to a token.
fn outcome(daraja: &mut Simulation, token: &str, now: EpochMillis) -> Outcome {
    daraja.answer(now, &business_request(token)).outcome
}

fn judgement(response: &Response, secrets: &Credentials) -> Result<u32, &'static str> {
    let sent = Sent {
        status: response.status,
        content_type: header(response, "content-type").unwrap().into(),
        retry_after: header(response, "retry-after").unwrap_or_default().into(),
        date: String::new(),
        body: response.body.clone().into_bytes(),
    };
    classified(&sent, &secrets.secrets()).map(|token| token.expires_in).map_err(|error| error.code.as_str())
}

#[test]
fn the_right_pair_gets_a_token_of_the_documented_form() {
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
fn each_new_token_kills_the_one_before_of_the_same_app_and_no_other() {
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
fn an_answer_says_which_token_the_new_one_killed() {
    let replaces = |options: Value, requests: &[(usize, &str, u64)]| {
        let mut daraja = simulation(options);
        let mut ask = |&(app, host, at): &(usize, &str, u64)| {
            let request = token_request(&daraja.apps()[app].clone(), host);
            daraja.answer(seconds(at), &request).replaces
        };
        requests.iter().map(&mut ask).collect::<Vec<_>>()
    };
    // Of another app, and of another environment, it kills none.
    let requests = [(0, SANDBOX, 0), (1, SANDBOX, 0), (0, PRODUCTION, 0), (0, SANDBOX, 1), (0, SANDBOX, 2)];
    assert_eq!(replaces(json!({}), &requests), [None, None, None, Some(1), Some(4)]);
    assert_eq!(replaces(json!({ "graceMs": 60_000 }), &requests), [None, None, None, Some(1), Some(4)]);
    assert_eq!(replaces(json!({ "supersede": false }), &requests), [None; 5]);
    // What has expired is dead already.
    assert_eq!(replaces(json!({ "tokenLifetimeSeconds": 1 }), &requests), [None, None, None, None, None]);
}

#[test]
fn of_one_apps_tokens_the_newest_thousand_live_side_by_side() {
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
fn a_superseded_token_lives_on_for_its_grace() {
    let mut daraja = simulation(json!({ "graceMs": 2000 }));
    let first = token(&mut daraja, 0, START);
    token(&mut daraja, 0, seconds(10));
    token(&mut daraja, 0, seconds(11));
    assert_eq!(outcome(&mut daraja, &first, EpochMillis(seconds(12).0 - 1)), Outcome::Accepted);
    assert_eq!(outcome(&mut daraja, &first, seconds(12)), Outcome::DeadToken);
}

#[test]
fn a_grace_makes_no_token_live_longer() {
    let mut daraja = simulation(json!({ "graceMs": 5000, "tokenLifetimeSeconds": 10 }));
    let first = token(&mut daraja, 0, START);
    token(&mut daraja, 0, seconds(9));
    assert_eq!(outcome(&mut daraja, &first, EpochMillis(seconds(10).0 - 1)), Outcome::Accepted);
    assert_eq!(outcome(&mut daraja, &first, seconds(10)), Outcome::DeadToken);
}

#[test]
fn tokens_live_side_by_side_where_they_do_not_supersede() {
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
fn a_wrong_pair_is_refused_in_the_form_that_was_chosen() {
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
        assert_eq!(judgement(&response, &pair), Err("ERR_DARAJA_INVALID_CREDENTIALS"));
    }
}

#[test]
fn a_pair_is_known_on_the_host_of_its_environment_and_on_any_other_but_its_sibling() {
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
fn a_token_of_one_environment_is_none_in_the_other_and_each_has_its_own() {
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

#[test]
fn an_api_that_is_not_simulated_echoes_to_a_live_token() {
    let mut daraja = simulation(json!({}));
    let token = token(&mut daraja, 0, START);
    let response = daraja.answer(START, &echoed_request(&token));
    let body = json_of(&response);
    assert_eq!((response.status, response.token), (200, Some(1)));
    assert_eq!((body["ResponseCode"].as_str(), response.app.as_deref()), (Some("0"), Some("Duka")));
    let expected = json!({
        "method": "POST", "path": "/mpesa/b2b/v1/remittax", "app": "Duka", "body": { "Amount": 1 },
    });
    assert_eq!(body["echo"], expected);
    let mut echoed = |body: &str| {
        let request = Request { body: body.into(), ..echoed_request(&token) };
        json_of(&daraja.answer(START, &request))["echo"]["body"].clone()
    };
    assert_eq!((echoed(""), echoed("{no json")), (Value::Null, json!("{no json")));
}

#[test]
fn every_path_that_is_not_below_oauth_is_a_business_api() {
    let mut daraja = simulation(json!({ "apps": [
        { "name": "a", "consumerKey": "k", "consumerSecret": "s", "products": ["pulltransactions", "billmanager-invoice"] },
        { "name": "b", "consumerKey": "k2", "consumerSecret": "s" },
    ]}));
    let (narrow, wide) = (token(&mut daraja, 0, START), token(&mut daraja, 1, START));
    for (path, outcome_of_narrow) in [
        ("/pulltransactions/v1/query", Outcome::Accepted),
        ("/v1/billmanager-invoice/optin", Outcome::Accepted),
        ("/standingorder/v1/createStandingOrderExternal", Outcome::NoProduct),
        ("/sfcverify/v1/query/info", Outcome::NoProduct),
        ("/v1/ussdpush/get-msisdn", Outcome::NoProduct),
        ("/imsi/v1/checkATI", Outcome::NoProduct),
        ("/mpesaexpress", Outcome::NoProduct),
    ] {
        let mut ask = |token: &str| daraja.answer(START, &Request { path: path.into(), ..business_request(token) });
        let response = ask(&wide);
        assert_eq!((response.status, response.outcome), (200, Outcome::Accepted), "{path}");
        assert_eq!(ask(&narrow).outcome, outcome_of_narrow, "{path}");
        assert_eq!(ask("dead").outcome, Outcome::DeadToken, "{path}");
        assert_eq!(ask("not a token").outcome, Outcome::MalformedHeader, "{path}");
    }
}

#[test]
fn a_dead_token_is_refused_with_the_code_that_was_chosen() {
    for (code, status, message) in [
        ("404.001.03", 404, "Invalid Access Token"),
        ("401.002.01", 401, "Error Occurred - Invalid Access Token - dead"),
        ("401.003.01", 401, "Error Occurred - Invalid Access Token"),
        ("400.003.01", 400, "Invalid Access Token"),
    ] {
        let mut daraja = simulation(json!({ "rejectAs": code }));
        let response = daraja.answer(START, &business_request("dead"));
        let body = json_of(&response);
        assert_eq!((response.status, response.outcome), (status, Outcome::DeadToken));
        assert_eq!((body["errorCode"].as_str(), body["errorMessage"].as_str()), (Some(code), Some(message)));
    }
}

#[test]
fn a_header_that_holds_no_bearer_is_refused_as_malformed() {
    let mut daraja = simulation(json!({}));
    for authorization in [
        None,
        Some("Bearer"),
        Some("Bearer "),
        Some("Basic eDp5"),
        Some("Bearer a b"),
        Some("Bearer a=b"),
        Some("token"),
    ] {
        let request = Request { authorization: authorization.map(Into::into), ..business_request("") };
        let response = daraja.answer(START, &request);
        assert_eq!((response.status, response.outcome), (404, Outcome::MalformedHeader), "{authorization:?}");
        let body = json_of(&response);
        assert_eq!(body["errorCode"], "404.001.04");
        assert_eq!(body["errorMessage"], "Invalid Authentication Header");
    }
}

#[test]
fn an_app_without_the_product_is_refused_in_apigees_form() {
    let mut daraja = simulation(json!({}));
    let token = token(&mut daraja, 1, START);
    assert_eq!(outcome(&mut daraja, &token, START), Outcome::Accepted);
    for path in ["/mpesa/b2c/v3/paymentrequest", "/mpesa/"] {
        let response = daraja.answer(START, &Request { path: path.into(), ..business_request(&token) });
        assert_eq!((response.status, response.outcome), (401, Outcome::NoProduct));
        assert_eq!((response.app.as_deref(), response.token), (Some("Matatu"), Some(1)));
        let fault = &json_of(&response)["fault"];
        assert_eq!(fault["faultstring"], "Invalid API call as no apiproduct match found");
        assert_eq!(fault["detail"]["errorcode"], "keymanagement.service.InvalidAPICallAsNoApiProductMatchFound");
    }
}

#[test]
fn a_path_that_is_none_and_the_portals_host_answer_as_theirs_do() {
    let mut daraja = simulation(json!({}));
    let request = Request { path: "/oauth/v9/generate".into(), ..business_request("x") };
    let response = daraja.answer(START, &request);
    assert_eq!((response.status, response.outcome), (404, Outcome::UnknownPath));
    let said = "Unable to identify proxy for host: sandbox.safaricom.co.ke and url: /oauth/v9/generate";
    assert_eq!(json_of(&response)["fault"]["faultstring"], said);

    for path in ["/", "/oauth", "/oauth/"] {
        let request = Request { path: path.into(), ..business_request("x") };
        assert_eq!(daraja.answer(START, &request).outcome, Outcome::UnknownPath, "{path}");
    }
    let below = Request { host: "not-developer.safaricom.co.ke".into(), ..business_request("x") };
    assert_eq!(daraja.answer(START, &below).outcome, Outcome::DeadToken);

    let request = token_request(&daraja.apps()[0].clone(), "developer.safaricom.co.ke");
    let response = daraja.answer(START, &request);
    assert_eq!((response.status, response.outcome), (200, Outcome::Portal));
    assert_eq!(header(&response, "content-type"), Some("text/html"));
}

#[test]
fn pages_may_read_the_answers_only_where_that_was_chosen() {
    let preflight = |daraja: &mut Simulation| {
        let request = Request { method: "OPTIONS".into(), ..token_request(&daraja.apps()[0].clone(), SANDBOX) };
        daraja.answer(START, &request)
    };
    let mut open = simulation(json!({ "cors": true }));
    // It is for the request that the preflight is about.
    open.inject(Fault::once(Kind::Quota));
    let response = preflight(&mut open);
    assert_eq!((response.status, response.outcome), (204, Outcome::Preflight));
    assert_eq!(header(&response, "access-control-allow-headers"), Some("authorization, content-type"));
    assert_eq!(outcome(&mut open, "dead", START), Outcome::Fault(Kind::Quota));
    let response = open.answer(START, &business_request("dead"));
    assert_eq!(header(&response, "access-control-allow-origin"), Some("*"));

    let mut closed = simulation(json!({}));
    let response = preflight(&mut closed);
    assert_eq!((response.outcome, header(&response, "access-control-allow-origin")), (Outcome::WrongMethod, None));
}

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

#[test]
fn the_same_seed_and_requests_give_the_same_answers_and_another_seed_others() {
    let run = |seed: u32| {
        let mut daraja = simulation(json!({ "seed": seed }));
        (0..10).map(|_| token(&mut daraja, 0, START)).collect::<Vec<_>>()
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}

#[test]
fn a_state_that_was_written_and_read_again_goes_on_where_it_was() {
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
fn formatting_shows_no_secret_and_no_token() {
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
