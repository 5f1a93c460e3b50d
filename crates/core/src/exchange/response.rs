//! A response of the token endpoint, as the driver received it.

use alloc::string::String;
use core::fmt;

use crate::time::{EpochMillis, Millis};

/// Looks up paths in a JSON object and gives the member at the first path that leads to one.
/// Paths are separated by spaces, such as `errorCode fault.detail.errorcode`.
///
/// The driver parses JSON, because a parser would be a fifth of the published module.
pub type Json<'a> = dyn Fn(&str) -> Field + 'a;

/// A member of a JSON object.
#[derive(Clone, Debug, PartialEq)]
pub enum Field {
    /// The object has no such member.
    Absent,
    /// A string.
    Text(String),
    /// A number.
    Number(f64),
    /// A value of another type.
    Other,
}

/// The kind of a response's body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodyKind {
    /// A JSON object.
    Json,
    /// Nothing, or only whitespace.
    Empty,
    /// An HTML page, by its content type or its first character.
    Html,
    /// Any other body longer than [`MAX_BODY_BYTES`](crate::exchange::MAX_BODY_BYTES).
    TooLong,
    /// Text that begins like a JSON object, and is none.
    MalformedJson,
    /// Any other text.
    #[default]
    Other,
}

impl BodyKind {
    /// The kind in words, as the last part of a sentence.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Empty => "an empty body",
            Self::Html => "an HTML page",
            Self::TooLong => "a body over 64 KiB",
            Self::MalformedJson => "JSON that breaks off or is not well-formed",
            Self::Other => "a body that is no JSON object",
        }
    }
}

impl fmt::Display for BodyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A response as the driver received it.
#[derive(Clone, Copy)]
pub struct Response<'a> {
    /// The HTTP status. It is 0 for a redirect that the runtime hides (`opaqueredirect`).
    pub status: u16,
    /// Whether the runtime followed a redirect although it was told not to.
    pub redirected: bool,
    /// The wait that the header Retry-After asked for ([RFC 9110, 10.2.3]).
    ///
    /// [RFC 9110, 10.2.3]: https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
    pub retry_after: Option<Millis>,
    /// Whether it has a header or cookie of Imperva, the firewall. Responses that the firewall let through may have
    /// them.
    pub from_imperva: bool,
    /// The kind of the body.
    pub kind: BodyKind,
    /// The body, or the beginning of a body longer than [`MAX_BODY_BYTES`](crate::exchange::MAX_BODY_BYTES).
    pub text: &'a str,
    /// The body, if it is a JSON object.
    pub json: Option<&'a Json<'a>>,
    /// When the request was sent.
    pub sent: EpochMillis,
    /// When the whole response had arrived.
    pub received: EpochMillis,
}

impl Default for Response<'_> {
    fn default() -> Self {
        Self {
            status: 200,
            redirected: false,
            retry_after: None,
            from_imperva: false,
            kind: BodyKind::default(),
            text: "",
            json: None,
            sent: EpochMillis(0),
            received: EpochMillis(0),
        }
    }
}

/// Looks up a path in a value of serde_json, for the tests.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_of_body_is_shown_in_words() {
        assert_eq!(format!("{}", BodyKind::Html), "an HTML page");
        assert_eq!(format!("{}", BodyKind::Empty), "an empty body");
    }
}
