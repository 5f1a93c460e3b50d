//! Tests of the boundary. They pass real JavaScript values in, and expect frozen objects and real errors.
//!
//! NODE_PATH must name target/raw, where `npm run build` puts the functions that the module imports.
//! Whole exchanges are for tests/api, since js/instance.ts gives js/host.ts its `attemptEnded`.

mod attempts;

use crate::generate_token::generate_token;
use js_sys::{Error, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen]
extern "C" {
    fn eval(script: &str) -> JsValue;
}

/// The value of a JavaScript expression.
fn js(expression: &str) -> JsValue {
    eval(&format!("({expression})"))
}

fn get(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &name.into()).unwrap()
}

fn text(value: &JsValue, name: &str) -> Option<String> {
    get(value, name).as_string()
}

/// Checks that it is a real DarajaError, and gives its code and message.
fn daraja_error(error: &JsValue) -> (String, String) {
    let error: &Error = error.dyn_ref().unwrap();
    assert_eq!(error.name(), "DarajaError");
    let constructor = get(error, "constructor");
    assert_eq!(text(&constructor, "name").as_deref(), Some("DarajaError"));
    assert!(text(error, "hint").is_some_and(|hint| hint.ends_with('.')), "a hint");
    assert!(text(error, "stack").is_some_and(|stack| !stack.is_empty()));
    (text(error, "code").unwrap(), error.message().into())
}

/// Calls generateToken.
fn call(options: &JsValue) -> JsFuture {
    JsFuture::from(JsValue::from(generate_token(options)).unchecked_into::<Promise>())
}

/// The code and message of the error that generateToken gives for these options, which are a JavaScript expression.
async fn error_of(expression: &str) -> (String, String) {
    let error = call(&js(expression)).await.unwrap_err();
    assert_eq!(get(&error, "retryable"), JsValue::FALSE);
    assert_eq!(get(&error, "attempts"), JsValue::UNDEFINED, "nothing was sent");
    daraja_error(&error)
}

async fn assert_refused(expression: &str, message: &str) {
    let expected = ("ERR_DARAJA_INVALID_OPTION".to_owned(), message.to_owned());
    assert_eq!(error_of(expression).await, expected, "{expression}");
}

#[wasm_bindgen_test]
async fn options_must_be_an_object() {
    for expression in ["undefined", "null", "7", "NaN", "10n", "true", "'key'", "Symbol()", "() => {}", "class {}"] {
        assert_refused(expression, "options: expected an object, found something else").await;
    }
}

#[wasm_bindgen_test]
async fn the_first_missing_credential_is_named() {
    for expression in ["{}", "Object.create(null)", "new Date()", "/x/g", "new Map([['consumerKey', 'k']])"] {
        // A regular expression has a lastIndex of its own.
        let message = match expression {
            "/x/g" => "unknown option lastIndex",
            _ => "consumerKey: expected a string, found undefined",
        };
        assert_refused(expression, message).await;
    }
    assert_refused("{ consumerKey: 'k' }", "consumerSecret: expected a string, found undefined").await;
}

#[wasm_bindgen_test]
async fn a_property_that_throws_is_named() {
    for (name, expected) in [
        ("consumerKey", "a string"),
        ("consumerSecret", "a string"),
        ("environment", "a string"),
        ("baseUrl", "a string"),
        ("path", "a string"),
        ("fetch", "a function"),
        ("signal", "an AbortSignal"),
        ("timeoutMs", "a number"),
        ("retries", "a number"),
    ] {
        let message = format!("{name}: expected {expected}, found a property that throws when it is read");
        let valid = "consumerKey: 'k', consumerSecret: 's'";
        assert_refused(&format!("{{ {valid}, get {name}() {{ throw undefined }} }}"), &message).await;
    }
    let revoked = "(() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy })()";
    let message = "consumerKey: expected a string, found a property that throws when it is read";
    assert_refused(revoked, message).await;
    let hostile = "new Proxy({ consumerKey: 'k' }, { get() { throw new Error('trap') }, ownKeys() { throw null } })";
    assert_refused(hostile, message).await;
}

#[wasm_bindgen_test]
async fn an_option_of_another_type_is_named_with_what_was_found() {
    for (value, found) in [
        ("null", "null"),
        ("7", "a number"),
        ("10n", "a bigint"),
        ("true", "a boolean"),
        ("Symbol('s')", "a symbol"),
        ("() => 's'", "a function"),
        ("['s']", "an object"),
        ("new String('s')", "an object"),
        ("AbortSignal.abort()", "an AbortSignal"),
        ("'s\\ud800'", "a string with half a surrogate pair"),
        ("'\\udc00s'", "a string with half a surrogate pair"),
        ("'s'.repeat(65537)", "a string of over 65536 characters"),
    ] {
        let expression = format!("{{ consumerKey: 'k', consumerSecret: {value} }}");
        assert_refused(&expression, &format!("consumerSecret: expected a string, found {found}")).await;
    }
}

#[wasm_bindgen_test]
async fn each_optional_option_is_checked() {
    for (option, message) in [
        ("environment: 'live'", "environment: expected \"sandbox\" or \"production\", found live"),
        ("baseUrl: 'nowhere'", "baseUrl: expected a string, found a string that is no URL"),
        (
            "baseUrl: 'http://daraja.example'",
            "baseUrl: expected an https URL such as https://sandbox.safaricom.co.ke, found another scheme or host",
        ),
        ("path: 'x'", "path: expected a path such as /oauth/v1/generate, found one without a slash before it"),
        ("fetch: {}", "fetch: expected a function, found an object"),
        ("signal: {}", "signal: expected an AbortSignal, found an object"),
        ("signal: { aborted: false }", "signal: expected an AbortSignal, found an object"),
        ("timeoutMs: 0.5", "timeoutMs: expected a whole number from 1 to 2147483647, found another number"),
        ("timeoutMs: '1'", "timeoutMs: expected a number, found a string"),
        ("retries: 11", "retries: expected a whole number from 0 to 10, found another number"),
        ("consumer_key: 'k'", "unknown option consumer_key"),
    ] {
        assert_refused(&format!("{{ consumerKey: 'k', consumerSecret: 's', {option} }}"), message).await;
    }
}

#[wasm_bindgen_test]
async fn a_secret_in_a_wrong_place_is_not_shown() {
    let secret = "c4naryDLKG7PBun720GZimQ2RtTmJkdDBpQk4xb3FEZkthc";
    for expression in [
        format!("{{ consumerKey: 'k', consumerSecret: ' {secret}' }}"),
        format!("{{ consumerKey: '{secret}:', consumerSecret: 's' }}"),
        format!("{{ consumerKey: 'k', consumerSecret: 's', environment: '{secret}' }}"),
        format!("{{ consumerKey: 'k', consumerSecret: 's', path: '{secret}' }}"),
        format!("{{ consumerKey: 'k', consumerSecret: 's', '{secret}': true }}"),
    ] {
        let error = call(&js(&expression)).await.unwrap_err();
        let fields = Object::entries(error.unchecked_ref::<Object>()).to_string();
        let (_, message) = daraja_error(&error);
        let stack = text(&error, "stack").unwrap();
        assert!(!format!("{fields} {message} {stack}").contains("c4nary"), "{message}");
    }
}

#[wasm_bindgen_test]
async fn options_may_be_frozen_inherited_or_behind_a_proxy() {
    let aborted = "signal: AbortSignal.abort('enough')";
    for expression in [
        format!("Object.freeze({{ consumerKey: 'k', consumerSecret: 's', {aborted} }})"),
        format!("new Proxy({{ consumerKey: 'k', consumerSecret: 's', {aborted} }}, {{}})"),
        format!("Object.create({{ consumerKey: 'k', consumerSecret: 's', {aborted} }})"),
        format!("{{ consumerKey: 'k', consumerSecret: 's', {aborted}, [Symbol('mine')]: 1 }}"),
    ] {
        // Without js/instance.ts a call cannot send. So it gets an aborted signal, and ends with the signal's reason.
        let reason = call(&js(&expression)).await.unwrap_err();
        assert_eq!(reason, JsValue::from("enough"), "{expression}");
    }
}
