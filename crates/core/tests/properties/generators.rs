//! The random inputs: secrets, bodies that contain them, and values of options.

use daraja_auth_core::options::ValueKind;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use crate::response::credentials;

/// The form of Daraja's tokens today.
pub const TOKEN: &str = "[0-9A-Za-z]{28}";

/// Secrets of many shapes. Each has a mark in it, so that no text of the library has the same characters by chance.
pub fn secret() -> impl Strategy<Value = String> {
    ("[!-~]{0,6}", select(vec!["canary", "ca nary", "ca\"nary", "§", "can:ary", "<canary>"]), "[a-z0-9+/=é!]{0,40}")
        .prop_map(|(before, mark, after)| format!("{before}{mark}{after}"))
        .prop_filter("invalid credentials", |secret| credentials("key", secret).is_ok())
}

/// A random text that contains some of the needles. Some of them are changed a little.
fn text_with(needles: Vec<String>) -> impl Strategy<Value = String> {
    let needle = (select(needles), 0..4u8).prop_map(|(needle, mangled)| match mangled {
        0 => format!("Basic {needle}"),
        1 => needle.replace(' ', "\n"),
        2 => format!("{needle}{needle}"),
        _ => needle,
    });
    let piece = prop_oneof![
        3 => needle,
        2 => any::<String>(),
        2 => "[ -~]{0,30}",
        1 => select(vec!["Incapsula incident ID: ", "incident_id=", "_Incapsula_Resource", "<", "{", "\"", "\u{feff}", "\0"])
            .prop_map(String::from),
    ];
    vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

/// A random JSON value.
fn value(needles: Vec<String>) -> BoxedStrategy<Value> {
    let known = select(vec!["400.008.01", "400.008.02", "500.003.02", "invalid_client", "404.001.03"]);
    prop_oneof![
        6 => text_with(needles).prop_map(Value::from),
        2 => known.prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<String>().prop_map(|text| json!({ "detail": [text] })),
    ]
    .boxed()
}

/// A body in the form of Daraja, its gateway or an OAuth server. Any of its texts may contain the needles.
fn json_body(needles: Vec<String>, token: String) -> impl Strategy<Value = String> {
    let texts = vec((select(vec!["errorMessage", "error_description", "expires_in"]), value(needles.clone())), 0..3);
    any::<bool>()
        .prop_flat_map(move |has_token| {
            // A token that has only digits looks like an identifier. The access_token beside it shows that it is a
            // token.
            let needles = needles.iter().filter(|needle| has_token || **needle != token).cloned().collect::<Vec<_>>();
            let token = has_token.then(|| ("access_token", Value::from(token.clone())));
            let identifiers = vec((select(vec!["errorCode", "requestId", "error"]), value(needles.clone())), 0..3);
            let fault = prop::option::of((value(needles.clone()), value(needles)));
            (Just(token), identifiers, fault)
        })
        .prop_flat_map(move |body| (Just(body), texts.clone()))
        .prop_map(|((token, identifiers, fault), texts)| {
            let fault =
                fault.map(|(text, code)| ("fault", json!({ "faultstring": text, "detail": { "errorcode": code } })));
            let members = identifiers.into_iter().chain(texts).chain(fault).chain(token);
            members.map(|(name, value)| (name.to_owned(), value)).collect::<Value>().to_string()
        })
}

pub fn status() -> impl Strategy<Value = u16> {
    prop_oneof![select(vec![0, 200, 204, 301, 400, 401, 403, 404, 429, 500, 503]), any::<u16>()]
}

/// A secret, all texts that must not be shown, the token, and a body that may contain them anywhere.
pub fn leak() -> impl Strategy<Value = (String, Vec<String>, String, String)> {
    (secret(), TOKEN).prop_flat_map(|(secret, token)| {
        let authorization = credentials("key", &secret).unwrap().authorization().to_string();
        let encoded = authorization.strip_prefix("Basic ").unwrap().to_owned();
        let needles = vec![secret.clone(), encoded, token.clone()];
        let body = prop_oneof![json_body(needles.clone(), token.clone()), text_with(needles.clone())];
        (Just(secret), Just(needles), Just(token), body)
    })
}

/// A random value of an option: its kind, its text and its number.
pub fn any_value() -> impl Strategy<Value = (ValueKind, String, f64)> {
    use ValueKind::{AbortSignal, Function, Null, Number, Object, Text, Undefined};
    let kind = select(vec![Text, Undefined, Number, Function, AbortSignal, Null, Object]);
    let text = prop_oneof![
        any::<String>(),
        "[ -~]{0,20}",
        Just("SECRET".to_owned()),
        Just("production".to_owned()),
        Just("https://SECRET.example".to_owned()),
        Just("/SECRET".to_owned()),
    ];
    (kind, text, any::<f64>())
}
