//! Classifies a response: a token, or an error that says what the response was.

use alloc::boxed::Box;
use alloc::string::String;

use crate::credentials::Secrets;
use crate::error::{Code, Error, Result};
use crate::exchange::failure::{code_of, describe, status_of};
use crate::exchange::grant::{grant, malformed};
use crate::exchange::response::{BodyKind, Field, Json, Response};
use crate::text::{contains, split};
use crate::token::Token;

/// Gives the token in a response of the token endpoint.
///
/// `secrets` are the secrets of the request. They are removed from every text that the error quotes.
///
/// # Errors
///
/// A redirect that the runtime followed decides first, then the mark of the firewall, then the error code, and then the
/// status: Daraja sends the same error code with several wordings and statuses.
pub fn classify(response: &Response<'_>, secrets: &Secrets) -> Result<Token> {
    let classified = match (error_answer(response, secrets), response.json) {
        (Some(error), _) => Err(error),
        (None, Some(json)) => {
            let token = grant(json).and_then(|grant| grant.sent_at(response.sent).alive_at(response.received));
            token.map_err(|error| identified(error, json, secrets))
        }
        (None, None) => Err(malformed(response.kind.as_str())),
    };
    classified.map_err(|mut error| {
        error.status = Some(response.status);
        error.retry_after = response.retry_after;
        error
    })
}

/// The error that the response states. None if the response may be a success.
fn error_answer(response: &Response<'_>, secrets: &Secrets) -> Option<Box<Error>> {
    let status = response.status;
    let is_success = (200..=299).contains(&status);
    if response.redirected {
        return Some(describe(Code::Redirect, status, ""));
    }
    if is_firewall_page(response) && !(is_success && response.json.is_some()) {
        let mut error = describe(Code::Blocked, status, "");
        error.incident_id = incident_id(response.text).and_then(|id| secrets.identifier(id, None));
        return Some(error);
    }
    if let Some(json) = response.json {
        let error_code = text_at(json, ERROR_CODE);
        let code = error_code.as_deref().and_then(code_of);
        if is_success && code.is_none() {
            return None;
        }
        // A response may have a token beside its error. The error must not show this token either.
        let token = text_at(json, "access_token");
        let message = text_at(json, "errorMessage fault.faultstring error_description");
        let said = secrets.scrub(
            &[error_code.as_deref().unwrap_or_default(), " ", message.as_deref().unwrap_or_default()].concat(),
            token.as_deref(),
        );
        let error = describe(code.unwrap_or_else(|| status_of(status, false)), status, &said);
        return Some(identified(error, json, secrets));
    }
    if is_success {
        return None;
    }
    let said = if response.kind == BodyKind::Html { String::new() } else { secrets.scrub(response.text, None) };
    Some(describe(status_of(status, response.kind == BodyKind::Empty), status, &said))
}

/// The paths of an error code: Daraja's, Apigee's, and that of RFC 6749.
const ERROR_CODE: &str = "errorCode fault.detail.errorcode error";

/// The error with the identifiers of the response.
fn identified(mut error: Box<Error>, json: &Json<'_>, secrets: &Secrets) -> Box<Error> {
    let token = text_at(json, "access_token");
    let identifier = |paths| text_at(json, paths).and_then(|text| secrets.identifier(&text, token.as_deref()));
    error.error_code = identifier(ERROR_CODE);
    error.request_id = identifier("requestId");
    error
}

/// Whether the response is Imperva's page. It has today's text or the older one, or a frame or a bare script that loads
/// the text.
///
/// In a long page the script means nothing: Imperva also puts it into pages that it lets through.
fn is_firewall_page(&Response { text, from_imperva, .. }: &Response<'_>) -> bool {
    contains(text, "Incapsula incident ID")
        || contains(text, "Powered by Imperva")
        || contains(text, "request was blocked by")
        || contains(text, "incident_id=")
        || (contains(text, "ncident ID") && (from_imperva || contains(text, "mperva")))
        || (contains(text, "_Incapsula_Resource") && text.len() < MAX_BARE_SCRIPT)
}

/// The bare page has about 150 bytes. A page with content has many times more.
const MAX_BARE_SCRIPT: usize = 1024;

fn text_at(json: &Json<'_>, paths: &str) -> Option<String> {
    match json(paths) {
        Field::Text(text) => Some(text),
        _ => None,
    }
}

/// The identifier after its name. A page may have tags between them.
fn incident_id(text: &str) -> Option<&str> {
    let (_, after) = split(text, "ncident ID").or_else(|| split(text, "incident_id="))?;
    let start = after.bytes().position(|b| b.is_ascii_digit()).filter(|start| *start < MAX_TAGS)?;
    let id = after.get(start..)?;
    let end = id.bytes().position(|b| !b.is_ascii_digit() && b != b'-').unwrap_or(id.len());
    id.get(..end)
}

/// The longest text between a name and its identifier: two tags with their classes.
const MAX_TAGS: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::credentials;
    use crate::exchange::response::field;
    use crate::time::{EpochMillis, Millis};

    /// Parses a response's text as the boundary does, and classifies the response.
    fn classified(response: &Response<'_>) -> Result<Token> {
        let json: Option<serde_json::Value> =
            serde_json::from_str(response.text).ok().filter(serde_json::Value::is_object);
        let at = |path: &str| field(json.as_ref().unwrap(), path);
        classify(
            &Response { json: if json.is_some() { Some(&at) } else { None }, ..*response },
            &credentials("key", "s3cret").unwrap().secrets(),
        )
    }

    #[test]
    fn an_incident_id_alone_means_the_firewall_only_beside_the_firewalls_header() {
        let text = "<p>Incident ID: 123-45</p>";
        for status in [200, 403, 503] {
            let page = Response { status, text, kind: BodyKind::Html, ..Response::default() };
            assert_ne!(error(&page).code, Code::Blocked, "{status}");
            let blocked = error(&Response { from_imperva: true, ..page });
            assert_eq!((blocked.code, blocked.incident_id.as_deref()), (Code::Blocked, Some("123-45")), "{status}");
        }
        let other = Response { status: 503, text: "no healthy upstream", from_imperva: true, ..Response::default() };
        assert_eq!(error(&other).code, Code::Unavailable);
    }

    fn error(response: &Response<'_>) -> Error {
        *classified(response).unwrap_err()
    }

    #[test]
    fn a_lifetime_counts_from_the_request_and_must_be_longer_than_the_exchange() {
        let text = r#"{"access_token":"t","expires_in":2}"#;
        let after =
            |received| classified(&Response { text, sent: EpochMillis(1_000), received, ..Response::default() });
        assert_eq!(after(EpochMillis(2_999)).unwrap().expires_at, EpochMillis(3_000));
        let error = after(EpochMillis(3_000)).unwrap_err();
        assert_eq!((error.code, error.status), (Code::MalformedResponse, Some(200)));
    }

    #[test]
    fn every_form_of_an_error_body_is_read() {
        for text in [
            r#"{"requestId":"r","errorCode":"c.1","errorMessage":"m"}"#,
            r#"{"requestId":"r","fault":{"faultstring":"m","detail":{"errorcode":"c.1"}}}"#,
            r#"{"requestId":"r","error":"c.1","error_description":"m"}"#,
        ] {
            let error = error(&Response { status: 404, text, ..Response::default() });
            assert_eq!(error.message, "Daraja refused the request (HTTP 404): c.1 m");
            assert_eq!((error.error_code.as_deref(), error.request_id.as_deref()), (Some("c.1"), Some("r")));
        }
        let text = r#"{"requestId":1,"errorCode":7,"fault":"x","error":[]}"#;
        let error = error(&Response { status: 404, text, ..Response::default() });
        assert_eq!((error.message.as_str(), error.error_code), ("Daraja refused the request (HTTP 404)", None));
    }

    #[test]
    fn a_followed_redirect_is_an_error_even_with_a_token() {
        let text = r#"{"access_token":"t"}"#;
        let error = error(&Response { redirected: true, text, ..Response::default() });
        assert_eq!((error.code, error.status), (Code::Redirect, Some(200)));
    }

    #[test]
    fn the_firewalls_words_beside_a_token_do_not_matter() {
        let text = r#"{"access_token":"t","note":"Incapsula incident ID: 1-2"}"#;
        assert!(classified(&Response { text, ..Response::default() }).is_ok());
    }

    #[test]
    fn the_error_names_what_came_instead_of_a_token() {
        let error = error(&Response { kind: BodyKind::Html, text: "<!DOCTYPE html>", ..Response::default() });
        assert_eq!(error.message, "Expected a token from Daraja, found an HTML page");
        assert_eq!((error.code, error.status), (Code::MalformedResponse, Some(200)));
    }

    #[test]
    fn a_400_with_an_empty_body_means_wrong_credentials() {
        let code = |kind, text| error(&Response { status: 400, kind, text, ..Response::default() }).code;
        assert_eq!(code(BodyKind::Empty, ""), Code::InvalidCredentials);
        assert_eq!(code(BodyKind::Other, "no"), Code::Refused);
    }

    #[test]
    fn an_html_page_is_not_quoted_and_a_text_is() {
        let message = |kind, text| error(&Response { status: 502, kind, text, ..Response::default() }).message;
        assert_eq!(message(BodyKind::Html, "<h1>Maintenance</h1>"), "Daraja is not available (HTTP 502)");
        assert_eq!(
            message(BodyKind::Other, "no healthy upstream"),
            "Daraja is not available (HTTP 502): no healthy upstream"
        );
        assert_eq!(message(BodyKind::Other, "token s3cret"), "Daraja is not available (HTTP 502): token [redacted]");
    }

    #[test]
    fn an_error_beside_a_token_wins_and_does_not_show_the_token() {
        let text = r#"{"access_token":"tok","errorCode":"400.008.01","errorMessage":"bad tok","requestId":"a-tok"}"#;
        let error = error(&Response { text, ..Response::default() });
        assert_eq!(error.code, Code::InvalidCredentials);
        let expected = "Daraja did not accept the consumer key and secret (HTTP 200): 400.008.01 bad [redacted]";
        assert_eq!(error.message, expected);
        assert_eq!(error.request_id, None);
    }

    #[test]
    fn the_error_quotes_a_code_without_a_message_and_a_message_without_a_code() {
        let message = |text: &str| error(&Response { status: 404, text, ..Response::default() }).message;
        assert_eq!(message(r#"{"errorCode":"404.1"}"#), "Daraja refused the request (HTTP 404): 404.1");
        assert_eq!(message(r#"{"errorMessage":"gone"}"#), "Daraja refused the request (HTTP 404): gone");
        assert_eq!(message("{}"), "Daraja refused the request (HTTP 404)");
    }

    #[test]
    fn the_firewalls_script_means_a_block_only_in_a_short_page() {
        let code = |length: usize| {
            let script = "<script src=\"/_Incapsula_Resource?x=1\"></script>";
            let text = format!("{script}{}", " ".repeat(length - script.len()));
            error(&Response { status: 503, kind: BodyKind::Html, text: &text, ..Response::default() }).code
        };
        assert_eq!((code(1023), code(1024)), (Code::Blocked, Code::Unavailable));
    }

    #[test]
    fn the_incident_id_is_found_in_each_form_of_the_firewalls_page_that_has_one() {
        for (body, id) in [
            ("Request unsuccessful. Incapsula incident ID: 173000240624511593-8199", Some("173000240624511593-8199")),
            ("<iframe src=\"/_Incapsula_Resource?x=1&incident_id=17-8&y=2\">", Some("17-8")),
            ("<script src=\"/_Incapsula_Resource?x=1\">", None),
            ("<b>Incident ID:</b> <span>123-45</span> Protected by <a href=\"https://x\">Imperva</a>", Some("123-45")),
            ("This request was blocked by our security service. Incident ID is <!-- none -->", None),
        ] {
            let error = error(&Response { status: 200, text: body, ..Response::default() });
            assert_eq!((error.code, error.incident_id.as_deref()), (Code::Blocked, id));
        }
    }

    #[test]
    fn the_wait_that_the_server_asks_for_is_kept() {
        let error = error(&Response { status: 429, retry_after: Some(Millis(7_000)), ..Response::default() });
        assert_eq!((error.code, error.retry_after), (Code::RateLimited, Some(Millis(7_000))));
    }
}
