//! The options of `generateToken`, judged once, all before anything is sent.
//!
//! The boundary says what it [`Found`] under each name; what is wrong with it is decided here.

use std::time::Duration;

use zeroize::Zeroizing;

use crate::credentials::Credentials;
use crate::endpoint::{Endpoint, Environment};
use crate::error::{Code, Error};
use crate::retry::RetryPolicy;
use crate::scrub::scrub;

/// Every option of `generateToken`.
pub const NAMES: [&str; 9] =
    ["consumerKey", "consumerSecret", "environment", "baseUrl", "path", "fetch", "signal", "timeoutMs", "retries"];

/// Long enough for a slow day of Daraja's, short enough for a person who waits.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(10);
/// Timers in JavaScript count in 31 bits; a longer one would fire at once.
const MAX_TIMEOUT_MS: u32 = 2_147_483_647;
/// One more attempt heals a passing fault; each attempt may kill a token that is in use.
const DEFAULT_RETRIES: u32 = 1;
/// More than this only keeps a caller waiting.
const MAX_RETRIES: u32 = 10;
/// No header carries more; it keeps a runaway string from filling the module's memory.
pub const MAX_TEXT_LENGTH: u32 = 65_536;

/// What stands under an option's name.
#[derive(Debug)]
pub enum Found {
    /// Nothing, or `undefined`.
    Undefined,
    /// A string.
    Text(Zeroizing<String>),
    /// A string with half a surrogate pair, which has no UTF-8.
    BrokenText,
    /// A string of more than [`MAX_TEXT_LENGTH`] code units.
    LongText,
    /// A number.
    Number(f64),
    /// A function.
    Function,
    /// An object with what an `AbortSignal` has.
    Signal,
    /// Anything else, in words: `null`, `a boolean`, `an object`.
    Other(&'static str),
    /// A getter or a proxy that threw.
    Unreadable,
}

impl Found {
    const fn describe(&self) -> &'static str {
        match self {
            Self::Undefined => "undefined",
            Self::Text(_) => "a string",
            Self::BrokenText => "a string with half a surrogate pair",
            Self::LongText => "a string of over 65536 characters",
            Self::Number(_) => "a number",
            Self::Function => "a function",
            Self::Signal => "an AbortSignal",
            Self::Other(what) => what,
            Self::Unreadable => "a property that throws when it is read",
        }
    }
}

/// The options, all of them usable.
#[derive(Debug)]
pub struct Options {
    /// From `consumerKey` and `consumerSecret`.
    pub credentials: Credentials,
    /// From `environment`, `baseUrl` and `path`.
    pub endpoint: Endpoint,
    /// `timeoutMs`: how long one attempt may take.
    pub timeout: Duration,
    /// `retries`.
    pub retry: RetryPolicy,
}

impl Options {
    /// Judges what `find` finds under each name.
    ///
    /// # Errors
    ///
    /// [`Code::InvalidOption`] for the first option that cannot be used.
    pub fn read(find: &mut dyn FnMut(&'static str) -> Found) -> Result<Self, Error> {
        let consumer_key = required_text("consumerKey", find("consumerKey"))?;
        let consumer_secret = required_text("consumerSecret", find("consumerSecret"))?;
        let credentials = Credentials::new(consumer_key, consumer_secret)?;
        let environment = environment(find("environment"))?;
        let base_url = text("baseUrl", "an https URL", find("baseUrl"))?;
        let path = text("path", "a path such as /oauth/v1/generate", find("path"))?;
        let endpoint =
            Endpoint::new(environment, base_url.as_deref().map(String::as_str), path.as_deref().map(String::as_str))?;
        match find("fetch") {
            Found::Undefined | Found::Function => {}
            other => return Err(ill_typed("fetch", "a function with the signature of fetch", &other)),
        }
        match find("signal") {
            Found::Undefined | Found::Signal => {}
            other => return Err(ill_typed("signal", "an AbortSignal", &other)),
        }
        let timeout = match find("timeoutMs") {
            Found::Undefined => DEFAULT_TIMEOUT,
            found => Duration::from_millis(
                whole_number(&found, 1, MAX_TIMEOUT_MS)
                    .ok_or_else(|| {
                        ill_typed("timeoutMs", "a whole number of milliseconds from 1 to 2147483647", &found)
                    })?
                    .into(),
            ),
        };
        let retries = match find("retries") {
            Found::Undefined => DEFAULT_RETRIES,
            found => whole_number(&found, 0, MAX_RETRIES)
                .ok_or_else(|| ill_typed("retries", "a whole number from 0 to 10", &found))?,
        };
        Ok(Self { credentials, endpoint, timeout, retry: RetryPolicy { retries } })
    }
}

/// Refuses a name that is none of [`NAMES`], with the one that was probably meant.
///
/// # Errors
///
/// [`Code::InvalidOption`], naming the unknown option.
pub fn check_name(name: &str) -> Result<(), Error> {
    if NAMES.contains(&name) {
        return Ok(());
    }
    let meant = NAMES.into_iter().find(|known| folded(known) == folded(name));
    let hint = match meant {
        Some(known) => ["Did you mean ", known, "?"].concat(),
        None => ["The options are ", &NAMES.join(", "), "."].concat(),
    };
    // A secret may stand where a name should, in a spread string or a swapped entry.
    Err(invalid([&scrub(name, &[]), ": expected one of the documented options, found an unknown one"].concat(), hint))
}

/// An options argument that is no object; `found` says what it is.
#[must_use]
pub fn no_object(found: &str) -> Error {
    invalid(
        ["options: expected an object, found ", found].concat(),
        "Call generateToken({ consumerKey, consumerSecret }).".into(),
    )
}

/// A runtime without a global `fetch`.
#[must_use]
pub fn no_fetch() -> Error {
    invalid(
        "fetch: expected a function, found no global fetch in this runtime".into(),
        "Use a runtime that has fetch (Node 20 or later has), or pass one as the option fetch.".into(),
    )
}

/// A signal that throws when it is listened to.
#[must_use]
pub fn unusable_signal() -> Error {
    ill_typed("signal", "an AbortSignal", &Found::Other("one that throws when it is listened to"))
}

fn required_text(name: &'static str, found: Found) -> Result<String, Error> {
    match found {
        // Taken out without a copy: the one string is wiped by whoever holds it next.
        Found::Text(mut text) => Ok(std::mem::take(&mut *text)),
        Found::Undefined => Err(Error {
            hint:
                "Nothing was passed. If the value comes from process.env, that environment variable is not set where \
                   this process runs; print the names that are set, not the values."
                    .into(),
            ..ill_typed(name, "a string", &Found::Undefined)
        }),
        other => Err(ill_typed(name, "a string", &other)),
    }
}

fn text(name: &'static str, expected: &str, found: Found) -> Result<Option<Zeroizing<String>>, Error> {
    match found {
        Found::Undefined => Ok(None),
        Found::Text(text) => Ok(Some(text)),
        other => Err(ill_typed(name, expected, &other)),
    }
}

fn environment(found: Found) -> Result<Environment, Error> {
    const EXPECTED: &str = "\"sandbox\" or \"production\"";
    match found {
        Found::Undefined => Ok(Environment::default()),
        Found::Text(name) => Environment::named(&name).ok_or_else(|| {
            let quoted = ["environment: expected ", EXPECTED, ", found \"", &scrub(&name, &[]), "\""].concat();
            invalid(quoted, "Another host than these two is given as baseUrl.".into())
        }),
        other => Err(ill_typed("environment", EXPECTED, &other)),
    }
}

fn whole_number(found: &Found, least: u32, most: u32) -> Option<u32> {
    match found {
        Found::Number(number) if number.trunc() == *number && (least.into()..=most.into()).contains(number) => {
            Some(*number as u32)
        }
        _ => None,
    }
}

fn ill_typed(name: &str, expected: &str, found: &Found) -> Error {
    let found = match found {
        Found::Number(_) if expected.contains("number") => "another number",
        other => other.describe(),
    };
    let hint = ["Pass ", expected, if name.starts_with("consumer") { "." } else { ", or leave the option out." }];
    invalid([name, ": expected ", expected, ", found ", found].concat(), hint.concat())
}

fn invalid(message: String, hint: String) -> Error {
    Error::new(Code::InvalidOption, message, hint)
}

/// The name without what people write differently: case, underscores, hyphens.
fn folded(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '_' | '-')).collect::<String>().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn string(text: &str) -> Found {
        Found::Text(Zeroizing::new(text.into()))
    }

    fn read_with(name: &'static str, found: Found) -> Result<Options, String> {
        let mut found = Some(found);
        let find = &mut |asked: &'static str| match asked {
            _ if asked == name => found.take().unwrap(),
            "consumerKey" => string("key"),
            "consumerSecret" => string("secret"),
            _ => Found::Undefined,
        };
        Options::read(find).map_err(|error| {
            assert_eq!(error.code, Code::InvalidOption);
            assert!(!error.hint.is_empty());
            error.message
        })
    }

    #[test]
    fn the_two_strings_suffice_and_the_defaults_are_documented_ones() {
        let options = read_with("none", Found::Undefined).unwrap();
        assert_eq!(*options.credentials.authorization(), "Basic a2V5OnNlY3JldA==");
        let url = "https://sandbox.safaricom.co.ke/oauth/v1/generate?grant_type=client_credentials";
        assert_eq!(options.endpoint.url(), url);
        assert_eq!(options.timeout, Duration::from_millis(10_000));
        assert_eq!(options.retry, RetryPolicy { retries: 1 });
    }

    #[test]
    fn every_option_is_asked_for_by_its_documented_name() {
        let mut asked = Vec::new();
        let _ = Options::read(&mut |name| {
            asked.push(name);
            if name.starts_with("consumer") { string("x") } else { Found::Undefined }
        });
        asked.sort_unstable();
        let mut names = NAMES;
        names.sort_unstable();
        assert_eq!(asked, names);
    }

    #[test]
    fn given_options_replace_the_defaults() {
        let url = |name, text| read_with(name, string(text)).unwrap().endpoint.url().to_owned();
        assert!(url("environment", "production").starts_with("https://api.safaricom.co.ke/oauth/v1/"));
        assert!(url("environment", "sandbox").starts_with("https://sandbox.safaricom.co.ke/"));
        assert!(url("baseUrl", "http://localhost:1").starts_with("http://localhost:1/oauth/v1/"));
        assert!(url("path", "/p").starts_with("https://sandbox.safaricom.co.ke/p?"));
        let timeout = |number| read_with("timeoutMs", Found::Number(number)).unwrap().timeout.as_millis();
        assert_eq!((timeout(1.0), timeout(2_147_483_647.0)), (1, 2_147_483_647));
        let retries = |number| read_with("retries", Found::Number(number)).unwrap().retry.retries;
        assert_eq!((retries(0.0), retries(10.0)), (0, 10));
        assert!(read_with("fetch", Found::Function).is_ok());
        assert!(read_with("signal", Found::Signal).is_ok());
    }

    #[test]
    fn a_missing_value_points_at_the_environment_variable() {
        let mut find = |_: &'static str| Found::Undefined;
        let error = Options::read(&mut find).unwrap_err();
        assert_eq!(error.message, "consumerKey: expected a string, found undefined");
        assert!(error.hint.contains("process.env"), "{}", error.hint);
    }

    #[test]
    fn an_ill_typed_option_is_named_with_what_was_expected_and_found() {
        let cases = [
            ("consumerKey", Found::Undefined, "a string", "undefined"),
            ("consumerKey", Found::BrokenText, "a string", "a string with half a surrogate pair"),
            ("consumerSecret", Found::Number(7.0), "a string", "a number"),
            ("consumerSecret", Found::LongText, "a string", "a string of over 65536 characters"),
            ("environment", Found::Other("null"), "\"sandbox\" or \"production\"", "null"),
            ("baseUrl", Found::Other("an object"), "an https URL", "an object"),
            ("path", Found::Unreadable, "a path such as /oauth/v1/generate", "a property that throws when it is read"),
            ("fetch", string("x"), "a function with the signature of fetch", "a string"),
            ("signal", Found::Function, "an AbortSignal", "a function"),
            ("retries", Found::Signal, "a whole number from 0 to 10", "an AbortSignal"),
        ];
        for (name, found, expected, described) in cases {
            let message = read_with(name, found).unwrap_err();
            assert_eq!(message, format!("{name}: expected {expected}, found {described}"));
        }
    }

    #[test]
    fn a_number_out_of_range_is_refused() {
        for number in [0.0, -1.0, 0.5, 1.5, 2_147_483_648.0, f64::NAN, f64::INFINITY] {
            let expected =
                "timeoutMs: expected a whole number of milliseconds from 1 to 2147483647, found another number";
            assert_eq!(read_with("timeoutMs", Found::Number(number)).unwrap_err(), expected, "{number}");
        }
        for number in [-1.0, 0.5, 11.0, f64::NAN] {
            let expected = "retries: expected a whole number from 0 to 10, found another number";
            assert_eq!(read_with("retries", Found::Number(number)).unwrap_err(), expected, "{number}");
        }
    }

    #[test]
    fn an_unknown_environment_is_quoted_unless_it_could_be_a_secret() {
        let message = |text| read_with("environment", string(text)).unwrap_err();
        let expected = "environment: expected \"sandbox\" or \"production\", found ";
        assert_eq!(message("live"), format!("{expected}\"live\""));
        assert_eq!(message("n720GZimn720GZimn720GZim"), format!("{expected}\"[redacted]\""));
    }

    #[test]
    fn an_unknown_option_is_named_with_the_one_that_was_meant() {
        let error = |name| check_name(name).unwrap_err();
        assert!(NAMES.iter().all(|name| check_name(name).is_ok()));
        let found = ": expected one of the documented options, found an unknown one";
        assert_eq!(error("consumer_key").message, format!("consumer_key{found}"));
        assert_eq!(error("consumer_key").hint, "Did you mean consumerKey?");
        assert_eq!(error("BASE-URL").hint, "Did you mean baseUrl?");
        assert!(error("timeout").hint.starts_with("The options are consumerKey, consumerSecret, environment,"));
        assert_eq!(error("abcdefgh12345678").message, format!("[redacted]{found}"));
        assert_eq!(error("x").code, Code::InvalidOption);
    }

    #[test]
    fn what_is_no_object_and_a_missing_fetch_are_said() {
        let error = no_object("null");
        assert_eq!(
            (error.code, error.message.as_str()),
            (Code::InvalidOption, "options: expected an object, found null")
        );
        let error = no_fetch();
        let message = "fetch: expected a function, found no global fetch in this runtime";
        assert_eq!((error.code, error.message.as_str()), (Code::InvalidOption, message));
    }
}
