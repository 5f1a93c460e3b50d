//! The options of `generateToken`. All are checked before anything is sent.
//!
//! The boundary gives the [`OptionValue`] of each name. This module decides whether the value is valid.

mod reader;
mod value;

use alloc::boxed::Box;

use crate::credentials::Credentials;
use crate::endpoint::Endpoint;
use crate::error::{Code, Error, Result};
use crate::exchange::{Request, request};
use crate::retry::RetryPolicy;
use crate::scrub::scrub;
use crate::time::Millis;
pub(crate) use reader::Reader;
pub use value::{OptionValue, ReadOption, ValueKind};

/// The names of the options, for two texts.
macro_rules! names {
    () => {
        "consumerKey, consumerSecret, environment, baseUrl, path, fetch, signal, timeoutMs, retries"
    };
}
/// Every option of `generateToken`.
pub const NAMES: &str = names!();
/// Hint for an unknown option name.
pub const LISTED: &str = concat!("The options are ", names!(), ".");

/// Long enough for a slow day at Daraja, short enough for a person who waits.
const DEFAULT_TIMEOUT_MS: u32 = 10_000;
/// Timers in JavaScript have 31 bits. A timer with more would fire at once.
pub(crate) const MAX_MS: u32 = 2_147_483_647;
/// One more attempt recovers from most temporary faults. Each attempt may end a token that is in use.
const DEFAULT_RETRIES: u32 = 1;
/// More retries would only keep a caller waiting.
const MAX_RETRIES: u32 = 10;

/// The options. All of them are valid.
#[derive(Debug)]
pub struct Options {
    /// From `consumerKey` and `consumerSecret`.
    pub credentials: Credentials,
    /// From `environment`, `baseUrl` and `path`.
    pub endpoint: Endpoint,
    /// `timeoutMs`: how long one attempt may take.
    pub timeout: Millis,
    /// `retries`.
    pub retry: RetryPolicy,
}

impl Options {
    /// Reads each option by its name.
    ///
    /// # Errors
    ///
    /// [`Code::InvalidOption`] for the first option that is invalid.
    pub fn read(read_option: &mut ReadOption<'_>) -> Result<Self> {
        let options = &mut Reader::new(read_option);
        let credentials = Credentials::read(options);
        let endpoint = Endpoint::read(options);
        options.optional("fetch", ValueKind::Function);
        options.optional("signal", ValueKind::AbortSignal);
        let (timeout, retry) = timing(options);
        options.finish(Self { credentials, endpoint, timeout, retry })
    }

    /// The request for a token.
    pub fn request(&self) -> Request {
        request(&self.credentials, &self.endpoint)
    }
}

/// The error of an unknown option name. The hint lists the known ones.
pub fn unknown(name: &str, hint: &'static str) -> Box<Error> {
    // A name may be a secret: from a string that was spread, or an entry that was swapped.
    Error::new(Code::InvalidOption, &["unknown option ", &scrub(name, &[])], hint)
}

/// The error for an options argument that is not an object.
pub fn no_object() -> Box<Error> {
    ill_typed("options", "an object", "something else", "Pass an object: { consumerKey, consumerSecret }.")
}

/// The error of a runtime without a global `fetch`.
pub fn no_fetch() -> Box<Error> {
    ill_typed("fetch", "a function", "no global fetch in this runtime", "Pass one as the option fetch.")
}

/// `timeoutMs` and `retries`.
pub(crate) fn timing(options: &mut Reader<'_>) -> (Millis, RetryPolicy) {
    let timeout = options.whole_number("timeoutMs", 1..=MAX_MS).unwrap_or(DEFAULT_TIMEOUT_MS);
    let retries = options.whole_number("retries", 0..=MAX_RETRIES).unwrap_or(DEFAULT_RETRIES);
    (Millis(timeout.into()), RetryPolicy { retries })
}

pub(crate) fn mistyped(name: &str, expected: &str, found: &str) -> Box<Error> {
    ill_typed(name, expected, found, "Pass that, or leave the option out if it is optional.")
}

pub(crate) fn ill_typed(name: &str, expected: &str, found: &str, hint: &'static str) -> Box<Error> {
    Error::new(Code::InvalidOption, &[name, ": expected ", expected, ", found ", found], hint)
}

#[cfg(test)]
mod tests {
    use std::prelude::rust_2024::{String, Vec};

    use zeroize::Zeroizing;

    use super::*;

    fn other(kind: ValueKind) -> OptionValue {
        OptionValue::Other(kind)
    }

    fn string(text: &str) -> OptionValue {
        OptionValue::Text(Zeroizing::new(text.into()))
    }

    fn read_with(name: &'static str, value: OptionValue) -> core::result::Result<Options, String> {
        let mut value = Some(value);
        let find = &mut |asked: &'static str| match asked {
            _ if asked == name => value.take().unwrap(),
            "consumerKey" => string("key"),
            "consumerSecret" => string("secret"),
            _ => OptionValue::UNDEFINED,
        };
        Options::read(find).map_err(|error| {
            assert_eq!(error.code, Code::InvalidOption);
            assert!(!error.hint.is_empty());
            error.message
        })
    }

    #[test]
    fn the_two_strings_are_enough_and_the_defaults_are_as_documented() {
        let options = read_with("none", OptionValue::UNDEFINED).unwrap();
        let request = options.request();
        assert_eq!(*request.authorization, "Basic a2V5OnNlY3JldA==");
        assert_eq!(request.url, "https://sandbox.safaricom.co.ke/oauth/v1/generate?grant_type=client_credentials");
        assert_eq!(options.timeout, Millis(10_000));
        assert_eq!(options.retry, RetryPolicy { retries: 1 });
    }

    #[test]
    fn every_option_is_asked_for_by_its_documented_name() {
        let mut asked = Vec::new();
        let _ = Options::read(&mut |name| {
            asked.push(name);
            if name.starts_with("consumer") { string("x") } else { OptionValue::UNDEFINED }
        });
        assert_eq!(asked, NAMES.split(", ").collect::<Vec<_>>());
        assert!(asked.iter().all(|name| LISTED.contains(name)));
    }

    #[test]
    fn given_options_replace_the_defaults() {
        let url = |name, text| read_with(name, string(text)).unwrap().request().url;
        assert!(url("environment", "production").starts_with("https://api.safaricom.co.ke/oauth/v1/"));
        assert!(url("baseUrl", "http://localhost:1").starts_with("http://localhost:1/oauth/v1/"));
        assert!(url("path", "/p").starts_with("https://sandbox.safaricom.co.ke/p?"));
        let timeout = |ms| read_with("timeoutMs", OptionValue::Number(ms)).unwrap().timeout.0;
        assert_eq!((timeout(1.0), timeout(2_147_483_647.0)), (1, 2_147_483_647));
        let retries = |times| read_with("retries", OptionValue::Number(times)).unwrap().retry.retries;
        assert_eq!((retries(0.0), retries(10.0)), (0, 10));
        assert!(read_with("fetch", other(ValueKind::Function)).is_ok());
        assert!(read_with("signal", other(ValueKind::AbortSignal)).is_ok());
    }

    #[test]
    fn a_missing_value_points_at_the_environment_variable() {
        let error = Options::read(&mut |_| OptionValue::UNDEFINED).unwrap_err();
        assert_eq!(error.message, "consumerKey: expected a string, found undefined");
        assert!(error.hint.contains("process.env"), "{}", error.hint);
    }

    #[test]
    fn an_ill_typed_option_is_named_with_what_was_expected_and_found() {
        for (name, kind, expected) in [
            ("consumerKey", ValueKind::IllFormedText, "a string"),
            ("consumerKey", ValueKind::LongText, "a string"),
            ("consumerSecret", ValueKind::Number, "a string"),
            ("environment", ValueKind::Null, "a string"),
            ("baseUrl", ValueKind::NoUrl, "a string"),
            ("path", ValueKind::Unreadable, "a string"),
            ("fetch", ValueKind::Text, "a function"),
            ("signal", ValueKind::Function, "an AbortSignal"),
            ("timeoutMs", ValueKind::Object, "a number"),
            ("retries", ValueKind::AbortSignal, "a number"),
        ] {
            let message = read_with(name, other(kind)).unwrap_err();
            assert_eq!(message, format!("{name}: expected {expected}, found {kind}"));
        }
    }

    #[test]
    fn an_empty_text_is_an_error_and_does_not_mean_the_default() {
        for name in ["environment", "baseUrl", "path"] {
            let message = read_with(name, string("")).unwrap_err();
            assert_eq!(message, format!("{name}: expected a string, found an empty string"));
        }
    }

    #[test]
    fn an_empty_key_or_secret_has_another_error_than_a_missing_one() {
        for name in ["consumerKey", "consumerSecret"] {
            let message = read_with(name, string("")).unwrap_err();
            assert_eq!(message, format!("{name} is an empty string"));
        }
    }

    #[test]
    fn a_number_out_of_range_is_refused() {
        for ms in [0.0, -1.0, 0.5, 1.5, 2_147_483_648.0, f64::NAN, f64::INFINITY] {
            let expected = "timeoutMs: expected a whole number from 1 to 2147483647, found another number";
            assert_eq!(read_with("timeoutMs", OptionValue::Number(ms)).unwrap_err(), expected, "{ms}");
        }
        for times in [-1.0, 0.5, 11.0, f64::NAN] {
            let expected = "retries: expected a whole number from 0 to 10, found another number";
            assert_eq!(read_with("retries", OptionValue::Number(times)).unwrap_err(), expected, "{times}");
        }
    }

    #[test]
    fn what_is_no_option_is_named_unless_it_could_be_a_secret() {
        let message = |name| unknown(name, LISTED).message;
        assert_eq!(message("consumer_key"), "unknown option consumer_key");
        assert_eq!(message("abcdefgh12345678"), "unknown option [redacted]");
        assert_eq!(no_object().message, "options: expected an object, found something else");
        assert_eq!(no_fetch().message, "fetch: expected a function, found no global fetch in this runtime");
        assert!([unknown("x", LISTED), no_object(), no_fetch()].iter().all(|error| error.code == Code::InvalidOption));
    }
}
