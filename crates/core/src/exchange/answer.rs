//! An answer as it came in: what the judgement is about.

use alloc::string::String;

use crate::time::{EpochMillis, Millis};

/// What a JSON object has at the first of some paths that leads to anything, such as `errorCode fault.detail.errorcode`.
///
/// Parsing is left to the runtime: a parser would be a fifth of the published module.
pub type Json<'a> = dyn Fn(&str) -> Field + 'a;

/// A member of a JSON object.
#[derive(Clone, Debug, PartialEq)]
pub enum Field {
    /// There is none.
    Absent,
    /// A string.
    Text(String),
    /// A number.
    Number(f64),
    /// Anything else.
    Other,
}

/// An answer as it came in.
#[derive(Clone, Copy)]
pub struct Answer<'a> {
    /// The HTTP status; 0 for a redirect that the runtime hides (`opaqueredirect`).
    pub status: u16,
    /// Whether the runtime followed a redirect all the same.
    pub redirected: bool,
    /// The wait that the header Retry-After asked for ([RFC 9110, 10.2.3]).
    ///
    /// [RFC 9110, 10.2.3]: https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
    pub retry_after: Option<Millis>,
    /// What the body is, in words: `an empty body`, `an HTML page`, … The driver says it, which has the parsers.
    pub kind: &'a str,
    /// The body, up to [`MAX_BODY_BYTES`](crate::exchange::MAX_BODY_BYTES).
    pub text: &'a str,
    /// The same, where it is an object in JSON.
    pub json: Option<&'a Json<'a>>,
    /// When the request was sent.
    pub sent: EpochMillis,
    /// When the answer had come.
    pub received: EpochMillis,
}

impl Default for Answer<'_> {
    fn default() -> Self {
        Self {
            status: 200,
            redirected: false,
            retry_after: None,
            kind: "",
            text: "",
            json: None,
            sent: EpochMillis(0),
            received: EpochMillis(0),
        }
    }
}

/// What serde_json reads, as the runtime would give it; for the tests.
#[cfg(test)]
pub(super) fn field(json: &serde_json::Value, paths: &str) -> Field {
    let at = |path: &str| path.split('.').try_fold(json, |value, name| value.get(name));
    match paths.split(' ').find_map(at) {
        None => Field::Absent,
        Some(serde_json::Value::String(text)) => Field::Text(text.clone()),
        Some(serde_json::Value::Number(number)) => number.as_f64().map_or(Field::Other, Field::Number),
        Some(_) => Field::Other,
    }
}
