//! The consumer key and consumer secret of a Daraja app.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::error::{Code, Error};
use crate::scrub;

const CONSUMER_KEY: &str = "consumerKey";
const CONSUMER_SECRET: &str = "consumerSecret";

/// A consumer key and secret that can be sent: checked, never shown, and wiped from memory when dropped.
///
/// ```
/// use daraja_auth::credentials::Credentials;
///
/// let credentials = Credentials::new("key".into(), "secret".into())?;
/// assert_eq!(*credentials.authorization(), "Basic a2V5OnNlY3JldA==");
/// assert_eq!(format!("{credentials:?}"), "Credentials([redacted])");
/// # Ok::<(), daraja_auth::error::Error>(())
/// ```
pub struct Credentials {
    consumer_key: Zeroizing<String>,
    consumer_secret: Zeroizing<String>,
}

impl Credentials {
    /// Checks the two strings.
    ///
    /// Their length is never judged, since Daraja has changed it before.
    ///
    /// # Errors
    ///
    /// [`Code::InvalidOption`] for what Daraja could only answer with an empty 400: an empty value, whitespace or
    /// quotes around it, control characters, a colon in the key.
    pub fn new(consumer_key: String, consumer_secret: String) -> Result<Self, Error> {
        let credentials =
            Self { consumer_key: Zeroizing::new(consumer_key), consumer_secret: Zeroizing::new(consumer_secret) };
        check(CONSUMER_KEY, &credentials.consumer_key)?;
        check(CONSUMER_SECRET, &credentials.consumer_secret)?;
        if credentials.consumer_key.contains(':') {
            return Err(invalid(
                CONSUMER_KEY,
                "a colon in it",
                "HTTP Basic ends the key at its first colon (RFC 7617). Pass the key alone; the secret, which may \
                 hold colons, is the option consumerSecret.",
            ));
        }
        Ok(credentials)
    }

    /// The value of the Authorization header: `Basic` and the pair in base64 of its UTF-8 bytes ([RFC 7617]).
    ///
    /// [RFC 7617]: https://www.rfc-editor.org/rfc/rfc7617#section-2
    #[must_use]
    pub fn authorization(&self) -> Zeroizing<String> {
        let pair = Zeroizing::new([&**self.consumer_key, ":", &**self.consumer_secret].concat());
        // Room for all of it at once: a string that grows would leave copies behind that nobody wipes.
        let mut value = Zeroizing::new(String::with_capacity("Basic ".len() + pair.len().div_ceil(3) * 4));
        value.push_str("Basic ");
        STANDARD.encode_string(pair.as_bytes(), &mut value);
        value
    }

    /// Whether the text holds the secret, or the Authorization value.
    #[must_use]
    pub fn are_in(&self, text: &str) -> bool {
        let authorization = self.authorization();
        self.secrets(&authorization).iter().any(|secret| text.contains(secret))
    }

    /// The text without the secret, the Authorization value, `also`, and what looks like a key or token.
    #[must_use]
    pub fn scrub(&self, text: &str, also: &str) -> String {
        let authorization = self.authorization();
        let [secret, encoded] = self.secrets(&authorization);
        scrub::scrub(text, &[encoded, secret, also])
    }

    /// The text, where it is a plain identifier that holds none of these secrets.
    #[must_use]
    pub fn identifier(&self, text: &str, also: &str) -> Option<String> {
        let authorization = self.authorization();
        let [secret, encoded] = self.secrets(&authorization);
        scrub::identifier(text, &[encoded, secret, also])
    }

    fn secrets<'a>(&'a self, authorization: &'a str) -> [&'a str; 2] {
        [&self.consumer_secret, authorization.trim_start_matches("Basic ")]
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials([redacted])")
    }
}

fn check(option: &'static str, value: &str) -> Result<(), Error> {
    if value.is_empty() {
        return Err(invalid(
            option,
            "an empty string",
            "If it comes from an environment variable, that variable is set to nothing.",
        ));
    }
    if matches!(value, "undefined" | "null") {
        return Err(invalid(
            option,
            "the text \"undefined\" or \"null\"",
            "A missing value was turned into text, as `${process.env.NAME}` does when NAME is not set. Set the \
             variable.",
        ));
    }
    if value.starts_with(is_blank) || value.ends_with(is_blank) {
        return Err(invalid(
            option,
            "whitespace around it",
            "Spaces and line ends come along when a value is pasted, or read from a file. Trim it.",
        ));
    }
    if value.starts_with(is_quote) || value.ends_with(is_quote) {
        return Err(invalid(
            option,
            "quotation marks around it",
            "They were kept from an .env file or a shell, as `docker --env-file` does. Remove them.",
        ));
    }
    if value.contains(char::is_control) {
        return Err(invalid(
            option,
            "a control character in it",
            "HTTP Basic forbids them (RFC 7617); a line break in the middle is the usual one. Copy the value again.",
        ));
    }
    Ok(())
}

fn invalid(option: &str, found: &str, hint: &'static str) -> Error {
    let message = [option, ": expected the value from the Daraja portal and nothing else, found ", found].concat();
    Error::new(Code::InvalidOption, message, hint)
}

fn is_blank(c: char) -> bool {
    // Zero-width characters and the byte order mark are as invisible as spaces, but Unicode does not count them.
    c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | '\u{2018}'..='\u{201f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(key: &str, secret: &str) -> String {
        let error = Credentials::new(key.into(), secret.into()).unwrap_err();
        assert_eq!(error.code, Code::InvalidOption);
        assert!(!error.hint.is_empty());
        error.message
    }

    fn found(what: &str) -> (String, String) {
        let text = ": expected the value from the Daraja portal and nothing else, found ";
        (format!("consumerKey{text}{what}"), format!("consumerSecret{text}{what}"))
    }

    #[test]
    fn what_daraja_could_only_refuse_is_refused_with_its_reason() {
        let cases: [(&str, &[&str]); 5] = [
            ("an empty string", &[""]),
            ("the text \"undefined\" or \"null\"", &["undefined", "null"]),
            ("whitespace around it", &[" k", "k\n", "\tk", "k\r\n", "\u{feff}k", "k\u{200b}", "k\u{a0}", " "]),
            ("quotation marks around it", &["\"k\"", "'k'", "`k", "k\u{201d}", "\u{2018}k", "\""]),
            ("a control character in it", &["a\nb", "a\0b", "a\u{7f}b", "a\u{85}b"]),
        ];
        for (what, values) in cases {
            for value in values {
                assert_eq!(message(value, "s"), found(what).0, "{value:?}");
                assert_eq!(message("k", value), found(what).1, "{value:?}");
            }
        }
    }

    #[test]
    fn a_colon_is_refused_in_the_key_and_taken_in_the_secret() {
        assert_eq!(message("a:b", "s"), found("a colon in it").0);
        let credentials = Credentials::new("k".into(), "a:b".into()).unwrap();
        assert_eq!(*credentials.authorization(), "Basic azphOmI=");
    }

    #[test]
    fn the_sample_of_darajas_page_is_encoded_as_there() {
        let encoded = "Q2RtTmJkdDBpQk4xb3FEZkthc200ZGFiZHBLbXRhTm46RExLRzdQQnVuNzIwR1ppbQ==";
        let pair = String::from_utf8(STANDARD.decode(encoded).unwrap()).unwrap();
        let (key, secret) = pair.split_once(':').unwrap();
        let credentials = Credentials::new(key.into(), secret.into()).unwrap();
        assert_eq!(*credentials.authorization(), format!("Basic {encoded}"));
    }

    #[test]
    fn the_pair_is_encoded_as_utf_8_like_the_example_of_rfc_7617() {
        let credentials = Credentials::new("test".into(), "123\u{a3}".into()).unwrap();
        assert_eq!(*credentials.authorization(), "Basic dGVzdDoxMjPCow==");
    }

    #[test]
    fn inner_spaces_and_quotes_and_any_length_are_taken() {
        assert!(Credentials::new("a \"b\" c".into(), "s".repeat(500)).is_ok());
    }

    #[test]
    fn the_secret_and_the_encoded_pair_are_found_and_scrubbed() {
        let credentials = Credentials::new("key".into(), "s3cret".into()).unwrap();
        for text in ["x s3cret y", "Basic a2V5OnMzY3JldA==", "s3crets3cret"] {
            assert!(credentials.are_in(text), "{text}");
            let scrubbed = credentials.scrub(text, "");
            assert!(!scrubbed.contains("s3cret") && !scrubbed.contains("a2V5OnMzY3JldA=="), "{scrubbed}");
        }
        assert!(!credentials.are_in("nothing of the kind, key"));
        assert_eq!(credentials.scrub("tok", "tok"), "[redacted]");
        assert_eq!(credentials.identifier("id-1", ""), Some("id-1".into()));
        assert_eq!(credentials.identifier("id-s3cret", ""), None);
        assert_eq!(credentials.identifier("id-tok", "tok"), None);
    }

    #[test]
    fn formatting_shows_nothing() {
        let credentials = Credentials::new("canary-key".into(), "canary-secret".into()).unwrap();
        assert_eq!(format!("{credentials:?} {credentials:#?}"), "Credentials([redacted]) Credentials([redacted])");
    }
}
