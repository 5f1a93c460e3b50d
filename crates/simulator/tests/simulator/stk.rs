//! STK push and STK query. Their answers have Daraja's fields.

use daraja_auth_core::time::Millis;
use daraja_auth_simulator::{Outcome, Request, Response, Simulation, StkResult};
use serde_json::{Value, json};

use super::{START, business_request, json_of, seconds, simulation, token};

/// 22 November 2026, 12:00 in Kenya. `Timestamp` need not be the current time.
const TIMESTAMP: &str = "20261122120000";
const SHORT_CODE_AND_PASSKEY: &str = "174379bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919";

fn password(pair: &str) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode([pair, TIMESTAMP].concat())
}

/// The body of a push that the simulator accepts.
pub fn push_body() -> Value {
    json!({
        "BusinessShortCode": 174_379,
        "Password": password(SHORT_CODE_AND_PASSKEY),
        "Timestamp": TIMESTAMP,
        "TransactionType": "CustomerPayBillOnline",
        "Amount": 1,
        "PartyA": 254_708_374_149_u64,
        "PartyB": 174_379,
        "PhoneNumber": 254_708_374_149_u64,
        "CallBackURL": "http://127.0.0.1:8080/paid",
        "AccountReference": "Order 1",
        "TransactionDesc": "Shoes",
    })
}

/// The same body with another value for this member.
fn push_with(name: &str, value: Value) -> Value {
    let mut body = push_body();
    body[name] = value;
    body
}

pub fn post(daraja: &mut Simulation, path: &str, body: &Value, after_seconds: u64) -> Response {
    let token = token(daraja, 0, START);
    let request = Request { path: path.into(), body: body.to_string(), ..business_request(&token) };
    daraja.answer(seconds(after_seconds), &request)
}

fn push(daraja: &mut Simulation, body: &Value) -> Response {
    post(daraja, "/mpesa/stkpush/v1/processrequest", body, 0)
}

fn query(daraja: &mut Simulation, id: &str, after_seconds: u64) -> Response {
    let body = json!({
        "BusinessShortCode": "174379",
        "Password": password(SHORT_CODE_AND_PASSKEY),
        "Timestamp": TIMESTAMP,
        "CheckoutRequestID": id,
    });
    post(daraja, "/mpesa/stkpushquery/v1/query", &body, after_seconds)
}

pub fn error(response: &Response) -> (u16, String, String) {
    let body = json_of(response);
    assert!(body["requestId"].as_str().unwrap().contains('-'));
    let text = |name: &str| body[name].as_str().unwrap().to_owned();
    (response.status, text("errorCode"), text("errorMessage"))
}

pub fn names(value: &Value) -> Vec<&str> {
    let mut names: Vec<_> = value.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}

#[test]
fn a_push_is_answered_with_darajas_fields() {
    let mut daraja = simulation(json!({}));
    let response = push(&mut daraja, &push_body());
    assert_eq!((response.status, response.outcome), (200, Outcome::Accepted));
    let body = json_of(&response);
    let accepted = "Success. Request accepted for processing";
    assert_eq!(body["ResponseCode"], "0");
    assert_eq!(
        (body["ResponseDescription"].as_str(), body["CustomerMessage"].as_str()),
        (Some(accepted), Some(accepted))
    );
    assert_eq!(body["MerchantRequestID"].as_str().unwrap().split('-').count(), 3);
    // 1,000 seconds after 1 January 1970, 00:00 UTC. It is 03:16:40 in Kenya.
    assert!(body["CheckoutRequestID"].as_str().unwrap().starts_with("ws_CO_01011970031640"), "{body}");
    assert_eq!(body.as_object().unwrap().len(), 5);
}

#[test]
fn a_push_that_is_paid_has_a_callback_with_metadata() {
    let mut daraja = simulation(json!({ "stkDelayMs": 5_000 }));
    let response = push(&mut daraja, &push_with("Amount", json!("25")));
    let answer = json_of(&response);
    let callback = response.callback.unwrap();
    assert_eq!((callback.url.as_str(), callback.delay), ("http://127.0.0.1:8080/paid", Millis(5_000)));
    let body: Value = serde_json::from_str(&callback.body).unwrap();
    let result = &body["Body"]["stkCallback"];
    assert_eq!(result["MerchantRequestID"], answer["MerchantRequestID"]);
    assert_eq!(result["CheckoutRequestID"], answer["CheckoutRequestID"]);
    assert_eq!(
        (&result["ResultCode"], &result["ResultDesc"]),
        (&json!(0), &json!("The service request is processed successfully."),)
    );
    let items = result["CallbackMetadata"]["Item"].as_array().unwrap();
    assert_eq!(items[0], json!({ "Name": "Amount", "Value": 25.0 }));
    assert_eq!(items[1]["Name"], "MpesaReceiptNumber");
    let receipt = items[1]["Value"].as_str().unwrap();
    assert!(receipt.len() == 10 && receipt.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()), "{receipt}");
    assert_eq!(items[2], json!({ "Name": "TransactionDate", "Value": 19_700_101_031_645_u64 }));
    assert_eq!(items[3], json!({ "Name": "PhoneNumber", "Value": 254_708_374_149_u64 }));
}

#[test]
fn every_other_result_has_its_code_and_no_metadata() {
    for (chosen, code, description) in [
        ("cancelled", 1032, "Request cancelled by user"),
        ("timed-out", 1037, "DS timeout user cannot be reached"),
        ("wrong-pin", 2001, "The initiator information is invalid."),
        ("insufficient-funds", 1, "The balance is insufficient for the transaction."),
    ] {
        let mut daraja = simulation(json!({ "stkResult": chosen }));
        let response = push(&mut daraja, &push_body());
        assert_eq!(json_of(&response)["ResponseCode"], "0");
        let body: Value = serde_json::from_str(&response.callback.unwrap().body).unwrap();
        let result = &body["Body"]["stkCallback"];
        assert_eq!((&result["ResultCode"], &result["ResultDesc"]), (&json!(code), &json!(description)));
        assert_eq!(names(result), ["CheckoutRequestID", "MerchantRequestID", "ResultCode", "ResultDesc"]);
        let id = result["CheckoutRequestID"].as_str().unwrap();
        let queried = json_of(&query(&mut daraja, id, 60));
        assert_eq!((&queried["ResultCode"], &queried["ResultDesc"]), (&json!(code.to_string()), &json!(description)));
    }
}

#[test]
fn a_chosen_result_applies_to_the_pushes_after_it() {
    let mut daraja = simulation(json!({}));
    let id_of = |response: &Response| json_of(response)["CheckoutRequestID"].as_str().unwrap().to_owned();
    let first = id_of(&push(&mut daraja, &push_body()));
    daraja.set_stk_result(StkResult::Cancelled);
    let second = id_of(&push(&mut daraja, &push_body()));
    assert_eq!(json_of(&query(&mut daraja, &first, 60))["ResultCode"], "0");
    assert_eq!(json_of(&query(&mut daraja, &second, 60))["ResultCode"], "1032");
}

#[test]
fn a_query_says_that_a_payment_is_pending_and_then_how_it_ended() {
    let mut daraja = simulation(json!({}));
    let pushed = json_of(&push(&mut daraja, &push_body()));
    let id = pushed["CheckoutRequestID"].as_str().unwrap();
    let pending = query(&mut daraja, id, 1);
    assert_eq!(pending.outcome, Outcome::Accepted);
    assert_eq!(error(&pending), (500, "500.001.1001".into(), "The transaction is being processed".into()));
    let ended = query(&mut daraja, id, 2);
    assert_eq!((ended.status, ended.outcome), (200, Outcome::Accepted));
    assert_eq!(
        json_of(&ended),
        json!({
            "ResponseCode": "0",
            "ResponseDescription": "The service request has been accepted successsfully",
            "MerchantRequestID": pushed["MerchantRequestID"],
            "CheckoutRequestID": id,
            "ResultCode": "0",
            "ResultDesc": "The service request is processed successfully.",
        })
    );
    let unknown = query(&mut daraja, "ws_CO_unknown", 2);
    assert_eq!(unknown.outcome, Outcome::InvalidRequest);
    assert_eq!(error(&unknown), (500, "500.001.1001".into(), "The transaction does not exist".into()));
}

#[test]
fn a_wrong_or_null_member_is_named_with_darajas_name() {
    let mut daraja = simulation(json!({}));
    let long = "x".repeat(13);
    for (name, values) in [
        ("BusinessShortCode", vec![json!("1743"), json!("17437x"), json!(1_743), json!(true)]),
        ("Timestamp", vec![json!("2026-11-22"), json!("20261322120000"), json!(2026)]),
        ("Password", vec![json!("wrong"), json!(password("174379")), json!(password("174380x"))]),
        ("TransactionType", vec![json!("CustomerPay"), json!("")]),
        ("Amount", vec![json!(0), json!(-1), json!(1.5), json!("1.50"), json!(250_001), json!("ten"), json!(true)]),
        ("PartyA", vec![json!("0708374149")]),
        ("PartyB", vec![json!("254708374149")]),
        ("PhoneNumber", vec![json!("0708374149"), json!("+254708374149"), json!("255708374149"), json!(2547)]),
        ("CallBackURL", vec![json!("example.com"), json!("https://"), json!("https://<your-url>/x"), json!("ftp://x")]),
        ("AccountReference", vec![json!(""), json!(long)]),
    ] {
        for value in values.into_iter().chain([Value::Null]) {
            let response = push(&mut daraja, &push_with(name, value.clone()));
            assert_eq!((response.outcome, response.callback.is_none()), (Outcome::InvalidRequest, true));
            let expected = (400, "400.002.02".into(), format!("Bad Request - Invalid {name}"));
            assert_eq!(error(&response), expected, "{name}: {value}");
            assert_eq!((response.app.as_deref(), response.token.is_some()), (Some("Duka"), true));
        }
    }
}

#[test]
fn values_at_the_limits_and_other_valid_values_are_accepted() {
    let mut daraja = simulation(json!({}));
    for (name, value) in [
        ("Amount", json!("250000")),
        ("TransactionType", json!("CustomerBuyGoodsOnline")),
        ("PhoneNumber", json!("254110000000")),
        ("CallBackURL", json!("https://example.com/paid?order=1")),
        ("AccountReference", json!("123456789012")),
        ("PartyB", json!("12345")),
        ("TransactionDesc", Value::Null),
    ] {
        assert_eq!(push(&mut daraja, &push_with(name, value)).status, 200, "{name}");
    }
}

#[test]
fn a_body_that_is_no_object_and_a_password_with_another_passkey_are_errors() {
    let mut daraja = simulation(json!({}));
    for body in [json!([]), json!("x"), Value::Null] {
        let expected = (400, "400.002.05".into(), "Invalid Request Payload".into());
        assert_eq!(error(&push(&mut daraja, &body)), expected);
    }
    let other = push_with("Password", json!(password("174379another")));
    let error_answer = push(&mut daraja, &other);
    assert_eq!(error(&error_answer), (500, "500.001.1001".into(), "Wrong credentials".into()));
    assert_eq!(error_answer.outcome, Outcome::InvalidRequest);
    let mut mine = simulation(json!({ "passkey": "another" }));
    assert_eq!(push(&mut mine, &other).status, 200);
    assert!(!format!("{mine:?}").contains("another"), "{mine:?}");
}

#[test]
fn a_query_is_checked_like_a_push() {
    let mut daraja = simulation(json!({}));
    let response = post(&mut daraja, "/mpesa/stkpushquery/v1/query", &json!({}), 0);
    assert_eq!(error(&response), (400, "400.002.02".into(), "Bad Request - Invalid BusinessShortCode".into()));
    let response = query(&mut daraja, "", 0);
    assert_eq!(error(&response), (400, "400.002.02".into(), "Bad Request - Invalid CheckoutRequestID".into()));
}

#[test]
fn only_the_newest_thousand_payments_are_kept() {
    let mut daraja = simulation(json!({ "stkDelayMs": 0 }));
    let token = token(&mut daraja, 0, START);
    let mut ids = Vec::new();
    for _ in 0..=1_000 {
        let response = daraja.answer(START, &business_request(&token));
        ids.push(json_of(&response)["CheckoutRequestID"].as_str().unwrap().to_owned());
    }
    assert_eq!(json_of(&query(&mut daraja, &ids[0], 0))["errorMessage"], "The transaction does not exist");
    for id in [&ids[1], &ids[1_000]] {
        assert_eq!(json_of(&query(&mut daraja, id, 0))["ResultCode"], "0");
    }
}
