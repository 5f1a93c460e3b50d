//! The core classifies every answer of answers.json. tests/runtimes expects the same outcomes of the package.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that panics has failed")]

mod response;

use std::collections::{HashMap, HashSet};

use daraja_auth_core::exchange::is_token_rejection;
use daraja_auth_core::time::EpochMillis;
use response::{Sent, classified, credentials, field};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Row {
    name: String,
    status: u16,
    headers: HashMap<String, String>,
    body: String,
    #[serde(default = "once")]
    body_repeated: usize,
    /// Whether it rejects the token, when a business API sends it.
    #[serde(default)]
    rejects_token: bool,
    expect: Expect,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Expect {
    expires_in: Option<u32>,
    code: Option<String>,
    message: Option<String>,
    error_code: Option<String>,
    request_id: Option<String>,
    incident_id: Option<String>,
    retry_after_ms: Option<u64>,
    status: Option<u16>,
}

fn once() -> usize {
    1
}

fn rows() -> Vec<Row> {
    serde_json::from_str(include_str!("../../../tests/answers.json")).unwrap()
}

fn sent(row: &Row) -> Sent {
    let header = |name| row.headers.get(name).cloned().unwrap_or_default();
    Sent {
        status: row.status,
        content_type: header("content-type"),
        retry_after: header("retry-after"),
        date: header("date"),
        body: row.body.repeat(row.body_repeated).into_bytes(),
    }
}

#[test]
fn every_answer_is_classified_as_answers_json_says() {
    let secrets = credentials("key", "s3cret").unwrap().secrets();
    for row in rows() {
        let (name, expect) = (&row.name, &row.expect);
        match (classified(&sent(&row), &secrets), expect.expires_in) {
            (Ok(token), Some(expires_in)) => {
                assert_eq!(token.expires_in, expires_in, "{name}");
                assert_eq!(token.expires_at, EpochMillis(u64::from(expires_in) * 1000), "{name}");
                assert!(row.body.contains(token.access_token.as_str()), "{name}");
            }
            (Err(error), None) => {
                assert_eq!(Some(error.code.as_str()), expect.code.as_deref(), "{name}");
                if let Some(message) = &expect.message {
                    assert_eq!(&error.message, message, "{name}");
                }
                assert!(error.hint.ends_with('.'), "{name}: {}", error.hint);
                assert_eq!(error.error_code, expect.error_code, "{name}");
                assert_eq!(error.request_id, expect.request_id, "{name}");
                assert_eq!(error.incident_id, expect.incident_id, "{name}");
                assert_eq!(error.retry_after.map(|wait| wait.0), expect.retry_after_ms, "{name}");
                assert_eq!(error.status, expect.status, "{name}");
                assert_eq!(error.attempts, 0, "{name}");
            }
            (Ok(_), None) => panic!("{name}: a token, where {:?} is expected", expect.code),
            (Err(error), Some(_)) => panic!("{name}: {error:?}, where a token is expected"),
        }
    }
}

#[test]
fn an_error_rejects_the_token_only_if_answers_json_says_so() {
    for row in rows().into_iter().filter(|row| row.status >= 400) {
        // Some products reject a token in plain text.
        let json = serde_json::from_str(&row.body).unwrap_or_default();
        let texts = if json == Value::Null { row.body.clone() } else { texts_of(&json) };
        let texts = texts.to_lowercase().replace([' ', '_', '-'], "");
        let is_rejection = is_token_rejection(row.status, &|paths| field(&json, paths), &texts);
        assert_eq!(is_rejection, row.rejects_token, "{}", row.name);
    }
}

/// The texts of an error, which js/manager/rejection.ts collects in the same way.
fn texts_of(json: &Value) -> String {
    let Value::Object(members) = json else { return String::new() };
    let texts = members.iter().map(|(name, value)| match value {
        Value::String(text)
            if ["error", "fault", "message", "msg", "desc"].iter().any(|word| name.to_lowercase().contains(word)) =>
        {
            format!("{text}\n")
        }
        inner => texts_of(inner),
    });
    texts.collect()
}

#[test]
fn the_names_of_the_answers_differ_and_fit_into_a_path() {
    let rows = rows();
    let names: HashSet<_> = rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names.len(), rows.len());
    assert!(names.iter().all(|name| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')));
}

#[test]
fn every_code_of_an_answer_is_in_answers_json() {
    let codes: HashSet<_> = rows().into_iter().filter_map(|row| row.expect.code).collect();
    let expected = [
        "ERR_DARAJA_INVALID_CREDENTIALS",
        "ERR_DARAJA_INVALID_GRANT_TYPE",
        "ERR_DARAJA_BLOCKED",
        "ERR_DARAJA_RATE_LIMITED",
        "ERR_DARAJA_UNAVAILABLE",
        "ERR_DARAJA_REFUSED",
        "ERR_DARAJA_MALFORMED_RESPONSE",
        "ERR_DARAJA_REDIRECT",
    ];
    assert_eq!(codes, expected.map(String::from).into());
}

#[test]
fn hints_name_darajas_own_code_and_the_usual_causes() {
    let secrets = credentials("key", "s3cret").unwrap().secrets();
    let hint =
        |name: &str| classified(&sent(rows().iter().find(|row| row.name == name).unwrap()), &secrets).unwrap_err().hint;
    for cause in ["400.008.01", "authorisation type Basic", "other environment", "swapped"] {
        assert!(hint("empty-400").contains(cause), "{cause}");
    }
    for cause in ["400.008.02", "grant_type=client_credentials"] {
        assert!(hint("invalid-grant-type").contains(cause), "{cause}");
    }
    for cause in ["not credentials", "incident id"] {
        assert!(hint("firewall-403-html").contains(cause), "{cause}");
    }
}
