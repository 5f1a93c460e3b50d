//! An incoming request, and its answer.

use core::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use daraja_auth_core::time::Millis;

/// A request. Its URL is taken apart by the runtime, which has the parser.
#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// `GET`, `POST`, …
    pub method: String,
    /// The host it was sent to, without a port.
    pub host: String,
    /// The path, with the slash before it.
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
    /// The body, or as much of it as is ever sent.
    pub body: String,
    /// How long it is held back.
    pub delay: Millis,
    /// How it ends.
    pub ending: Ending,
    /// The reason for it, for logs and assertions.
    pub outcome: Outcome,
    /// The name of the app whose credentials or token the request carried.
    pub app: Option<String>,
    /// The number of the token that was issued or presented: 1 for the first that was ever issued.
    pub token: Option<u32>,
    /// The number of the token that the one issued has killed.
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
    /// As it should.
    Whole,
    /// The connection is cut after the body.
    Cut,
    /// Nothing is ever sent.
    Never,
}

/// Why a response is what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// A token was issued.
    Token,
    /// No app has that consumer key and secret here.
    WrongPair,
    /// The token was not asked for with the scheme Basic.
    WrongScheme,
    /// The grant type is not `client_credentials`.
    WrongGrant,
    /// The token was not asked for with GET.
    WrongMethod,
    /// The business side took the request.
    Accepted,
    /// The bearer is not a live token: it has expired, was replaced, or was never issued.
    DeadToken,
    /// The business side found no Bearer in the header Authorization.
    MalformedHeader,
    /// The token is live, and the request is not one that the API can carry out.
    InvalidRequest,
    /// The app lacks the product of the path.
    NoProduct,
    /// There is nothing at that path.
    UnknownPath,
    /// The host is the developers' portal.
    Portal,
    /// A page asked whether it may ask.
    Preflight,
    /// A fault that was injected.
    #[serde(untagged)]
    Fault(super::Kind),
}

impl Response {
    /// The response with another reason.
    #[must_use]
    pub fn because(self, outcome: Outcome) -> Self {
        Self { outcome, ..self }
    }

    /// The response with another header.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(there, _)| there != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The response with the app it concerns, and the number of its token.
    #[must_use]
    pub fn about(self, app: &str, token: Option<u32>) -> Self {
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

/// A page.
pub(super) fn html(status: u16, body: &str) -> Response {
    response(status, "text/html", body)
}

/// A response in JSON.
pub(super) fn json_of(status: u16, value: &Value) -> Response {
    response(status, "application/json", &value.to_string())
}

/// A refusal in Daraja's form.
pub(super) fn daraja_error(status: u16, request_id: &str, error_code: &str, error_message: &str) -> Response {
    let error = json!({ "requestId": request_id, "errorCode": error_code, "errorMessage": error_message });
    json_of(status, &error)
}

/// A refusal in the form of Apigee, the gateway in front of Daraja.
pub(super) fn apigee_fault(status: u16, faultstring: &str, errorcode: &str) -> Response {
    json_of(status, &json!({ "fault": { "faultstring": faultstring, "detail": { "errorcode": errorcode } } }))
}
