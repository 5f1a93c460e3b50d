//! The APIs that only answer, with Daraja's fields.

use daraja_auth_simulator::{Outcome, Request};
use serde_json::json;

use super::stk::{error, names, post};
use super::{START, business_request, json_of, simulation, token};

#[test]
fn the_other_apis_answer_with_darajas_fields() {
    let mut daraja = simulation(json!({}));
    let conversation = ["ConversationID", "OriginatorConversationID", "ResponseCode", "ResponseDescription"];
    let accepted = "Accept the service request successfully.";
    for path in [
        "/mpesa/b2c/v1/paymentrequest",
        "/mpesa/b2c/v3/paymentrequest",
        "/mpesa/b2b/v1/paymentrequest",
        "/mpesa/accountbalance/v1/query",
        "/mpesa/transactionstatus/v1/query",
        "/mpesa/reversal/v1/request",
    ] {
        let body = json_of(&post(&mut daraja, path, &json!({}), 0));
        assert_eq!(names(&body), conversation, "{path}");
        assert_eq!((&body["ResponseCode"], &body["ResponseDescription"]), (&json!("0"), &json!(accepted)));
        let id = body["ConversationID"].as_str().unwrap();
        assert!(id.starts_with("AG_19700101_0000") && id.len() == 32, "{id}");
    }
    for (path, description) in [
        ("/mpesa/c2b/v1/registerurl", "success"),
        ("/mpesa/c2b/v2/registerurl", "success"),
        ("/mpesa/c2b/v1/simulate", accepted),
    ] {
        let body = json_of(&post(&mut daraja, path, &json!({}), 0));
        assert_eq!(names(&body), ["OriginatorCoversationID", "ResponseCode", "ResponseDescription"], "{path}");
        assert_eq!(body["ResponseDescription"], description);
    }
    let named = json!({ "OriginatorConversationID": "mine-1" });
    assert_eq!(
        json_of(&post(&mut daraja, "/mpesa/b2c/v3/paymentrequest", &named, 0))["OriginatorConversationID"],
        "mine-1"
    );
}

#[test]
fn an_api_that_is_simulated_accepts_only_post() {
    let mut daraja = simulation(json!({}));
    let token = token(&mut daraja, 0, START);
    for path in ["/mpesa/stkpush/v1/processrequest", "/mpesa/b2c/v3/paymentrequest"] {
        let request = Request { method: "GET".into(), path: path.into(), ..business_request(&token) };
        let response = daraja.answer(START, &request);
        assert_eq!(response.outcome, Outcome::InvalidRequest);
        assert_eq!(error(&response), (405, "405.001".into(), "Method Not Allowed".into()));
    }
}
