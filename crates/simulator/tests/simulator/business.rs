//! The business APIs: live and dead tokens, products, paths, and pages of other sites.

use daraja_auth_simulator::{Fault, Kind, Outcome, Request, Simulation};
use serde_json::{Value, json};

use super::{
    SANDBOX, START, business_request, echoed_request, header, json_of, outcome, simulation, token, token_request,
};

#[test]
fn an_api_that_is_not_simulated_echoes_a_request_with_a_live_token() {
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
fn every_path_but_the_root_and_oauth_is_a_business_api() {
    let mut daraja = simulation(json!({ "apps": [
        {
            "name": "a", "consumerKey": "k", "consumerSecret": "s",
            "products": ["pulltransactions", "billmanager-invoice"],
        },
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
fn a_dead_token_gets_the_chosen_error_code() {
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
fn a_header_without_a_bearer_token_is_malformed() {
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
fn an_app_without_the_product_gets_apigees_error() {
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
fn an_unknown_path_and_the_portals_host_answer_like_the_real_ones() {
    let mut daraja = simulation(json!({}));
    let request = Request { path: "/oauth/v9/generate".into(), ..business_request("x") };
    let response = daraja.answer(START, &request);
    assert_eq!((response.status, response.outcome), (404, Outcome::UnknownPath));
    let message = "Unable to identify proxy for host: sandbox.safaricom.co.ke and url: /oauth/v9/generate";
    assert_eq!(json_of(&response)["fault"]["faultstring"], message);

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
fn pages_may_read_the_answers_only_if_cors_is_on() {
    let preflight = |daraja: &mut Simulation| {
        let request = Request { method: "OPTIONS".into(), ..token_request(&daraja.apps()[0].clone(), SANDBOX) };
        daraja.answer(START, &request)
    };
    let mut open = simulation(json!({ "cors": true }));
    // The fault affects the request after the preflight, not the preflight.
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
