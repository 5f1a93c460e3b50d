//! The options of `generateToken`. All are checked before anything is sent.
//!
//! The boundary gives the [`OptionValue`] of each name; this module decides whether it is valid.

use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;
use core::ops::RangeInclusive;

use zeroize::Zeroizing;

use crate::credentials::Credentials;
use crate::endpoint::Endpoint;
use crate::error::{Code, Error, Result};
use crate::exchange::{Request, request};
use crate::retry::RetryPolicy;
use crate::scrub::scrub;
use crate::text::decimal;
use crate::time::Millis;

/// Every option of `generateToken`.
pub const NAMES: &str = "consumerKey consumerSecret environment baseUrl path fetch signal timeoutMs retries";
/// Hint for an unknown option name.
pub const LISTED: &str =
    "The options are consumerKey, consumerSecret, environment, baseUrl, path, fetch, signal, timeoutMs and retries.";

/// Long enough for a slow day at Daraja, short enough for a person who waits.
const DEFAULT_TIMEOUT_MS: u32 = 10_000;
/// Timers in JavaScript have 31 bits. A longer one would fire at once.
pub(crate) const MAX_MS: u32 = 2_147_483_647;
/// One more attempt heals most passing faults. Each attempt may kill a token that is in use.
const DEFAULT_RETRIES: u32 = 1;
/// More retries would only keep a caller waiting.
const MAX_RETRIES: u32 = 10;

/// What a caller gave as an option.
#[derive(Debug)]
pub enum OptionValue {
    /// A string that is well-formed and not too long.
    Text(Zeroizing<String>),
    /// A number.
    Number(f64),
    /// A boolean.
    Boolean(bool),
    /// A value of another kind, which only JavaScript can use.
    Other(ValueKind),
}

/// The kind of a value in JavaScript.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ValueKind {
    /// `undefined`: the option was left out.
    Undefined,
    /// `null`.
    Null,
    /// A string.
    Text,
    /// A string without characters.
    EmptyText,
    /// A string that is too long for any option.
    LongText,
    /// A string with half a surrogate pair, which has no UTF-8.
    IllFormedText,
    /// A `baseUrl` that is no URL.
    NoUrl,
    /// A number.
    Number,
    /// A bigint.
    BigInt,
    /// A boolean.
    Boolean,
    /// A symbol.
    Symbol,
    /// A function.
    Function,
    /// An `AbortSignal`.
    AbortSignal,
    /// Any other object.
    Object,
    /// A property that throws when it is read.
    Unreadable,
}

impl ValueKind {
    /// The kind in words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Undefined => "undefined",
            Self::Null => "null",
            Self::Text => "a string",
            Self::EmptyText => "an empty string",
            Self::LongText => "a string of over 65536 characters",
            Self::IllFormedText => "a string with half a surrogate pair",
            Self::NoUrl => "a string that is no URL",
            Self::Number => "a number",
            Self::BigInt => "a bigint",
            Self::Boolean => "a boolean",
            Self::Symbol => "a symbol",
            Self::Function => "a function",
            Self::AbortSignal => "an AbortSignal",
            Self::Object => "an object",
            Self::Unreadable => "a property that throws when it is read",
        }
    }
}

impl fmt::Display for ValueKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

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

/// Reads an option by its name.
pub type ReadOption<'a> = dyn FnMut(&'static str) -> OptionValue + 'a;

/// The error of an unknown option name. The hint lists the known ones.
pub fn unknown(name: &str, hint: &'static str) -> Box<Error> {
    // A name may be a secret: from a string that was spread, or an entry that was swapped.
    ill_typed(&scrub(name, &[]), "one of the documented options", "an unknown one", hint)
}

/// The error of an options argument that is no object.
pub fn no_object() -> Box<Error> {
    ill_typed("options", "an object", "something else", "Pass an object: { consumerKey, consumerSecret }.")
}

/// The error of a runtime without a global `fetch`.
pub fn no_fetch() -> Box<Error> {
    ill_typed("fetch", "a function", "no global fetch in this runtime", "Pass one as the option fetch.")
}

/// Reads options one after the other. After the first invalid option it reads no more, and every option counts as left out.
/// So the callers have one end for everything that can be wrong.
pub(crate) struct Reader<'a> {
    pub read_option: &'a mut ReadOption<'a>,
    fault: Option<Box<Error>>,
}

impl<'a> Reader<'a> {
    pub fn new(read_option: &'a mut ReadOption<'a>) -> Self {
        Self { read_option, fault: None }
    }

    /// Gives what was made of the options, or the error of the first invalid one.
    pub fn finish<T>(&mut self, read: T) -> Result<T> {
        self.fault.take().map_or(Ok(read), Err)
    }

    /// Notes that an option is invalid.
    pub fn invalid(&mut self, fault: Box<Error>) {
        self.fault.get_or_insert(fault);
    }

    /// Whether the option was given.
    pub fn has(&mut self, name: &'static str) -> bool {
        (self.read_option)(name).is_given()
    }

    /// Reads an option that must be of that kind, or left out.
    pub fn optional(&mut self, name: &'static str, expected: ValueKind) -> OptionValue {
        self.read(name, expected, true)
    }

    /// Reads a string. None if it was left out.
    pub fn text(&mut self, name: &'static str) -> Option<Zeroizing<String>> {
        match self.optional(name, ValueKind::Text) {
            OptionValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Reads a consumer key or a consumer secret.
    pub fn credential(&mut self, name: &'static str) -> Zeroizing<String> {
        match self.read(name, ValueKind::Text, false) {
            OptionValue::Text(text) => text,
            _ => Zeroizing::default(),
        }
    }

    /// Reads a whole number in that range. None if it was left out.
    pub fn whole_number(&mut self, name: &'static str, range: RangeInclusive<u32>) -> Option<u32> {
        let OptionValue::Number(found) = self.optional(name, ValueKind::Number) else { return None };
        let number = found as u32;
        if f64::from(number) != found || !range.contains(&number) {
            let [least, most] = [range.start(), range.end()].map(|bound| decimal((*bound).into()));
            self.invalid(mistyped(name, &["a whole number from ", &least, " to ", &most].concat(), "another number"));
        }
        Some(number)
    }

    /// Reads a switch.
    pub fn is_on(&mut self, name: &'static str, by_default: bool) -> bool {
        match self.optional(name, ValueKind::Boolean) {
            OptionValue::Boolean(is_on) => is_on,
            _ => by_default,
        }
    }

    fn read(&mut self, name: &'static str, expected: ValueKind, may_be_absent: bool) -> OptionValue {
        if self.fault.is_some() {
            return OptionValue::UNDEFINED;
        }
        let value = (self.read_option)(name);
        let kind = match value.kind() {
            // credentials.rs says more about an empty key or secret.
            ValueKind::EmptyText if !may_be_absent => ValueKind::Text,
            kind => kind,
        };
        if kind != expected && (value.is_given() || !may_be_absent) {
            let hint = if value.is_given() {
                "Pass that, or leave an optional option out."
            } else {
                "If it comes from process.env, that environment variable is not set here."
            };
            self.invalid(ill_typed(name, expected.as_str(), kind.as_str(), hint));
        }
        value
    }
}

impl OptionValue {
    /// An option that was left out.
    pub const UNDEFINED: Self = Self::Other(ValueKind::Undefined);

    /// The kind of the value.
    pub fn kind(&self) -> ValueKind {
        match self {
            Self::Text(text) if text.is_empty() => ValueKind::EmptyText,
            Self::Text(_) => ValueKind::Text,
            Self::Number(_) => ValueKind::Number,
            Self::Boolean(_) => ValueKind::Boolean,
            Self::Other(kind) => *kind,
        }
    }

    pub(crate) fn is_given(&self) -> bool {
        self.kind() != ValueKind::Undefined
    }
}

impl Credentials {
    /// Reads `consumerKey` and `consumerSecret`.
    ///
    /// # Errors
    ///
    /// [`Code::InvalidOption`] for the first that is invalid.
    pub fn from_options(read_option: &mut ReadOption<'_>) -> Result<Self> {
        let options = &mut Reader::new(read_option);
        let credentials = Self::read(options);
        options.finish(credentials)
    }

    /// Reads `consumerKey` and `consumerSecret`.
    pub(crate) fn read(options: &mut Reader<'_>) -> Self {
        let (key, secret) = (options.credential("consumerKey"), options.credential("consumerSecret"));
        let (credentials, fault) = Self::checked(key, secret);
        if let Some(fault) = fault {
            options.invalid(fault);
        }
        credentials
    }
}

impl Endpoint {
    /// Reads `environment`, `baseUrl` and `path`.
    pub(crate) fn read(options: &mut Reader<'_>) -> Self {
        let [environment, base_url, path] = ["environment", "baseUrl", "path"].map(|name| options.text(name));
        let [environment, base_url, path] =
            [&environment, &base_url, &path].map(|text| text.as_ref().map(|text| text.as_str()));
        Self::new(environment, base_url, path).unwrap_or_else(|fault| {
            options.invalid(fault);
            Self::default()
        })
    }
}

/// `timeoutMs` and `retries`.
pub(crate) fn timing(options: &mut Reader<'_>) -> (Millis, RetryPolicy) {
    let timeout = options.whole_number("timeoutMs", 1..=MAX_MS).unwrap_or(DEFAULT_TIMEOUT_MS);
    let retries = options.whole_number("retries", 0..=MAX_RETRIES).unwrap_or(DEFAULT_RETRIES);
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
    fn the_two_strings_suffice_and_the_defaults_are_the_documented_ones() {
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
        assert_eq!(asked, NAMES.split(' ').collect::<Vec<_>>());
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
        let found = ": expected one of the documented options, found an unknown one";
        assert_eq!(message("consumer_key"), format!("consumer_key{found}"));
        assert_eq!(message("abcdefgh12345678"), format!("[redacted]{found}"));
        assert_eq!(no_object().message, "options: expected an object, found something else");
        assert_eq!(no_fetch().message, "fetch: expected a function, found no global fetch in this runtime");
        assert!([unknown("x", LISTED), no_object(), no_fetch()].iter().all(|error| error.code == Code::InvalidOption));
    }
}
