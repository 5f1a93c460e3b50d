//! The judgement of an answer that says success.

use std::time::Duration;

use crate::error::{Code, Error};
use crate::json::Value;
use crate::token::Grant;

/// Daraja's documented lifetime, less the second that its answers take off; assumed where an answer states none.
const DEFAULT_LIFETIME_SECONDS: u32 = 3599;
/// A day. Daraja's tokens live an hour; a greater number is in some other unit, and trusting it would keep a dead token.
const MAX_LIFETIME_SECONDS: u32 = 86_400;

/// The grant in the answer's JSON, or why there is none.
pub(super) fn grant(json: &Value) -> Result<Grant, Error> {
    let access_token = match json.at(&["access_token"]) {
        Some(Value::Text(text)) if is_token(text) => text.clone(),
        Some(Value::Text(_)) => return Err(malformed("an access_token that no Authorization header could carry")),
        Some(_) => return Err(malformed("an access_token that is no string")),
        None => return Err(malformed("JSON without an access_token")),
    };
    let expires_in = match json.at(&["expires_in"]) {
        None | Some(Value::Null) => DEFAULT_LIFETIME_SECONDS,
        Some(Value::Number(text) | Value::Text(text)) => lifetime(text)?,
        Some(_) => return Err(malformed("an expires_in that is no number")),
    };
    Ok(Grant { access_token, expires_in: Duration::from_secs(expires_in.into()) })
}

/// Whether the text is a b64token of [RFC 6750], the only ones that may follow `Bearer`.
///
/// [RFC 6750]: https://www.rfc-editor.org/rfc/rfc6750#section-2.1
fn is_token(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~' | b'+' | b'/');
    !body.is_empty() && body.bytes().all(allowed)
}

/// The seconds in `3599` or `3599.0`, whether it was a number or, as on Daraja's wire, a string.
fn lifetime(text: &str) -> Result<u32, Error> {
    let text = text.trim();
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let seconds = if digits(whole) && digits(fraction) { whole.parse().ok() } else { None };
    seconds
        .filter(|seconds| (1..=MAX_LIFETIME_SECONDS).contains(seconds))
        .ok_or_else(|| malformed("an expires_in outside 1 to 86400 seconds"))
}

/// A success that holds no usable token; `found` completes the sentence.
pub(super) fn malformed(found: &str) -> Error {
    Error::new(
        Code::MalformedResponse,
        ["Expected a token from Daraja, found ", found].concat(),
        "Something other than Daraja's token endpoint answered: the portal's host, a proxy, a captive network, or \
         another path. Check baseUrl and path, and what is between this machine and Daraja.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(json: &str) -> Result<(String, u64), String> {
        grant(&Value::parse(json).unwrap()).map(|grant| (grant.access_token, grant.expires_in.as_secs())).map_err(
            |error| {
                assert_eq!(error.code, Code::MalformedResponse);
                error.message
            },
        )
    }

    fn seconds(expires_in: &str) -> Result<u64, String> {
        judged(&format!(r#"{{"access_token":"t","expires_in":{expires_in}}}"#)).map(|(_, seconds)| seconds)
    }

    fn found(what: &str) -> String {
        format!("Expected a token from Daraja, found {what}")
    }

    #[test]
    fn a_lifetime_is_a_number_or_a_string_of_digits() {
        for (expires_in, expected) in [
            ("3599", 3599),
            ("\"3599\"", 3599),
            ("\" 3599 \"", 3599),
            ("3599.0", 3599),
            ("\"3599.9\"", 3599),
            ("1", 1),
            ("\"86400\"", 86_400),
            ("null", 3599),
        ] {
            assert_eq!(seconds(expires_in), Ok(expected), "{expires_in}");
        }
        assert_eq!(judged(r#"{"access_token":"t"}"#), Ok(("t".into(), 3599)));
    }

    #[test]
    fn a_lifetime_that_is_none_is_an_error() {
        let nonsense = [
            "0",
            "\"0\"",
            "-1",
            "\"-3599\"",
            "0.9",
            "86401",
            "1e3",
            "\"\"",
            "\"3599s\"",
            "\"1.\"",
            "\".5\"",
            "99999999999",
        ];
        for expires_in in nonsense {
            assert_eq!(seconds(expires_in), Err(found("an expires_in outside 1 to 86400 seconds")), "{expires_in}");
        }
        for expires_in in ["true", "[]", "{}"] {
            assert_eq!(seconds(expires_in), Err(found("an expires_in that is no number")), "{expires_in}");
        }
    }

    #[test]
    fn a_token_is_in_the_alphabet_of_rfc_6750() {
        for token in ["c9SQxWWhmdVRlyh0zh8gZDTkubVF", "a-._~+/b", "QQ==", "a="] {
            assert_eq!(judged(&format!(r#"{{"access_token":"{token}"}}"#)), Ok((token.into(), 3599)));
        }
        for token in ["", "=", "a b", "a\\nb", "\u{e9}", "a=b", "a,b"] {
            let expected = found("an access_token that no Authorization header could carry");
            assert_eq!(judged(&format!(r#"{{"access_token":"{token}"}}"#)), Err(expected), "{token}");
        }
    }

    #[test]
    fn a_token_that_is_missing_or_no_string_is_an_error() {
        assert_eq!(judged("{}"), Err(found("JSON without an access_token")));
        assert_eq!(judged("[]"), Err(found("JSON without an access_token")));
        for token in ["null", "7", "{}"] {
            let expected = found("an access_token that is no string");
            assert_eq!(judged(&format!(r#"{{"access_token":{token}}}"#)), Err(expected));
        }
    }
}
