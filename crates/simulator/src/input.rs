//! Reads what a user wrote, and says what is wrong with it without quoting it.

use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use serde_json::Value;

use daraja_auth_core::error::{Code, Error, Result};
use daraja_auth_core::scrub::scrub;

/// Reads a value, which goes by `name` where it is wrong as a whole.
///
/// # Errors
///
/// [`Code::InvalidOption`], naming the member, what was expected and what was found.
pub fn read<T: DeserializeOwned>(name: &str, value: Value) -> Result<T> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        explained(name, &path, &error.into_inner().to_string())
    })
}

/// Reads a member that may be left out; where it is there, null is as wrong as any other value.
pub(super) fn given<'a, D: Deserializer<'a>, T: Deserialize<'a>>(
    value: D,
) -> core::result::Result<Option<T>, D::Error> {
    T::deserialize(value).map(Some)
}

/// A member that is no plain data: a function, a symbol, a getter that throws.
#[must_use]
pub fn unreadable(name: &str, path: &str) -> Box<Error> {
    refused(if path == "." { name } else { path }, "plain data", "something else")
}

/// An option that cannot be used.
pub(super) fn refused(name: &str, expected: &str, found: &str) -> Box<Error> {
    let message = [&scrub(name, &[]), ": expected ", expected, ", found ", found];
    Error::new(Code::InvalidOption, &message, "The typings of daraja-auth/simulator say what each option is.")
}

/// What serde says, in this package's words. It quotes values and may so quote a secret; ours names their kind.
fn explained(name: &str, path: &str, said: &str) -> Box<Error> {
    let at = |member: Option<&str>| match (path, member) {
        (".", member) => String::from(member.unwrap_or(name)),
        (path, None) => String::from(path),
        (path, Some(member)) => [path, ".", member].concat(),
    };
    let (said, expected) = said.split_once(", expected ").unwrap_or((said, "another value"));
    if said.starts_with("unknown field ") {
        // Its path already ends with it.
        return refused(&at(None), &expected.replace('`', ""), "an unknown option");
    }
    if said.starts_with("unknown variant ") {
        return refused(&at(None), &expected.replace('`', "\""), "another text");
    }
    if said.starts_with("missing field ") {
        return refused(&at(quoted(said)), "a value", "none");
    }
    let found = said.split_once(": ").map_or(said, |(_, found)| found);
    refused(&at(None), typed(expected), kind_of(found, expected))
}

fn quoted(text: &str) -> Option<&str> {
    text.split('`').nth(1)
}

/// Rust's name of a type, as JavaScript's users say it.
fn typed(expected: &str) -> &str {
    match expected {
        "u16" | "u32" | "u64" | "struct Millis" | "tuple struct Millis" => "a whole number, not negative",
        "f64" => "a number",
        "a sequence" => "an array",
        "a boolean" => "true or false",
        "string or map" => "a string",
        other if other.starts_with("struct ") => "an object",
        other => other,
    }
}

/// What was found, less what it was.
fn kind_of(found: &str, expected: &str) -> &'static str {
    let is_number = matches!(typed(expected), "a whole number, not negative" | "a number");
    match found.split(['`', '"']).next().unwrap_or_default().trim_end() {
        "string" => "a string",
        "integer" | "floating point" if is_number => "another number",
        "integer" | "floating point" => "a number",
        "boolean" => "true or false",
        "null" => "null",
        "sequence" => "an array",
        "map" => "an object",
        _ => "something else",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{Fault, Options};
    use super::*;

    fn message<T: TryFrom<Value, Error = Box<Error>>>(value: Value) -> String {
        let error = T::try_from(value).map(|_| ()).unwrap_err();
        assert_eq!(error.code, Code::InvalidOption);
        assert!(error.hint.ends_with('.'));
        error.message
    }

    fn apps(value: Value) -> Value {
        json!({ "apps": [{ "name": "a", "consumerKey": "k", "consumerSecret": "s" }, value] })
    }

    #[test]
    fn what_is_wrong_with_the_options_is_named_and_not_quoted() {
        let canary = "canary";
        for (options, expected) in [
            (json!({ "seed": canary }), "seed: expected a whole number, not negative, found a string"),
            (json!({ "seed": -1 }), "seed: expected a whole number, not negative, found another number"),
            (json!({ "seed": 1.5 }), "seed: expected a whole number, not negative, found another number"),
            (json!({ "seed": null }), "seed: expected a whole number, not negative, found null"),
            (json!({ "graceMs": true }), "graceMs: expected a whole number, not negative, found true or false"),
            (json!({ "supersede": 1 }), "supersede: expected true or false, found a number"),
            (json!({ "expiresInAs": canary }), "expiresInAs: expected \"string\" or \"number\", found another text"),
            (json!({ "seed": [] }), "seed: expected a whole number, not negative, found an array"),
            (json!({ "apps": {} }), "apps: expected an array, found an object"),
            (json!({ "apps": [[]] }), "apps[0]: expected an object, found something else"),
            (json!(7), "options: expected an object, found a number"),
            (
                json!({ "tokenLifetimeSeconds": 0 }),
                "tokenLifetimeSeconds: expected a whole number from 1 to 86400, found another number",
            ),
            (
                json!({ "tokenLifetimeSeconds": 86_401 }),
                "tokenLifetimeSeconds: expected a whole number from 1 to 86400, found another number",
            ),
            (
                json!({ "canary_abcdefgh12345678": 1 }),
                "[redacted]: expected one of apps, tokenLifetimeSeconds, supersede, graceMs, expiresInAs, cors, \
                 rejectAs, refuseAs, passkey, stkResult, stkDelayMs, seed, found an unknown option",
            ),
        ] {
            assert_eq!(message::<Options>(options.clone()), expected, "{options}");
        }
    }

    #[test]
    fn an_app_that_is_wrong_is_named_by_its_place() {
        for (app, expected) in [
            (json!({ "name": "b", "consumerKey": 5 }), "apps[1].consumerKey: expected a string, found a number"),
            (json!({ "name": "b" }), "apps[1].consumerKey: expected a value, found none"),
            (
                json!({ "name": "b", "consumerKey": "k2", "consumerSecret": "s", "environment": "canary" }),
                "apps[1].environment: expected \"sandbox\" or \"production\", found another text",
            ),
            (
                json!({ "name": "b", "consumerKey": "k2", "consumerSecret": "s", "environment": null }),
                "apps[1].environment: expected a string, found null",
            ),
            (
                json!({ "name": "b", "consumerKey": "k2", "consumerSecret": "s", "products": null }),
                "apps[1].products: expected an array, found null",
            ),
            (
                json!({ "name": "", "consumerKey": "k2", "consumerSecret": "s" }),
                "apps[1].name: expected a text, found an empty string",
            ),
            (
                json!({ "name": "b", "consumerKey": "", "consumerSecret": "s" }),
                "apps[1].consumerKey: expected a text without a colon, found another one",
            ),
            (
                json!({ "name": "b", "consumerKey": "can:ary", "consumerSecret": "s" }),
                "apps[1].consumerKey: expected a text without a colon, found another one",
            ),
            (
                json!({ "name": "b", "consumerKey": "k2", "consumerSecret": "" }),
                "apps[1].consumerSecret: expected a text, found an empty string",
            ),
            (
                json!({ "name": "a", "consumerKey": "k2", "consumerSecret": "s" }),
                "apps[1].name: expected a name of its own, found that of an app before it",
            ),
            (
                json!({ "name": "b", "consumerKey": "k", "consumerSecret": "s" }),
                "apps[1].consumerKey: expected a key of its own, found that of an app before it",
            ),
        ] {
            assert_eq!(message::<Options>(apps(app.clone())), expected, "{app}");
        }
        let unknown = message::<Options>(apps(json!({ "name": "b", "key": "canary" })));
        assert_eq!(
            unknown,
            "apps[1].key: expected one of name, consumerKey, consumerSecret, environment, products, found an unknown option"
        );
    }

    #[test]
    fn what_is_wrong_with_a_fault_is_named() {
        for (fault, expected) in [
            (json!({}), "kind: expected a value, found none"),
            (json!({ "kind": "cut", "times": 0 }), "times: expected a whole number from 1, found 0"),
            (json!({ "kind": "cut", "times": null }), "times: expected a whole number, not negative, found null"),
            (json!({ "kind": "cut", "rate": null }), "rate: expected a number, found null"),
            (json!({ "kind": "cut", "path": null }), "path: expected a string, found null"),
            (json!({ "kind": "cut", "ms": null }), "ms: expected a whole number, not negative, found null"),
            (json!({ "kind": "cut", "rate": 1.01 }), "rate: expected a number from 0 to 1, found another number"),
            (json!({ "kind": "cut", "rate": -0.1 }), "rate: expected a number from 0 to 1, found another number"),
            (json!({ "kind": "cut", "rate": "1" }), "rate: expected a number, found a string"),
            (
                json!({ "kind": "cut", "path": "oauth" }),
                "path: expected the beginning of a path, such as /oauth/, found a text without a slash before it",
            ),
            (json!({ "kind": "cut", "ms": 5 }), "ms: expected none, unless the kind is latency, found a number"),
            (
                json!({ "kind": "latency", "ms": 2_147_483_648_u32 }),
                "ms: expected a whole number up to 2147483647, found another number",
            ),
            (
                json!({ "kind": "cut", "retryAfterSeconds": 5 }),
                "retryAfterSeconds: expected none, unless the kind is rate-limited or maintenance, found a number",
            ),
        ] {
            assert_eq!(message::<Fault>(fault.clone()), expected, "{fault}");
        }
        assert!(message::<Fault>(json!({ "kind": "canary" })).ends_with("\"wrong-type\", found another text"));
    }

    #[test]
    fn good_input_is_taken_to_its_limits() {
        for options in [
            json!({}),
            json!({ "tokenLifetimeSeconds": 1, "seed": 0, "graceMs": 0, "apps": [] }),
            json!({ "tokenLifetimeSeconds": 86_400, "seed": u32::MAX }),
            apps(json!({ "name": "b", "consumerKey": "k2", "consumerSecret": "a:b", "products": [] })),
        ] {
            assert!(Options::try_from(options.clone()).is_ok(), "{options}");
        }
        for fault in [
            json!({ "kind": "latency", "ms": 2_147_483_647 }),
            json!({ "kind": "rate-limited", "retryAfterSeconds": 5, "rate": 0.0 }),
            json!({ "kind": "maintenance", "retryAfterSeconds": 0, "rate": 1.0 }),
        ] {
            assert!(Fault::try_from(fault.clone()).is_ok(), "{fault}");
        }
    }

    #[test]
    fn what_is_no_plain_data_is_named() {
        assert_eq!(unreadable("options", ".").message, "options: expected plain data, found something else");
        assert_eq!(
            unreadable("options", "apps[0].name").message,
            "apps[0].name: expected plain data, found something else"
        );
    }
}
