//! The options of `generateToken`, judged once, all before anything is sent.
//!
//! The boundary says what it [`Found`] under each name; what is wrong with it is decided here.

use alloc::boxed::Box;
use alloc::string::String;

use zeroize::Zeroizing;

use crate::credentials::Credentials;
use crate::endpoint::Endpoint;
use crate::error::{Code, Error, Result};
use crate::exchange::{Request, request};
use crate::retry::RetryPolicy;
use crate::scrub::scrub;
use crate::text::{decimal, join};
use crate::time::Millis;

/// Every option of `generateToken`.
pub const NAMES: &str = "consumerKey consumerSecret environment baseUrl path fetch signal timeoutMs retries";
/// The hint where there is another one.
pub const LISTED: &str =
    "The options are consumerKey, consumerSecret, environment, baseUrl, path, fetch, signal, timeoutMs and retries.";

/// Long enough for a slow day of Daraja's, short enough for a person who waits.
const DEFAULT_TIMEOUT_MS: u32 = 10_000;
/// Timers in JavaScript count in 31 bits; a longer one would fire at once.
pub(crate) const MAX_MS: u32 = 2_147_483_647;
/// One more attempt heals a passing fault; each attempt may kill a token that is in use.
const DEFAULT_RETRIES: u32 = 1;
/// More than this only keeps a caller waiting.
const MAX_RETRIES: u32 = 10;

/// The kind of what is not there.
const ABSENT: &str = "undefined";

/// What stands under an option's name.
#[derive(Debug, Default)]
pub struct Found {
    /// In words: `undefined`, `a string`, `a number`, `a function`, `an AbortSignal`, `null`, …
    pub kind: String,
    /// The value, where it is a string.
    pub text: Zeroizing<String>,
    /// The value, where it is a number; 1 where it is `true`.
    pub number: f64,
}

/// The options, all of them usable.
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
    /// Judges what `find` finds under each name.
    ///
    /// # Errors
    ///
    /// [`Code::InvalidOption`] for the first option that cannot be used.
    pub fn read(find: &mut Find<'_>) -> Result<Self> {
        let options = &mut Reader::new(find);
        let credentials = Credentials::read(options);
        let endpoint = Endpoint::read(options);
        options.optional("fetch", "a function");
        options.optional("signal", "an AbortSignal");
        let (timeout, retry) = timing(options);
        options.judge(Self { credentials, endpoint, timeout, retry })
    }

    /// The request that they ask for.
    #[must_use]
    pub fn request(&self) -> Request {
        request(&self.credentials, &self.endpoint)
    }
}

/// Gives what stands under a name.
pub type Find<'a> = dyn FnMut(&'static str) -> Found + 'a;

/// A name that is none of those, which a hint lists.
#[must_use]
pub fn unknown(name: &str, hint: &'static str) -> Box<Error> {
    // A secret may stand where a name should, in a spread string or a swapped entry.
    ill_typed(&scrub(name, &[]), "one of the documented options", "an unknown one", hint)
}

/// An options argument that is no object.
#[must_use]
pub fn no_object() -> Box<Error> {
    ill_typed("options", "an object", "something else", "Pass an object: { consumerKey, consumerSecret }.")
}

/// A runtime without a global `fetch`.
#[must_use]
pub fn no_fetch() -> Box<Error> {
    ill_typed("fetch", "a function", "no global fetch in this runtime", "Pass one as the option fetch.")
}

/// Reads options one after the other. After the first that cannot be used it reads no more, and finds nothing: so there is
/// one end for all that can be wrong.
pub(crate) struct Reader<'a> {
    pub find: &'a mut Find<'a>,
    fault: Option<Box<Error>>,
}

impl<'a> Reader<'a> {
    pub fn new(find: &'a mut Find<'a>) -> Self {
        Self { find, fault: None }
    }

    /// What was read, unless something was wrong with it.
    pub fn judge<T>(&mut self, read: T) -> Result<T> {
        self.fault.take().map_or(Ok(read), Err)
    }

    /// Notes what is wrong.
    pub fn refuse(&mut self, fault: Box<Error>) {
        self.fault.get_or_insert(fault);
    }

    /// Whether there is anything under the name.
    pub fn has(&mut self, name: &'static str) -> bool {
        (self.find)(name).is_given()
    }

    /// What stands under the name, if it is of that kind.
    pub fn optional(&mut self, name: &'static str, expected: &str) -> Found {
        self.read(name, expected, true)
    }

    /// The string under the name.
    pub fn text(&mut self, name: &'static str) -> Zeroizing<String> {
        self.optional(name, "a string").text
    }

    /// A consumer key or a consumer secret.
    pub fn credential(&mut self, name: &'static str) -> Zeroizing<String> {
        self.read(name, "a string", false).text
    }

    /// The number under the name, if it is whole and in that range.
    pub fn whole_number(&mut self, name: &'static str, least: u32, most: u32) -> Option<u32> {
        let found = self.optional(name, "a number");
        if !found.is_given() {
            return None;
        }
        let number = found.number as u32;
        if f64::from(number) != found.number || !(least..=most).contains(&number) {
            let (least, most) = (decimal(least.into()), decimal(most.into()));
            self.refuse(mistyped(name, &join(&["a whole number from ", &least, " to ", &most]), "another number"));
        }
        Some(number)
    }

    /// The switch under the name.
    pub fn is_on(&mut self, name: &'static str, by_default: bool) -> bool {
        let found = self.optional(name, "a boolean");
        if found.is_given() { found.number != 0.0 } else { by_default }
    }

    fn read(&mut self, name: &'static str, expected: &str, may_be_absent: bool) -> Found {
        if self.fault.is_some() {
            return Found { kind: ABSENT.into(), ..Found::default() };
        }
        let found = (self.find)(name);
        let is_empty = may_be_absent && found.kind == "a string" && found.text.is_empty();
        let kind = if is_empty { "an empty string" } else { &found.kind };
        if kind != expected && (found.is_given() || !may_be_absent) {
            let hint = if found.is_given() {
                "Pass that, or leave an optional option out."
            } else {
                "If it comes from process.env, that environment variable is not set here."
            };
            self.refuse(ill_typed(name, expected, kind, hint));
        }
        found
    }
}

impl Found {
    /// Whether there is anything.
    pub(crate) fn is_given(&self) -> bool {
        self.kind != ABSENT
    }
}

impl Credentials {
    /// Those that `find` finds.
    ///
    /// # Errors
    ///
    /// [`Code::InvalidOption`], as for options.
    pub fn given(find: &mut Find<'_>) -> Result<Self> {
        let options = &mut Reader::new(find);
        let credentials = Self::read(options);
        options.judge(credentials)
    }

    /// Those of `consumerKey` and `consumerSecret`.
    pub(crate) fn read(options: &mut Reader<'_>) -> Self {
        let (key, secret) = (options.credential("consumerKey"), options.credential("consumerSecret"));
        let (credentials, fault) = Self::judged(key, secret);
        if let Some(fault) = fault {
            options.refuse(fault);
        }
        credentials
    }
}

impl Endpoint {
    /// The endpoint of `environment`, `baseUrl` and `path`.
    pub(crate) fn read(options: &mut Reader<'_>) -> Self {
        let [environment, base_url, path] = ["environment", "baseUrl", "path"].map(|name| options.text(name));
        Self::new(&environment, &base_url, &path).unwrap_or_else(|fault| {
            options.refuse(fault);
            Self::default()
        })
    }
}

/// `timeoutMs` and `retries`.
pub(crate) fn timing(options: &mut Reader<'_>) -> (Millis, RetryPolicy) {
    let timeout = options.whole_number("timeoutMs", 1, MAX_MS).unwrap_or(DEFAULT_TIMEOUT_MS);
    let retries = options.whole_number("retries", 0, MAX_RETRIES).unwrap_or(DEFAULT_RETRIES);
    (Millis(timeout.into()), RetryPolicy { retries })
}

pub(crate) fn mistyped(name: &str, expected: &str, found: &str) -> Box<Error> {
    ill_typed(name, expected, found, "Pass that, or leave an optional option out.")
}

pub(crate) fn ill_typed(name: &str, expected: &str, found: &str, hint: &'static str) -> Box<Error> {
    Error::new(Code::InvalidOption, &[name, ": expected ", expected, ", found ", found], hint)
}

#[cfg(test)]
mod tests {
    use std::prelude::rust_2024::{String, Vec};

    use super::*;

    fn found(kind: &str) -> Found {
        Found { kind: kind.into(), ..Found::default() }
    }

    fn string(text: &str) -> Found {
        Found { text: Zeroizing::new(text.into()), ..found("a string") }
    }

    fn number(number: f64) -> Found {
        Found { number, ..found("a number") }
    }

    fn read_with(name: &'static str, found_there: Found) -> core::result::Result<Options, String> {
        let mut found_there = Some(found_there);
        let find = &mut |asked: &'static str| match asked {
            _ if asked == name => found_there.take().unwrap(),
            "consumerKey" => string("key"),
            "consumerSecret" => string("secret"),
            _ => found("undefined"),
        };
        Options::read(find).map_err(|error| {
            assert_eq!(error.code, Code::InvalidOption);
            assert!(!error.hint.is_empty());
            error.message
        })
    }

    #[test]
    fn the_two_strings_suffice_and_the_defaults_are_the_documented_ones() {
        let options = read_with("none", found("undefined")).unwrap();
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
            if name.starts_with("consumer") { string("x") } else { found("undefined") }
        });
        assert_eq!(asked, NAMES.split(' ').collect::<Vec<_>>());
        assert!(asked.iter().all(|name| LISTED.contains(name)));
    }

    #[test]
    fn given_options_replace_the_defaults() {
        let url = |name, text| read_with(name, string(text)).unwrap().request().url;
        assert!(url("environment", "production").starts_with("https://api.safaricom.co.ke/oauth/v1/"));
        assert!(url("baseUrl", "http://localhost:1").starts_with("http://localhost:1/oauth/v1/"));
        assert!(url("path", "/p").starts_with("https://sandbox.safaricom.co.ke/p?"));
        let timeout = |ms| read_with("timeoutMs", number(ms)).unwrap().timeout.0;
        assert_eq!((timeout(1.0), timeout(2_147_483_647.0)), (1, 2_147_483_647));
        let retries = |times| read_with("retries", number(times)).unwrap().retry.retries;
        assert_eq!((retries(0.0), retries(10.0)), (0, 10));
        assert!(read_with("fetch", found("a function")).is_ok());
        assert!(read_with("signal", found("an AbortSignal")).is_ok());
    }

    #[test]
    fn a_missing_value_points_at_the_environment_variable() {
        let error = Options::read(&mut |_| found("undefined")).unwrap_err();
        assert_eq!(error.message, "consumerKey: expected a string, found undefined");
        assert!(error.hint.contains("process.env"), "{}", error.hint);
    }

    #[test]
    fn an_ill_typed_option_is_named_with_what_was_expected_and_found() {
        for (name, kind, expected) in [
            ("consumerKey", "a string with half a surrogate pair", "a string"),
            ("consumerSecret", "a number", "a string"),
            ("environment", "null", "a string"),
            ("baseUrl", "a string that is no URL", "a string"),
            ("path", "a property that throws when it is read", "a string"),
            ("fetch", "a string", "a function"),
            ("signal", "a function", "an AbortSignal"),
            ("timeoutMs", "a string", "a number"),
            ("retries", "an AbortSignal", "a number"),
        ] {
            let message = read_with(name, Found { kind: kind.into(), ..string("x") }).unwrap_err();
            assert_eq!(message, format!("{name}: expected {expected}, found {kind}"));
        }
    }

    #[test]
    fn an_empty_text_is_no_default() {
        for name in ["environment", "baseUrl", "path"] {
            let message = read_with(name, string("")).unwrap_err();
            assert_eq!(message, format!("{name}: expected a string, found an empty string"));
        }
    }

    #[test]
    fn a_number_out_of_range_is_refused() {
        for ms in [0.0, -1.0, 0.5, 1.5, 2_147_483_648.0, f64::NAN, f64::INFINITY] {
            let expected = "timeoutMs: expected a whole number from 1 to 2147483647, found another number";
            assert_eq!(read_with("timeoutMs", number(ms)).unwrap_err(), expected, "{ms}");
        }
        for times in [-1.0, 0.5, 11.0, f64::NAN] {
            let expected = "retries: expected a whole number from 0 to 10, found another number";
            assert_eq!(read_with("retries", number(times)).unwrap_err(), expected, "{times}");
        }
    }

    #[test]
    fn what_is_no_option_is_named_unless_it_could_be_a_secret() {
        let message = |name| unknown(name, LISTED).message;
        let found = ": expected one of the documented options, found an unknown one";
        assert_eq!(message("consumer_key"), format!("consumer_key{found}"));
        assert_eq!(message("abcdefgh12345678"), format!("[redacted]{found}"));
        assert_eq!(no_object().message, "options: expected an object, found something else");
        assert_eq!(no_fetch().message, "fetch: expected a function, found no global fetch in this runtime");
        assert!([unknown("x", LISTED), no_object(), no_fetch()].iter().all(|error| error.code == Code::InvalidOption));
    }
}
