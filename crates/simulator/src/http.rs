//! An incoming request, and its answer.

use core::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use daraja_auth_core::time::Millis;

/// A request. The JavaScript side has parsed its URL, because the runtime has the parser.
#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// `GET`, `POST`, …
    pub method: String,
    /// The host to which it was sent, without a port.
    pub host: String,
    /// The path. It begins with a slash.
    pub path: String,
    /// The parameter `grant_type` of the query.
    pub grant_type: Option<String>,
    /// The header Authorization.
    pub authorization: Option<String>,
    /// The body, as text.
    pub body: String,
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Request({} {}, [redacted])", self.method, self.path)
    }
}

/// The answer, and how it is sent.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The headers, their names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body: the part of it that is sent.
    pub body: String,
    /// How long it is delayed.
    pub delay: Millis,
    /// How it ends.
    pub ending: Ending,
    /// Why it is this response, for logs and assertions.
    pub outcome: Outcome,
    /// The name of the app whose credentials or token the request carried.
    pub app: Option<String>,
    /// The number of the token that was issued or that the request carried. The first token has the number 1.
    pub token: Option<u32>,
    /// The number of the token that the issued token replaces. It ends now, or after the grace.
    pub replaces: Option<u32>,
    /// The callback that Daraja sends to the caller's server afterwards.
    pub callback: Option<Callback>,
}

/// A POST in JSON that follows a response.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Callback {
    /// The URL to which it is sent.
    pub url: String,
    /// Its body.
    pub body: String,
    /// How long after the request it is sent.
    pub delay: Millis,
}

/// How a response ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// The whole response is sent.
    Whole,
    /// The connection is cut after the body.
    Cut,
    /// Nothing is ever sent.
    Never,
}

/// The reason for a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// A token was issued.
    Token,
    /// No app has that consumer key and secret here.
    WrongPair,
    /// A request for a token without the scheme Basic.
    WrongScheme,
    /// The grant type is not `client_credentials`.
    WrongGrant,
    /// A request for a token with another method than GET.
    WrongMethod,
    /// A business API accepted the request.
    Accepted,
    /// The bearer is not a live token: it has expired, was replaced, was never issued, or is of the other
    /// environment.
    DeadToken,
    /// The header Authorization has no bearer token, and the path is one of a business API.
    MalformedHeader,
    /// The token is live, but the API cannot carry out the request.
    InvalidRequest,
    /// The app may not call the API at that path.
    NoProduct,
    /// There is nothing at that path.
    UnknownPath,
    /// The host is the developers' portal.
    Portal,
    /// A CORS preflight: a browser asks whether a page may send a request.
    Preflight,
    /// A fault that was injected.
    #[serde(untagged)]
    Fault(super::Kind),
}

impl Response {
    /// The response with this outcome.
    #[must_use]
    pub fn with_outcome(self, outcome: Outcome) -> Self {
        Self { outcome, ..self }
    }

    /// The response with this header. It replaces one of the same name.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(present, _)| present != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The response with the name of the app, and the number of the token.
    #[must_use]
    pub fn with_app(self, app: &str, token: Option<u32>) -> Self {
        Self { app: Some(app.to_owned()), token, ..self }
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Response({}, {:?}, [redacted])", self.status, self.outcome)
    }
}

fn response(status: u16, content_type: &str, body: &str) -> Response {
    Response {
        status,
        headers: Vec::from([("content-type".to_owned(), content_type.to_owned())]),
        body: body.to_owned(),
        delay: Millis(0),
        ending: Ending::Whole,
        outcome: Outcome::Token,
        app: None,
        token: None,
        replaces: None,
        callback: None,
    }
}

/// A response of plain text.
pub(super) fn text(status: u16, body: &str) -> Response {
    response(status, "text/plain", body)
}

/// A response that is an HTML page.
pub(super) fn html(status: u16, body: &str) -> Response {
    response(status, "text/html", body)
}

/// A response in JSON.
pub(super) fn json_of(status: u16, value: &Value) -> Response {
    response(status, "application/json", &value.to_string())
}

/// An error in Daraja's form.
pub(super) fn daraja_error(status: u16, request_id: &str, error_code: &str, error_message: &str) -> Response {
    let error = json!({ "requestId": request_id, "errorCode": error_code, "errorMessage": error_message });
    json_of(status, &error)
}

/// An error in the form of Apigee, the gateway in front of Daraja.
pub(super) fn apigee_fault(status: u16, faultstring: &str, errorcode: &str) -> Response {
    json_of(status, &json!({ "fault": { "faultstring": faultstring, "detail": { "errorcode": errorcode } } }))
}
