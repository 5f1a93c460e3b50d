//! How an attempt ends: `attempt_ended` gives a frozen token, another attempt, or an error.

use js_sys::{Array, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{daraja_error, get, js, text};
use crate::generate_token::attempt_ended;

/// The parts of the arguments of `attempt_ended` that a test chooses.
struct Ending {
    retries: u32,
    attempts: u32,
    failure: &'static str,
    cause: JsValue,
    status: u16,
    redirected: bool,
    wait_ms: Option<f64>,
    text: &'static str,
    json: JsValue,
    received: f64,
}

impl Default for Ending {
    fn default() -> Self {
        Self {
            retries: 0,
            attempts: 1,
            failure: "",
            cause: JsValue::UNDEFINED,
            status: 200,
            redirected: false,
            wait_ms: None,
            text: "",
            json: JsValue::UNDEFINED,
            received: 1_700_000_000_100.0,
        }
    }
}

fn object(members: &[(&str, JsValue)]) -> JsValue {
    let object = js("{}");
    for (name, value) in members {
        Reflect::set(&object, &(*name).into(), value).unwrap();
    }
    object
}

fn judged(ending: Ending) -> Result<JsValue, JsValue> {
    let request = object(&[
        ("authorization", "Basic azpzM2NyZXQ=".into()),
        ("consumerSecret", "s3cret".into()),
        ("timeoutMs", 10_000.into()),
    ]);
    let call = object(&[
        ("request", request),
        ("retries", ending.retries.into()),
        ("fetch", js("async () => new Response('')")),
    ]);
    let end = if ending.failure.is_empty() {
        let response = object(&[
            ("status", ending.status.into()),
            ("redirected", ending.redirected.into()),
            ("retryAfterMs", ending.wait_ms.into()),
            ("kind", "".into()),
            ("text", ending.text.into()),
            ("json", ending.json),
            ("sentAt", 1_700_000_000_000.0.into()),
            ("receivedAt", ending.received.into()),
        ]);
        object(&[("response", response)])
    } else {
        object(&[("failure", ending.failure.into()), ("cause", ending.cause)])
    };
    attempt_ended(call.unchecked_ref(), ending.attempts, end.unchecked_ref())
}

#[wasm_bindgen_test]
fn an_answer_with_a_token_gives_a_frozen_object() {
    let json = js("{ access_token: 'c9SQxWWhmdVRlyh0zh8gZDTkubVF', expires_in: '3599' }");
    let token = judged(Ending { json, ..Ending::default() }).unwrap();
    assert!(Object::is_frozen(token.unchecked_ref::<Object>()));
    assert_eq!(
        Object::keys(token.unchecked_ref::<Object>()).join(",").as_string().unwrap(),
        "accessToken,expiresIn,expiresAt"
    );
    assert_eq!(text(&token, "accessToken").as_deref(), Some("c9SQxWWhmdVRlyh0zh8gZDTkubVF"));
    assert_eq!(get(&token, "expiresIn").as_f64(), Some(3599.0));
    assert_eq!(get(&token, "expiresAt").as_f64(), Some(1_700_003_599_000.0));
}

#[wasm_bindgen_test]
fn a_token_that_has_expired_on_its_way_is_an_error() {
    let json = js("{ access_token: 't', expires_in: 2 }");
    let error = judged(Ending { json, received: 1_700_000_002_000.0, ..Ending::default() }).unwrap_err();
    let message = "Expected a token from Daraja, found one that had expired when it arrived";
    assert_eq!(daraja_error(&error), ("ERR_DARAJA_MALFORMED_RESPONSE".into(), message.into()));
}

#[wasm_bindgen_test]
fn a_retryable_failure_gives_the_promise_of_another_attempt() {
    for ending in [
        Ending { failure: "timeout", ..Ending::default() },
        Ending { failure: "fetch failed", ..Ending::default() },
        Ending { status: 429, wait_ms: Some(2.0), ..Ending::default() },
    ] {
        assert!(judged(Ending { retries: 1, ..ending }).unwrap().is_instance_of::<Promise>());
    }
    let last = judged(Ending { retries: 1, attempts: 2, status: 503, ..Ending::default() }).unwrap_err();
    assert_eq!(get(&last, "attempts").as_f64(), Some(2.0));
    let too_long = judged(Ending { retries: 1, status: 503, wait_ms: Some(5001.0), ..Ending::default() }).unwrap_err();
    assert_eq!(get(&too_long, "retryAfterMs").as_f64(), Some(5001.0));
}

#[wasm_bindgen_test]
fn an_error_has_the_fields_that_apply_and_no_others() {
    let json = js("{ requestId: '4788-1', errorCode: '500.003.02', errorMessage: 'System is busy' }");
    let error = judged(Ending { status: 500, wait_ms: Some(0.0), json, ..Ending::default() }).unwrap_err();
    let message = "Daraja is throttling the requests for tokens (HTTP 500): 500.003.02 System is busy";
    assert_eq!(daraja_error(&error), ("ERR_DARAJA_RATE_LIMITED".into(), message.into()));
    assert_eq!(get(&error, "retryable"), JsValue::TRUE);
    assert_eq!(get(&error, "status").as_f64(), Some(500.0));
    assert_eq!(text(&error, "errorCode").as_deref(), Some("500.003.02"));
    assert_eq!(text(&error, "requestId").as_deref(), Some("4788-1"));
    assert_eq!(get(&error, "retryAfterMs").as_f64(), Some(0.0));
    assert_eq!(get(&error, "attempts").as_f64(), Some(1.0));
    assert!(!Reflect::has(&error, &"incidentId".into()).unwrap());
    assert!(!Reflect::has(&error, &"cause".into()).unwrap());

    let text_of_firewall = "Request unsuccessful. Incapsula incident ID: 173000240624511593-8199";
    let error = judged(Ending { status: 403, text: text_of_firewall, ..Ending::default() }).unwrap_err();
    let message = "The firewall in front of Daraja blocked this machine (HTTP 403)";
    assert_eq!(daraja_error(&error), ("ERR_DARAJA_BLOCKED".into(), message.into()));
    assert_eq!(text(&error, "incidentId").as_deref(), Some("173000240624511593-8199"));

    let error = judged(Ending { redirected: true, status: 0, ..Ending::default() }).unwrap_err();
    let message = "The token endpoint redirects elsewhere";
    assert_eq!(daraja_error(&error), ("ERR_DARAJA_REDIRECT".into(), message.into()));
    let fields = Object::keys(error.unchecked_ref::<Object>()).join(",").as_string().unwrap();
    assert_eq!(fields, "code,retryable,attempts,hint");
}

#[wasm_bindgen_test]
fn a_cause_that_may_show_a_secret_becomes_a_copy_without_it() {
    let cause_of = |expression: &str| {
        let cause = js(expression);
        let ending = Ending { failure: "fetch failed", cause: cause.clone(), ..Ending::default() };
        let error = judged(ending).unwrap_err();
        let message = "No answer from Daraja: fetch failed";
        assert_eq!(daraja_error(&error), ("ERR_DARAJA_NETWORK".into(), message.into()));
        (cause, get(&error, "cause"))
    };
    for harmless in ["'refused'", "null", "7"] {
        let (thrown, cause) = cause_of(harmless);
        assert_eq!(thrown, cause, "{harmless}");
    }
    let withheld = "withheld: it may show a secret";
    for (thrown, message) in [
        ("new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') })", "fetch failed"),
        ("new Error('s3cret')", withheld),
        ("'Basic azpzM2NyZXQ='", withheld),
        ("new Error('x', { cause: { config: { headers: { Authorization: 'Basic azpzM2NyZXQ=' } } } })", "x"),
        ("new Map([['authorization', 'Basic azpzM2NyZXQ=']])", ""),
        ("new Headers({ authorization: 'Basic azpzM2NyZXQ=' })", ""),
        ("() => 's3cret'", ""),
        ("({ get hidden() { throw 1 } })", ""),
        ("new Proxy({}, { ownKeys() { throw 1 } })", ""),
    ] {
        let (_, cause) = cause_of(thrown);
        assert_eq!(text(&cause, "message").as_deref(), Some(message), "{thrown}");
        assert_eq!(Object::keys(cause.unchecked_ref::<Object>()).length(), 0, "{thrown}");
    }
}

#[wasm_bindgen_test]
fn json_is_read_by_its_own_members_only() {
    // A member of Object.prototype does not count.
    js("Object.prototype.access_token = 'polluted'");
    let error = judged(Ending { json: js("{}"), ..Ending::default() });
    js("delete Object.prototype.access_token");
    let message = "Expected a token from Daraja, found JSON without an access_token";
    assert_eq!(daraja_error(&error.unwrap_err()), ("ERR_DARAJA_MALFORMED_RESPONSE".into(), message.into()));

    let array = Array::new();
    array.push(&"c9SQxWWhmdVRlyh0zh8gZDTkubVF".into());
    let json = js("{}");
    Reflect::set(&json, &"access_token".into(), &array).unwrap();
    let message = "Expected a token from Daraja, found an access_token that is no string";
    let error = judged(Ending { json, ..Ending::default() }).unwrap_err();
    assert_eq!(daraja_error(&error), ("ERR_DARAJA_MALFORMED_RESPONSE".into(), message.into()));
}
