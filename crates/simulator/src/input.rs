//! Reads a user's values. An error names the value that is wrong, and does not quote it.

use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use serde_json::Value;

use daraja_auth_core::error::{Code, Error, Result};
use daraja_auth_core::scrub::scrub;

/// Reads a value. `name` is the name of the whole value in an error.
///
/// # Errors
///
/// [`Code::InvalidOption`] with the path of the member. It leaves serde's text out, because that quotes values, which
/// may be secret.
pub fn read<T: DeserializeOwned>(name: &str, value: Value) -> Result<T> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        invalid(&[&scrubbed(if path == "." { name } else { &path }), " is not valid"])
    })
}

/// Reads a member that may be left out. If it is present, it must not be null.
pub(super) fn not_null<'a, D: Deserializer<'a>, T: Deserialize<'a>>(
    value: D,
) -> core::result::Result<Option<T>, D::Error> {
    T::deserialize(value).map(Some)
}

/// The error for a member that is not plain data: a function, a symbol, or a getter that throws.
#[must_use]
pub fn unreadable(name: &str, path: &str) -> Box<Error> {
    invalid_option(if path == "." { name } else { path }, "plain data", "something else")
}

/// The error for an option or a member with an invalid value.
pub(super) fn invalid_option(name: &str, expected: &str, found: &str) -> Box<Error> {
    invalid(&[&scrubbed(name), ": expected ", expected, ", found ", found])
}

/// The name, redacted if it may be a secret: a caller may have put a secret in the place of a name.
fn scrubbed(name: &str) -> String {
    scrub(name, &[])
}

fn invalid(message: &[&str]) -> Box<Error> {
    Error::new(Code::InvalidOption, message, HINT)
}

const HINT: &str = "docs/simulator.md says what each option and each fault may be.";

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
    fn an_error_names_the_wrong_option_and_does_not_quote_its_value() {
        let canary = "canary";
        for (options, expected) in [
            (json!({ "seed": canary }), "seed is not valid"),
            (json!({ "seed": -1 }), "seed is not valid"),
            (json!({ "seed": 1.5 }), "seed is not valid"),
            (json!({ "seed": null }), "seed is not valid"),
            (json!({ "graceMs": true }), "graceMs is not valid"),
            (json!({ "supersede": 1 }), "supersede is not valid"),
            (json!({ "expiresInAs": canary }), "expiresInAs is not valid"),
            (json!({ "seed": [] }), "seed is not valid"),
            (json!({ "apps": {} }), "apps is not valid"),
            (json!({ "apps": [[]] }), "apps[0] is not valid"),
            (json!(7), "options is not valid"),
            (
                json!({ "tokenLifetimeSeconds": 0 }),
                "tokenLifetimeSeconds: expected a whole number from 1 to 86400, found another number",
            ),
            (
                json!({ "tokenLifetimeSeconds": 86_401 }),
                "tokenLifetimeSeconds: expected a whole number from 1 to 86400, found another number",
            ),
            (json!({ "canary_abcdefgh12345678": 1 }), "[redacted] is not valid"),
        ] {
            assert_eq!(message::<Options>(options.clone()), expected, "{options}");
        }
    }

    #[test]
    fn an_error_names_a_wrong_app_by_its_index() {
        for (app, expected) in [
            (json!({ "name": "b", "consumerKey": 5 }), "apps[1].consumerKey is not valid"),
            (json!({ "name": "b" }), "apps[1] is not valid"),
            (
                json!({ "name": "b", "consumerKey": "k2", "consumerSecret": "s", "environment": "canary" }),
                "apps[1].environment is not valid",
            ),
            (
                json!({ "name": "b", "consumerKey": "k2", "consumerSecret": "s", "environment": null }),
                "apps[1].environment is not valid",
            ),
            (
                json!({ "name": "b", "consumerKey": "k2", "consumerSecret": "s", "products": null }),
                "apps[1].products is not valid",
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
                "apps[1].name: expected a name that no other app has, found that of an earlier app",
            ),
            (
                json!({ "name": "b", "consumerKey": "k", "consumerSecret": "s" }),
                "apps[1].consumerKey: expected a key that no other app has, found that of an earlier app",
            ),
        ] {
            assert_eq!(message::<Options>(apps(app.clone())), expected, "{app}");
        }
        let unknown = message::<Options>(apps(json!({ "name": "b", "key": "canary" })));
        assert_eq!(unknown, "apps[1].key is not valid");
    }

    #[test]
    fn an_error_names_the_wrong_member_of_a_fault() {
        for (fault, expected) in [
            (json!({}), "fault is not valid"),
            (json!({ "kind": "cut", "times": 0 }), "times: expected a whole number from 1, found 0"),
            (json!({ "kind": "cut", "times": null }), "times is not valid"),
            (json!({ "kind": "cut", "rate": null }), "rate is not valid"),
            (json!({ "kind": "cut", "path": null }), "path is not valid"),
            (json!({ "kind": "cut", "ms": null }), "ms is not valid"),
            (json!({ "kind": "cut", "rate": 1.01 }), "rate: expected a number from 0 to 1, found another number"),
            (json!({ "kind": "cut", "rate": -0.1 }), "rate: expected a number from 0 to 1, found another number"),
            (json!({ "kind": "cut", "rate": "1" }), "rate is not valid"),
            (
                json!({ "kind": "cut", "path": "oauth" }),
                "path: expected the beginning of a path, such as /oauth/, found a text that does not begin with a slash",
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
        assert_eq!(message::<Fault>(json!({ "kind": "canary" })), "kind is not valid");
    }

    #[test]
    fn values_at_the_limits_are_accepted() {
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
    fn an_error_names_a_member_that_is_not_plain_data() {
        assert_eq!(unreadable("options", ".").message, "options: expected plain data, found something else");
        assert_eq!(
            unreadable("options", "apps[0].name").message,
            "apps[0].name: expected plain data, found something else"
        );
    }
}
