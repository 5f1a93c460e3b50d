//! The judgement of an answer: a grant, or an error that says what it was.

use std::time::{Duration, UNIX_EPOCH};

use crate::credentials::Credentials;
use crate::error::{Code, Error};
use crate::exchange::MAX_BODY_BYTES;
use crate::exchange::grant::{grant, malformed};
use crate::exchange::refusal::{Said, code_of, describe, status_of};
use crate::json::Value;
use crate::time::EpochMillis;
use crate::token::Grant;

/// An answer as it came in.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// The HTTP status; 0 for a redirect that the runtime hides (`opaqueredirect`).
    pub status: u16,
    /// Whether the runtime followed a redirect all the same.
    pub redirected: bool,
    /// The header Content-Type.
    pub content_type: Option<&'a str>,
    /// The header Retry-After.
    pub retry_after: Option<&'a str>,
    /// The header Date, by which a Retry-After that is a date is measured: the clock here may be wrong.
    pub date: Option<&'a str>,
    /// The body, up to [`MAX_BODY_BYTES`] of it; what is longer was cut off there by one byte more.
    pub body: &'a [u8],
    /// When the answer came.
    pub now: EpochMillis,
}

impl Default for Answer<'_> {
    fn default() -> Self {
        Self {
            status: 200,
            redirected: false,
            content_type: None,
            retry_after: None,
            date: None,
            body: &[],
            now: EpochMillis(0),
        }
    }
}

/// Judges an answer of the token endpoint.
///
/// `credentials` are those it was asked with, so that no text of the answer can carry them into an error.
///
/// # Errors
///
/// By error code first, since Daraja's wording and even its status vary; then by the firewall's mark; then by status.
pub fn judge(answer: &Answer<'_>, credentials: &Credentials) -> Result<Grant, Error> {
    let text = String::from_utf8_lossy(answer.body);
    let text = text.trim_start_matches('\u{feff}').trim();
    let is_whole = answer.body.len() <= MAX_BODY_BYTES;
    let json = if is_whole { Value::parse(text).filter(|json| matches!(json, Value::Object(_))) } else { None };

    let error = match &json {
        _ if answer.redirected => describe(Code::Redirect, answer.status, ""),
        Some(json) => match (code_of_body(json), answer.status) {
            (None, 200..=299) => match grant(json) {
                Ok(grant) => return Ok(grant),
                Err(error) => error,
            },
            (code, status) => describe_body(code, status, json, credentials),
        },
        None if is_firewall_page(text) => {
            let mut error = describe(Code::Blocked, answer.status, "");
            error.incident_id = incident_id(text).and_then(|id| credentials.identifier(id, ""));
            error
        }
        None => match answer.status {
            200..=299 => malformed(kind_of(answer, text, is_whole)),
            status => {
                let said = if is_html(answer, text) { String::new() } else { credentials.scrub(text, "") };
                describe(status_of(status, text.is_empty()), status, &said)
            }
        },
    };
    Err(Error { status: Some(answer.status), retry_after: retry_after(answer), ..error })
}

fn code_of_body(json: &Value) -> Option<Code> {
    Said::read(json).error_code.and_then(code_of)
}

fn describe_body(code: Option<Code>, status: u16, json: &Value, credentials: &Credentials) -> Error {
    let said = Said::read(json);
    // An answer may hold a token beside its error; that must not come out either.
    let token = json.at(&["access_token"]).and_then(Value::text).unwrap_or_default();
    let error_code = said.error_code.and_then(|code| credentials.identifier(code, token));
    let message = said.message.map(|message| credentials.scrub(message, token)).unwrap_or_default();
    let words = match &error_code {
        Some(code) if message.is_empty() => code.clone(),
        Some(code) => [code, " ", &message].concat(),
        None => message,
    };
    let mut error = describe(code.unwrap_or_else(|| status_of(status, false)), status, &words);
    error.error_code = error_code;
    error.request_id = said.request_id.and_then(|id| credentials.identifier(id, token));
    error
}

/// Imperva's page, in its two forms: the text with the incident id, and the frame that loads it.
fn is_firewall_page(text: &str) -> bool {
    text.contains("Incapsula incident ID") || text.contains("_Incapsula_Resource")
}

fn incident_id(text: &str) -> Option<&str> {
    let (_, after) = text.split_once("ncident ID: ").or_else(|| text.split_once("incident_id="))?;
    let end = after.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(after.len());
    after.get(..end)
}

fn is_html(answer: &Answer<'_>, text: &str) -> bool {
    answer.content_type.is_some_and(|kind| kind.to_ascii_lowercase().contains("html")) || text.starts_with('<')
}

fn kind_of(answer: &Answer<'_>, text: &str, is_whole: bool) -> &'static str {
    if !is_whole {
        "a body over 64 KiB"
    } else if text.is_empty() {
        "an empty body"
    } else if is_html(answer, text) {
        "an HTML page"
    } else if text.starts_with('{') {
        "JSON that breaks off or is not well-formed"
    } else {
        "a body that is no JSON object"
    }
}

/// The wait that Retry-After asks for, which is a number of seconds or a date ([RFC 9110, 10.2.3]).
///
/// [RFC 9110, 10.2.3]: https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
fn retry_after(answer: &Answer<'_>) -> Option<Duration> {
    let value = answer.retry_after?.trim();
    if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        return value.parse::<u32>().ok().map(|seconds| Duration::from_secs(seconds.into()));
    }
    let now = answer.date.and_then(instant).unwrap_or(answer.now);
    instant(value).map(|then| now.until(then))
}

fn instant(date: &str) -> Option<EpochMillis> {
    let since_epoch = httpdate::parse_http_date(date.trim()).ok()?.duration_since(UNIX_EPOCH).ok()?;
    u64::try_from(since_epoch.as_millis()).ok().map(EpochMillis)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credentials() -> Credentials {
        Credentials::new("key".into(), "s3cret".into()).unwrap()
    }

    fn error(answer: &Answer<'_>) -> Error {
        judge(answer, &credentials()).unwrap_err()
    }

    #[test]
    fn a_body_is_taken_up_to_its_limit_and_no_further() {
        let padded = |length: usize| {
            let token = r#"{"access_token":"t"}"#;
            token.to_owned() + &" ".repeat(length - token.len())
        };
        let whole = padded(MAX_BODY_BYTES);
        assert!(judge(&Answer { body: whole.as_bytes(), ..Answer::default() }, &credentials()).is_ok());
        let long = padded(MAX_BODY_BYTES + 1);
        let error = error(&Answer { body: long.as_bytes(), ..Answer::default() });
        assert_eq!(error.code, Code::MalformedResponse);
        assert_eq!(error.message, "Expected a token from Daraja, found a body over 64 KiB");
    }

    #[test]
    fn a_followed_redirect_is_refused_even_with_a_token() {
        let body = br#"{"access_token":"t"}"#;
        let error = error(&Answer { redirected: true, body, ..Answer::default() });
        assert_eq!((error.code, error.status), (Code::Redirect, Some(200)));
    }

    #[test]
    fn a_token_with_the_firewalls_words_beside_it_is_a_token() {
        let body = br#"{"access_token":"t","note":"Incapsula incident ID: 1-2"}"#;
        assert!(judge(&Answer { body, ..Answer::default() }, &credentials()).is_ok());
    }

    #[test]
    fn a_byte_order_mark_and_white_space_around_the_json_are_no_matter() {
        let body = "\u{feff} \r\n{\"access_token\":\"t\"}\n".as_bytes();
        assert!(judge(&Answer { body, ..Answer::default() }, &credentials()).is_ok());
    }

    #[test]
    fn what_came_instead_of_a_token_is_named() {
        for (body, content_type, found) in [
            ("", None, "an empty body"),
            ("<!DOCTYPE html>", None, "an HTML page"),
            ("Welcome", Some("Text/HTML; charset=utf-8"), "an HTML page"),
            ("{\"access_token\":\"c9SQ", Some("application/json"), "JSON that breaks off or is not well-formed"),
            ("[1]", None, "a body that is no JSON object"),
            ("hello", Some("text/plain"), "a body that is no JSON object"),
        ] {
            let error = error(&Answer { body: body.as_bytes(), content_type, ..Answer::default() });
            assert_eq!(error.message, format!("Expected a token from Daraja, found {found}"));
            assert_eq!((error.code, error.status), (Code::MalformedResponse, Some(200)));
        }
    }

    #[test]
    fn an_html_page_is_not_quoted_and_a_text_is() {
        let message = |body: &str| error(&Answer { status: 502, body: body.as_bytes(), ..Answer::default() }).message;
        assert_eq!(message("<h1>Maintenance</h1>"), "Daraja is not available (HTTP 502)");
        assert_eq!(message("no healthy upstream"), "Daraja is not available (HTTP 502): no healthy upstream");
        assert_eq!(message("token s3cret"), "Daraja is not available (HTTP 502): token [redacted]");
    }

    #[test]
    fn an_error_beside_a_token_wins_and_does_not_show_the_token() {
        let body = br#"{"access_token":"tok","errorCode":"400.008.01","errorMessage":"bad tok","requestId":"a-tok"}"#;
        let error = error(&Answer { body, ..Answer::default() });
        assert_eq!(error.code, Code::InvalidCredentials);
        let expected = "Daraja did not accept the consumer key and secret (HTTP 200): 400.008.01 bad [redacted]";
        assert_eq!(error.message, expected);
        assert_eq!(error.request_id, None);
    }

    #[test]
    fn a_code_without_words_and_words_without_a_code_are_quoted_alone() {
        let message = |body: &[u8]| error(&Answer { status: 404, body, ..Answer::default() }).message;
        assert_eq!(message(br#"{"errorCode":"404.1"}"#), "Daraja refused the request (HTTP 404): 404.1");
        assert_eq!(message(br#"{"errorMessage":"gone"}"#), "Daraja refused the request (HTTP 404): gone");
        assert_eq!(message(b"{}"), "Daraja refused the request (HTTP 404)");
    }

    #[test]
    fn the_incident_id_is_found_in_both_forms_of_the_firewalls_page() {
        for (body, id) in [
            ("Request unsuccessful. Incapsula incident ID: 173000240624511593-8199", Some("173000240624511593-8199")),
            ("<iframe src=\"/_Incapsula_Resource?x=1&incident_id=17-8&y=2\">", Some("17-8")),
            ("<script src=\"/_Incapsula_Resource?x=1\">", None),
        ] {
            let error = error(&Answer { status: 200, body: body.as_bytes(), ..Answer::default() });
            assert_eq!((error.code, error.incident_id.as_deref()), (Code::Blocked, id));
        }
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_by_the_servers_clock() {
        let wait = |retry_after: &str, date: Option<&str>| {
            let now = EpochMillis(784_111_770_000);
            error(&Answer { status: 429, retry_after: Some(retry_after), date, now, ..Answer::default() })
                .retry_after
                .map(|wait| wait.as_secs())
        };
        let then = "Sun, 06 Nov 1994 08:49:37 GMT";
        assert_eq!(wait("120", None), Some(120));
        assert_eq!(wait(" 0 ", None), Some(0));
        assert_eq!(wait(then, Some("Sun, 06 Nov 1994 08:49:35 GMT")), Some(2));
        assert_eq!(wait(then, None), Some(7));
        assert_eq!(wait(then, Some("nonsense")), Some(7));
        assert_eq!(wait(then, Some("Sun, 06 Nov 1994 09:00:00 GMT")), Some(0));
        for nonsense in ["", "-1", "1.5", "soon", "99999999999"] {
            assert_eq!(wait(nonsense, None), None, "{nonsense}");
        }
    }
}
