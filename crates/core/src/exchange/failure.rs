//! Classifies a response that is not a success: which failure it means, and what to do about it.

use alloc::boxed::Box;
use alloc::string::String;

use crate::error::{Code, Error};
use crate::text::decimal;

/// The failure that an error code means. Daraja sends the same code with several statuses and wordings.
pub(super) fn code_of(error_code: &str) -> Option<Code> {
    Some(match error_code {
        "400.008.01" | "invalid_client" => Code::InvalidCredentials,
        "400.008.02" | "unsupported_grant_type" => Code::InvalidGrantType,
        "500.003.02" | "500.003.03" => Code::RateLimited,
        _ if error_code.starts_with("policies.ratelimit.") => Code::RateLimited,
        _ => return None,
    })
}

/// The failure that a status means, if there is no known error code.
pub(super) const fn status_of(status: u16, body_is_empty: bool) -> Code {
    match status {
        400 if body_is_empty => Code::InvalidCredentials,
        401 => Code::InvalidCredentials,
        429 => Code::RateLimited,
        500..=599 => Code::Unavailable,
        0 | 300..=399 => Code::Redirect,
        _ => Code::Refused,
    }
}

/// The hint for a response that says success and has no usable token.
pub(super) const SOMETHING_ELSE: &str = "Perhaps the portal or a proxy answered. Check baseUrl and path.";

/// The error of a failure. `said` is the quoted part of the response, without secrets.
pub(super) fn describe(code: Code, status: u16, said: &str) -> Box<Error> {
    let (what, hint) = match code {
        Code::InvalidCredentials => (
            "Daraja did not accept the consumer key and secret",
            "Compare both with My Apps on the Daraja portal. They may be those of the other environment (sandbox or \
             production), swapped, of two apps, or copied with a space or without a character. Daraja's 400.008.01 names \
             the authorisation type Basic, which is always sent.",
        ),
        Code::InvalidGrantType => (
            "Daraja did not accept the grant type",
            "Daraja's 400.008.02 asks for grant_type=client_credentials. It is always sent, but a proxy may drop it. Check \
             baseUrl and path.",
        ),
        Code::Blocked => (
            "The firewall in front of Daraja blocked this machine",
            "It blocks networks, not credentials. Try another network, and give the incident id to \
             apisupport@safaricom.co.ke.",
        ),
        Code::RateLimited => (
            "Daraja is throttling the requests for tokens",
            "One token serves every call for an hour. Keep it, and share it between processes.",
        ),
        Code::Unavailable => ("Daraja is not available", "This usually passes. Try again in a while."),
        Code::Redirect => (
            "The token endpoint redirects elsewhere",
            "It is not followed, because it would take the secret along. Check baseUrl and path.",
        ),
        _ => ("Daraja refused the request", "Check baseUrl and path."),
    };
    let status = if status == 0 { String::new() } else { [" (HTTP ", &decimal(status.into()), ")"].concat() };
    let separator = if said.is_empty() { "" } else { ": " };
    Error::new(code, &[what, &status, separator, said], hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_code_decides() {
        assert_eq!(code_of("400.008.01"), Some(Code::InvalidCredentials));
        assert_eq!(code_of("400.008.02"), Some(Code::InvalidGrantType));
        assert_eq!(code_of("500.003.02"), Some(Code::RateLimited));
        assert_eq!(code_of("500.003.03"), Some(Code::RateLimited));
        assert_eq!(code_of("policies.ratelimit.QuotaViolation"), Some(Code::RateLimited));
        assert_eq!(code_of("invalid_client"), Some(Code::InvalidCredentials));
        assert_eq!(code_of("unsupported_grant_type"), Some(Code::InvalidGrantType));
        assert_eq!(code_of("500.001.1001"), None);
    }

    #[test]
    fn without_a_code_the_status_decides() {
        for (status, code) in [
            (0, Code::Redirect),
            (199, Code::Refused),
            (300, Code::Redirect),
            (399, Code::Redirect),
            (400, Code::Refused),
            (401, Code::InvalidCredentials),
            (404, Code::Refused),
            (429, Code::RateLimited),
            (499, Code::Refused),
            (500, Code::Unavailable),
            (599, Code::Unavailable),
            (600, Code::Refused),
        ] {
            assert_eq!(status_of(status, false), code, "{status}");
        }
        assert_eq!(status_of(400, true), Code::InvalidCredentials);
        assert_eq!(status_of(404, true), Code::Refused);
    }

    #[test]
    fn the_sentence_has_the_status_and_what_daraja_said() {
        let message = |status, said| describe(Code::Unavailable, status, said).message;
        assert_eq!(message(503, "no healthy upstream"), "Daraja is not available (HTTP 503): no healthy upstream");
        assert_eq!(message(503, ""), "Daraja is not available (HTTP 503)");
        assert_eq!(describe(Code::Redirect, 0, "").message, "The token endpoint redirects elsewhere");
    }
}
