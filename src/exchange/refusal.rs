//! The judgement of an answer that is no success: which of the many things that it can mean, and what to do.

use crate::error::{Code, Error};
use crate::json::Value;

/// What the body of an answer says of the failure, in any of the forms that Daraja, Apigee and RFC 6749 have.
#[derive(Default)]
pub(super) struct Said<'a> {
    pub error_code: Option<&'a str>,
    pub message: Option<&'a str>,
    pub request_id: Option<&'a str>,
}

impl<'a> Said<'a> {
    pub(super) fn read(json: &'a Value) -> Self {
        let text = |path: &[&str]| json.at(path).and_then(Value::text);
        Self {
            error_code: text(&["errorCode"])
                .or_else(|| text(&["fault", "detail", "errorcode"]))
                .or_else(|| text(&["error"])),
            message: text(&["errorMessage"])
                .or_else(|| text(&["fault", "faultstring"]))
                .or_else(|| text(&["error_description"])),
            request_id: text(&["requestId"]),
        }
    }
}

/// The kind of failure that an error code stands for, whatever the status and the wording beside it.
pub(super) fn code_of(error_code: &str) -> Option<Code> {
    Some(match error_code {
        "400.008.01" | "invalid_client" => Code::InvalidCredentials,
        "400.008.02" | "unsupported_grant_type" => Code::InvalidGrantType,
        "500.003.02" | "500.003.03" => Code::RateLimited,
        _ if error_code.starts_with("policies.ratelimit.") => Code::RateLimited,
        _ => return None,
    })
}

/// The kind of failure that a status stands for, where no code says more.
pub(super) const fn status_of(status: u16, body_is_empty: bool) -> Code {
    match status {
        400 if body_is_empty => Code::InvalidCredentials,
        401 => Code::InvalidCredentials,
        429 => Code::RateLimited,
        400..=499 => Code::Refused,
        500..=599 => Code::Unavailable,
        0 | 300..=399 => Code::Redirect,
        _ => Code::MalformedResponse,
    }
}

/// The sentence and the hint of a refusal; `said` is what the answer itself adds, already scrubbed.
pub(super) fn describe(code: Code, status: u16, said: &str) -> Error {
    let (what, hint) = match code {
        Code::InvalidCredentials => (
            "Daraja did not accept the consumer key and secret",
            "Usual causes: the pair belongs to the other environment (sandbox keys work on the sandbox only), key and \
             secret are swapped or of two apps, something was lost or added in copying, or the app was deleted. \
             Compare both with My Apps on the Daraja portal. By Daraja's table (400.008.01) the authorisation type \
             must be Basic, which this package always sends.",
        ),
        Code::InvalidGrantType => (
            "Daraja did not accept the grant type",
            "Daraja's table (400.008.02) asks for grant_type=client_credentials, which this package always sends. A \
             proxy that drops the query, or another path, loses it: check baseUrl and path.",
        ),
        Code::Blocked => (
            "The firewall in front of Daraja blocked this machine",
            "This is no credentials problem: the request never reached Daraja. It depends on the network that it came \
             from; try another one or another region, and give the incident id to apisupport@safaricom.co.ke.",
        ),
        Code::RateLimited => (
            "Daraja is throttling the requests for tokens",
            "Ask for tokens less often: one token serves every call for its whole hour, and each new one kills the \
             one before. Keep it, and share it between processes.",
        ),
        Code::Unavailable => {
            ("Daraja is not available", "The fault is Daraja's and usually passes. Try again in a while.")
        }
        Code::Redirect => (
            "The token endpoint redirects elsewhere",
            "Redirects are not followed, since they would carry the consumer key and secret along. Check baseUrl and \
             path; a captive network or a proxy may also be in between.",
        ),
        Code::MalformedResponse => (
            "Daraja gave an answer that HTTP does not have",
            "Something other than Daraja answered. Check baseUrl and what is between this machine and Daraja.",
        ),
        _ => (
            "Daraja refused the request",
            "Check baseUrl and path: this status is none that Daraja documents for its token endpoint. The status and \
             Daraja's own words say more.",
        ),
    };
    let status = if status == 0 { String::new() } else { [" (HTTP ", &status.to_string(), ")"].concat() };
    let said = if said.is_empty() { String::new() } else { [": ", said].concat() };
    Error::new(code, [what, &status, &said].concat(), hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_known_whatever_its_wording() {
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
            (199, Code::MalformedResponse),
            (300, Code::Redirect),
            (399, Code::Redirect),
            (400, Code::Refused),
            (401, Code::InvalidCredentials),
            (404, Code::Refused),
            (429, Code::RateLimited),
            (499, Code::Refused),
            (500, Code::Unavailable),
            (599, Code::Unavailable),
            (600, Code::MalformedResponse),
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

    #[test]
    fn every_form_of_an_error_body_is_read() {
        let read = |text: &str| {
            let json = Value::parse(text).unwrap();
            let said = Said::read(&json);
            [said.error_code, said.message, said.request_id].map(|text| text.unwrap_or("-").to_owned())
        };
        assert_eq!(read(r#"{"requestId":"r","errorCode":"c","errorMessage":"m"}"#), ["c", "m", "r"]);
        assert_eq!(read(r#"{"fault":{"faultstring":"m","detail":{"errorcode":"c"}}}"#), ["c", "m", "-"]);
        assert_eq!(read(r#"{"error":"c","error_description":"m"}"#), ["c", "m", "-"]);
        assert_eq!(read(r#"{"errorCode":7,"fault":"x"}"#), ["-", "-", "-"]);
    }
}
