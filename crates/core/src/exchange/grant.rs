//! Reads the grant of a response that says success.

use alloc::boxed::Box;

use crate::error::{Code, Error, Result};
use crate::exchange::failure::SOMETHING_ELSE;
use crate::exchange::response::{Field, Json};
use crate::text::split;
use crate::token::{AccessToken, Grant};

/// The lifetime of a token if the response states none: Daraja's hour minus one second, as in its responses.
const DEFAULT_LIFETIME_SECONDS: u32 = 3599;
/// One day. Daraja's tokens are valid for an hour. A number over a day must be in another unit.
const MAX_LIFETIME_SECONDS: u32 = 86_400;

/// The grant in a response's JSON, or the reason why there is none.
pub(super) fn grant(json: &Json<'_>) -> Result<Grant> {
    let access_token = match json("access_token") {
        Field::Text(text) if text.is_empty() => return Err(malformed("an empty access_token")),
        Field::Text(text) => AccessToken::from(text),
        Field::Absent => return Err(malformed("JSON without an access_token")),
        _ => return Err(malformed("an access_token that is no string")),
    };
    if !access_token.is_valid() {
        return Err(malformed("an access_token that no Authorization header could carry"));
    }
    let seconds = match json("expires_in") {
        Field::Absent => Some(DEFAULT_LIFETIME_SECONDS),
        Field::Number(number) => Some(number as u32),
        Field::Text(text) => {
            let (whole, fraction) = split(text.trim_ascii(), ".").unwrap_or((text.trim_ascii(), "0"));
            if is_digits(whole) && is_digits(fraction) { whole.parse().ok() } else { None }
        }
        Field::Other => None,
    };
    let expires_in = seconds
        .filter(|seconds| (1..=MAX_LIFETIME_SECONDS).contains(seconds))
        .ok_or_else(|| malformed("an expires_in that is no number from 1 to 86400"))?;
    Ok(Grant { access_token, expires_in })
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// The error of a success without a usable token. `found` completes the sentence.
pub(super) fn malformed(found: &str) -> Box<Error> {
    Error::new(Code::MalformedResponse, &["Expected a token from Daraja, found ", found], SOMETHING_ELSE)
}

#[cfg(test)]
mod tests {
    use std::prelude::rust_2024::String;

    use super::*;
    use crate::exchange::response::field;

    fn classified(json: &str) -> core::result::Result<(String, u32), String> {
        let json = serde_json::from_str(json).unwrap();
        match grant(&|path| field(&json, path)) {
            Ok(grant) => Ok((grant.access_token.as_str().into(), grant.expires_in)),
            Err(error) => {
                assert_eq!(error.code, Code::MalformedResponse);
                Err(error.message)
            }
        }
    }

    fn seconds(expires_in: &str) -> core::result::Result<u32, String> {
        classified(&format!(r#"{{"access_token":"t","expires_in":{expires_in}}}"#)).map(|(_, seconds)| seconds)
    }

    fn found(what: &str) -> String {
        format!("Expected a token from Daraja, found {what}")
    }

    #[test]
    fn a_lifetime_is_a_number_or_a_decimal_string() {
        for (expires_in, expected) in [
            ("3599", 3599),
            ("\"3599\"", 3599),
            ("\" 3599 \"", 3599),
            ("3599.0", 3599),
            ("\"3599.9\"", 3599),
            ("1", 1),
            ("\"86400\"", 86_400),
            ("3.599e3", 3599),
            ("\"3599.99999999999\"", 3599),
        ] {
            assert_eq!(seconds(expires_in), Ok(expected), "{expires_in}");
        }
        assert_eq!(classified(r#"{"access_token":"t"}"#), Ok(("t".into(), 3599)));
    }

    #[test]
    fn an_invalid_lifetime_is_an_error() {
        let nonsense =
            ["0", "\"0\"", "-1", "\"-3599\"", "0.9", "86401", "\"\"", "\"3599s\"", "\"1.\"", "\".5\"", "99999999999"];
        for expires_in in nonsense {
            assert_eq!(
                seconds(expires_in),
                Err(found("an expires_in that is no number from 1 to 86400")),
                "{expires_in}"
            );
        }
    }

    #[test]
    fn a_token_is_in_the_alphabet_of_rfc_6750() {
        for token in ["c9SQxWWhmdVRlyh0zh8gZDTkubVF", "a-._~+/b", "QQ==", "a="] {
            assert_eq!(classified(&format!(r#"{{"access_token":"{token}"}}"#)), Ok((token.into(), 3599)));
        }
        for token in ["=", "a b", "a\\nb", "\u{e9}", "a=b", "a,b"] {
            let expected = found("an access_token that no Authorization header could carry");
            assert_eq!(classified(&format!(r#"{{"access_token":"{token}"}}"#)), Err(expected), "{token}");
        }
    }

    #[test]
    fn a_token_that_is_missing_or_no_string_is_an_error() {
        assert_eq!(classified("{}"), Err(found("JSON without an access_token")));
        assert_eq!(classified(r#"{"access_token":""}"#), Err(found("an empty access_token")));
        for token in ["null", "7", "{}"] {
            let expected = found("an access_token that is no string");
            assert_eq!(classified(&format!(r#"{{"access_token":{token}}}"#)), Err(expected));
        }
    }
}
