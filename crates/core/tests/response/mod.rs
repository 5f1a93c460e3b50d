//! Makes a [`Response`] from a status, headers and bytes, for the native tests. js/http.ts does this in JavaScript, and
//! also looks for the marks of the firewall in the headers.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::time::SystemTime;

use daraja_auth_core::credentials::{Credentials, Secrets};
use daraja_auth_core::error::Result;
use daraja_auth_core::exchange::{BodyKind, Field, MAX_BODY_BYTES, Response, classify};
use daraja_auth_core::time::Millis;
use daraja_auth_core::token::Token;
use serde_json::Value;

/// The parts of a server's response.
#[derive(Debug, Default)]
pub struct Sent {
    pub status: u16,
    pub content_type: String,
    pub retry_after: String,
    pub date: String,
    pub body: Vec<u8>,
}

/// Classifies a server's response to a request with these secrets. The request was sent at the instant 0.
pub fn classified(sent: &Sent, secrets: &Secrets) -> Result<Token> {
    let is_whole = sent.body.len() <= MAX_BODY_BYTES;
    let bytes = sent.body.get(..=MAX_BODY_BYTES).unwrap_or(&sent.body);
    let decoded = String::from_utf8_lossy(bytes);
    // TextDecoder drops the byte order mark too.
    let text = decoded.strip_prefix('\u{feff}').unwrap_or(&decoded);
    let json: Option<Value> = serde_json::from_str(text).ok().filter(|value: &Value| is_whole && value.is_object());
    let field = |paths: &str| field(json.as_ref().unwrap(), paths);
    let kind = match &json {
        Some(_) => BodyKind::Json,
        None => kind_of_body(text, &sent.content_type, is_whole),
    };
    let response = Response {
        status: sent.status,
        retry_after: wait_asked_for(&sent.retry_after, &sent.date),
        kind,
        text,
        json: if json.is_some() { Some(&field) } else { None },
        ..Response::default()
    };
    classify(&response, secrets)
}

/// Credentials from two plain strings.
pub fn credentials(key: &str, secret: &str) -> Result<Credentials> {
    Credentials::new(String::from(key).into(), String::from(secret).into())
}

fn kind_of_body(text: &str, content_type: &str, is_whole: bool) -> BodyKind {
    let text = text.trim_start();
    if is_whole && text.is_empty() {
        BodyKind::Empty
    } else if content_type.to_ascii_lowercase().contains("html") || text.starts_with('<') {
        BodyKind::Html
    } else if !is_whole {
        BodyKind::TooLong
    } else if text.starts_with('{') {
        BodyKind::MalformedJson
    } else {
        BodyKind::Other
    }
}

fn wait_asked_for(retry_after: &str, date: &str) -> Option<Millis> {
    if let Ok(seconds) = retry_after.trim().parse::<u32>() {
        return Some(Millis::from_secs(seconds));
    }
    let until = httpdate::parse_http_date(retry_after).ok()?;
    let now = httpdate::parse_http_date(date).unwrap_or(SystemTime::UNIX_EPOCH);
    Some(Millis(until.duration_since(now).unwrap_or_default().as_millis() as u64))
}

pub fn field(json: &Value, paths: &str) -> Field {
    let at = |path: &str| path.split('.').try_fold(json, |value, name| value.get(name));
    match paths.split(' ').find_map(at) {
        None => Field::Absent,
        Some(Value::String(text)) => Field::Text(text.clone()),
        Some(Value::Number(number)) => number.as_f64().map_or(Field::Other, Field::Number),
        Some(_) => Field::Other,
    }
}
