//! Removes secrets from foreign texts before they become part of a message.
//!
//! Daraja echoes tokens (401.002.01), proxies echo headers, and people paste secrets into the wrong option.
//! Known secrets are removed, and so is any text that looks like a key or a token.

use alloc::borrow::ToOwned;
use alloc::string::String;

use crate::text::{contains, replace};

const REDACTED: &str = "[redacted]";
/// A run of key-like characters of this length or more counts as a secret. Today's tokens have 28.
const LONG_RUN: usize = 24;
/// A run with a digit in it counts at this length: the shortest consumer secrets that Daraja issued had 16 characters.
const LONG_RUN_WITH_DIGIT: usize = 16;
/// A foreign text is cut after the run that reaches this length. It is enough to know what the text is about.
const MAX_BYTES: usize = 160;
/// The longest identifier that an error shows.
const MAX_IDENTIFIER: usize = 64;

/// The text on one line, shortened, without any of `secrets` and without anything that looks like one.
///
/// ```
/// use daraja_auth_core::scrub::scrub;
///
/// let text = "Invalid Access Token - c9SQxWWhmdVRlyh0zh8gZDTkubVF";
/// assert_eq!(scrub(text, &[]), "Invalid Access Token - [redacted]");
/// ```
pub fn scrub(text: &str, secrets: &[&str]) -> String {
    // Control characters are replaced before the search. Otherwise a secret with a line break in place of its space
    // would not be found.
    let mut line = String::new();
    line.extend(text.chars().map(|c| if c.is_ascii_control() { ' ' } else { c }));
    let known = secrets.iter().fold(line, |text, secret| replace(&text, secret, REDACTED));
    let mut clean = String::new();
    let mut rest = known.trim_ascii();
    while clean.len() < MAX_BYTES && !rest.is_empty() {
        let length = rest.bytes().take_while(|&b| is_key_like(b)).count();
        let (run, after) = rest.split_at_checked(length).unwrap_or_default();
        clean.push_str(if looks_like_a_key(run.as_bytes()) { REDACTED } else { run });
        let mut after = after.chars();
        clean.extend(after.next());
        rest = after.as_str();
    }
    clean
}

const fn is_key_like(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=' | b'_' | b'-' | b'~')
}

/// A long number is not a key: the identifiers of the firewall are such numbers. A number that is longer than every
/// identifier counts as a key, because a run is never cut.
fn looks_like_a_key(run: &[u8]) -> bool {
    let digits = run.iter().filter(|b| b.is_ascii_digit()).count();
    run.len() > MAX_IDENTIFIER
        || digits < run.len() && (run.len() >= LONG_RUN || (run.len() >= LONG_RUN_WITH_DIGIT && digits > 0))
}

/// The text, if it has the form of Daraja's identifiers and is not a secret. It becomes a field of an error.
pub fn identifier(text: &str, secrets: &[&str]) -> Option<String> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b':');
    let is_secret = |secret: &&str| !secret.is_empty() && contains(text, secret);
    let is_identifier = !text.is_empty() && text.len() <= MAX_IDENTIFIER && text.bytes().all(plain);
    // Identifiers of requests have hyphens between short runs.
    let has_key = text.as_bytes().split(|b| !b.is_ascii_alphanumeric()).any(looks_like_a_key);
    (is_identifier && !has_key && !secrets.iter().any(is_secret)).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_secret_is_removed_even_if_it_is_short() {
        assert_eq!(scrub("key k1 and secret s2", &["k1", "s2"]), "key [redacted] and secret [redacted]");
    }

    #[test]
    fn a_secret_with_a_line_break_instead_of_its_space_is_removed() {
        assert_eq!(scrub("the pass\nphrase", &["pass phrase"]), "the [redacted]");
    }

    #[test]
    fn text_that_looks_like_a_token_is_not_an_identifier() {
        for text in ["c9SQxWWhmdVRlyh0zh8gZDTkubVF", "ws_CO-c9SQxWWhmdVRlyh0zh8gZDTkubVF", "id:abcdefgh12345678"] {
            assert_eq!(identifier(text, &[]), None, "{text}");
        }
        for text in ["11728-2929992-1", "4e3f2b1a-9c8d-4a6b-8e7f-1234567890ab", "173000240624511593-8199", "404.001.03"]
        {
            assert_eq!(identifier(text, &[]).as_deref(), Some(text));
        }
    }

    #[test]
    fn an_empty_secret_removes_nothing() {
        assert_eq!(scrub("as it was", &[""]), "as it was");
        assert_eq!(identifier("as-it-was", &[""]).as_deref(), Some("as-it-was"));
    }

    #[test]
    fn text_that_looks_like_a_key_is_removed() {
        assert_eq!(scrub("bad key abcdefgh12345678.", &[]), "bad key [redacted].");
        assert_eq!(scrub("bad key abcdefghabcdefghabcdefgh", &[]), "bad key [redacted]");
    }

    #[test]
    fn words_and_short_numbers_stay() {
        let text = "Spike arrest violation: SpikeArrestViolation, 15 chars1234567, abcdefghabcdefghabcdefg";
        assert_eq!(scrub(text, &[]), text);
    }

    #[test]
    fn control_characters_become_spaces_and_the_ends_are_trimmed() {
        assert_eq!(scrub("\n no\thealthy\r\nup\u{7}stream", &[]), "no healthy  up stream");
    }

    #[test]
    fn a_long_text_is_cut() {
        assert_eq!(scrub(&"ab ".repeat(100), &[]), "ab ".repeat(54));
        assert_eq!(scrub(&"é".repeat(100), &[]), "é".repeat(80));
        assert_eq!(scrub(&"1".repeat(65_000), &[]), REDACTED);
        assert_eq!(scrub(&format!("{}!", "1".repeat(64)), &[]), format!("{}!", "1".repeat(64)));
    }

    #[test]
    fn an_identifier_is_plain_and_short_and_not_a_secret() {
        assert_eq!(identifier("400.008.01", &["x1"]).as_deref(), Some("400.008.01"));
        assert_eq!(identifier("a_b-c:d", &[]).as_deref(), Some("a_b-c:d"));
        assert_eq!(identifier("", &[]), None);
        assert_eq!(identifier("<b>", &[]), None);
        assert_eq!(identifier(&"1".repeat(64), &[]), Some("1".repeat(64)));
        assert_eq!(identifier(&"1".repeat(65), &[]), None);
        assert_eq!(identifier("id-s3cret-9", &["s3cret"]), None);
    }
}
