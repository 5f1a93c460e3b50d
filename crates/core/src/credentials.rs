//! The consumer key and consumer secret of a Daraja app.

use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::error::{Code, Error, Result};
use crate::options::{ReadOption, Reader};
use crate::scrub;

/// The scheme of RFC 7617, and the space after it.
const SCHEME: &str = "Basic ";

/// A consumer key and secret that can be sent: checked, never shown, and wiped from memory when dropped.
///
/// ```
/// use daraja_auth_core::credentials::Credentials;
///
/// let credentials = Credentials::new(String::from("key").into(), String::from("secret").into())?;
/// assert_eq!(*credentials.authorization(), "Basic a2V5OnNlY3JldA==");
/// assert_eq!(format!("{credentials:?}"), "Credentials([redacted])");
/// # Ok::<(), Box<daraja_auth_core::error::Error>>(())
/// ```
pub struct Credentials {
    consumer_key: Zeroizing<String>,
    consumer_secret: Zeroizing<String>,
}

impl Credentials {
    /// Checks the two strings.
    ///
    /// It accepts any length, because Daraja has changed it before.
    ///
    /// # Errors
    ///
    /// [`Code::InvalidOption`] for values that Daraja would answer with an empty 400: an empty value, the text
    /// "undefined" or "null", whitespace or quotes around a value, control characters, a colon in the key.
    pub fn new(consumer_key: Zeroizing<String>, consumer_secret: Zeroizing<String>) -> Result<Self> {
        let (credentials, fault) = Self::checked(consumer_key, consumer_secret);
        fault.map_or(Ok(credentials), Err)
    }

    /// The two strings, and the error if one of them is invalid.
    pub(crate) fn checked(
        consumer_key: Zeroizing<String>,
        consumer_secret: Zeroizing<String>,
    ) -> (Self, Option<Box<Error>>) {
        let fault = fault_of("consumerKey", &consumer_key, true)
            .or_else(|| fault_of("consumerSecret", &consumer_secret, false));
        (Self { consumer_key, consumer_secret }, fault)
    }

    /// The value of the Authorization header: `Basic` and the pair in base64 of its UTF-8 bytes ([RFC 7617]).
    ///
    /// [RFC 7617]: https://www.rfc-editor.org/rfc/rfc7617#section-2
    pub fn authorization(&self) -> Zeroizing<String> {
        let pair = Zeroizing::new([self.consumer_key(), ":", self.consumer_secret()].concat());
        // The whole text fits from the start: a string that grows leaves copies in memory, and these are not wiped.
        let mut value = Zeroizing::new(String::with_capacity(SCHEME.len() + pair.len().div_ceil(3) * 4));
        value.push_str(SCHEME);
        // Three bytes at a time: `encode_string` of the whole pair costs 1,024 bytes of the module after gzip, for the
        // loop that encodes long inputs fast.
        for some in pair.as_bytes().chunks(3) {
            let mut bytes = [0; 3];
            let mut digits = [0; 4];
            bytes.iter_mut().zip(some).for_each(|(to, from)| *to = *from);
            // Three bytes always give four digits.
            let _ = STANDARD.encode_slice(bytes, &mut digits);
            value.extend(digits.iter().enumerate().map(|(i, &b)| if i > some.len() { '=' } else { char::from(b) }));
        }
        value
    }

    /// The consumer key, unchanged.
    pub fn consumer_key(&self) -> &str {
        &self.consumer_key
    }

    /// The consumer secret, unchanged.
    pub fn consumer_secret(&self) -> &str {
        &self.consumer_secret
    }

    /// The secrets, which must not appear anywhere.
    pub fn secrets(&self) -> Secrets {
        Secrets { authorization: self.authorization(), consumer_secret: self.consumer_secret.clone() }
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

/// The texts that must not appear in any other text: the secret, and the Authorization value.
#[derive(Default)]
pub struct Secrets {
    /// The value of the Authorization header.
    pub authorization: Zeroizing<String>,
    /// The consumer secret.
    pub consumer_secret: Zeroizing<String>,
}

impl Secrets {
    /// The text, shortened, without these secrets, without `token`, and without anything that looks like a key or a
    /// token.
    pub fn scrub(&self, text: &str, token: Option<&str>) -> String {
        scrub::scrub(text, &[self.encoded(), &self.consumer_secret, token.unwrap_or_default()])
    }

    /// The text, if it is a plain identifier and holds neither these secrets nor `token`.
    pub fn identifier(&self, text: &str, token: Option<&str>) -> Option<String> {
        scrub::identifier(text, &[self.encoded(), &self.consumer_secret, token.unwrap_or_default()])
    }

    fn encoded(&self) -> &str {
        self.authorization.strip_prefix(SCHEME).unwrap_or_default()
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets([redacted])")
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials([redacted])")
    }
}

fn fault_of(option: &str, value: &str, is_key: bool) -> Option<Box<Error>> {
    let (found, hint) = if value.is_empty() {
        ("is an empty string", "If it comes from an environment variable, that variable is set to nothing.")
    } else if matches!(value, "undefined" | "null") {
        ("is the text \"undefined\" or \"null\"", "A missing value became a text. Set the environment variable.")
    } else if begins_or_ends_with(value, is_blank) {
        ("has whitespace around it", "Trim it (spaces often come from copy and paste or an .env file).")
    } else if begins_or_ends_with(value, is_quote) {
        ("has quotation marks around it", "Remove them (they often come from an .env file or a shell).")
    } else if value.bytes().any(|b| b.is_ascii_control()) {
        ("has a control character in it", "Copy the value again. It may hold a line break.")
    } else if is_key && value.bytes().any(|b| b == b':') {
        ("has a colon in it", "A key has none. Key and secret are two options.")
    } else {
        return None;
    };
    Some(Error::new(Code::InvalidOption, &[option, " ", found], hint))
}

fn begins_or_ends_with(value: &str, is_one: fn(char) -> bool) -> bool {
    let mut chars = value.chars();
    chars.next().is_some_and(is_one) || chars.next_back().is_some_and(is_one)
}

fn is_blank(c: char) -> bool {
    // Zero-width characters and the byte order mark are as invisible as spaces, but are not whitespace in
    // Unicode.
    c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | '\u{2018}'..='\u{201f}')
}

/// Credentials from two plain strings, for the tests.
#[cfg(test)]
pub(crate) fn credentials(key: &str, secret: &str) -> Result<Credentials> {
    Credentials::new(String::from(key).into(), String::from(secret).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(key: &str, secret: &str) -> String {
        let error = credentials(key, secret).unwrap_err();
        assert_eq!(error.code, Code::InvalidOption);
        assert!(!error.hint.is_empty());
        error.message
    }

    fn found(what: &str) -> (String, String) {
        (format!("consumerKey {what}"), format!("consumerSecret {what}"))
    }

    #[test]
    fn a_value_that_daraja_would_refuse_is_an_error_with_its_reason() {
        let cases: [(&str, &[&str]); 5] = [
            ("is an empty string", &[""]),
            ("is the text \"undefined\" or \"null\"", &["undefined", "null"]),
            ("has whitespace around it", &[" k", "k\n", "\tk", "k\r\n", "\u{feff}k", "k\u{200b}", "k\u{a0}", " "]),
            ("has quotation marks around it", &["\"k\"", "'k'", "`k", "k\u{201d}", "\u{2018}k", "\""]),
            ("has a control character in it", &["a\nb", "a\0b", "a\u{7f}b"]),
        ];
        for (what, values) in cases {
            for value in values {
                assert_eq!(message(value, "s"), found(what).0, "{value:?}");
                assert_eq!(message("k", value), found(what).1, "{value:?}");
            }
        }
    }

    #[test]
    fn a_colon_is_invalid_in_the_key_and_valid_in_the_secret() {
        assert_eq!(message("a:b", "s"), found("has a colon in it").0);
        let credentials = credentials("k", "a:b").unwrap();
        assert_eq!(*credentials.authorization(), "Basic azphOmI=");
    }

    #[test]
    fn the_pair_in_base64_is_a_secret_also_without_its_scheme() {
        let secrets = credentials("k", "zzzz").unwrap().secrets();
        assert_eq!(secrets.scrub("sent azp6enp6 today", None), "sent [redacted] today");
        assert_eq!(secrets.identifier("azp6enp6", None), None);
    }

    #[test]
    fn the_sample_on_darajas_page_is_encoded_in_the_same_way() {
        let encoded = "Q2RtTmJkdDBpQk4xb3FEZkthc200ZGFiZHBLbXRhTm46RExLRzdQQnVuNzIwR1ppbQ==";
        let pair = String::from_utf8(STANDARD.decode(encoded).unwrap()).unwrap();
        let (key, secret) = pair.split_once(':').unwrap();
        let credentials = credentials(key, secret).unwrap();
        assert_eq!(*credentials.authorization(), format!("Basic {encoded}"));
    }

    #[test]
    fn the_pair_is_encoded_as_utf_8_like_the_example_of_rfc_7617() {
        let credentials = credentials("test", "123\u{a3}").unwrap();
        assert_eq!(*credentials.authorization(), "Basic dGVzdDoxMjPCow==");
    }

    #[test]
    fn inner_spaces_and_quotes_and_any_length_are_valid() {
        assert!(credentials("a \"b\" c", &"s".repeat(500)).is_ok());
    }

    #[test]
    fn the_secret_and_the_encoded_pair_are_scrubbed() {
        let secrets = credentials("key", "s3cret").unwrap().secrets();
        assert_eq!(credentials("key", "s3cret").unwrap().consumer_secret(), "s3cret");
        assert_eq!(secrets.scrub("x s3cret y", None), "x [redacted] y");
        assert_eq!(secrets.scrub("Basic a2V5OnMzY3JldA==", None), "Basic [redacted]");
        assert_eq!(secrets.scrub("a2V5OnMzY3JldA", None), "a2V5OnMzY3JldA");
        assert_eq!(secrets.scrub("key and tok", Some("tok")), "key and [redacted]");
        assert_eq!(secrets.identifier("id-1", None), Some("id-1".into()));
        assert_eq!(secrets.identifier("id-s3cret", None), None);
        assert_eq!(secrets.identifier("id-tok", Some("tok")), None);
    }

    #[test]
    fn debug_output_shows_no_credential() {
        let credentials = credentials("canary-key", "canary-secret").unwrap();
        assert_eq!(format!("{credentials:?} {credentials:#?}"), "Credentials([redacted]) Credentials([redacted])");
        assert_eq!(format!("{:?}", credentials.secrets()), "Secrets([redacted])");
    }
}
