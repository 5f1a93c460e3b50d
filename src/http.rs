//! One request for a token, as js/http.ts sends it.
//!
//! js/http.ts and js/host.ts make these objects, so their properties can be trusted.

use alloc::boxed::Box;
use alloc::string::String;

use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

use daraja_auth_core::credentials::{Credentials, Secrets};
use daraja_auth_core::endpoint::Endpoint;
use daraja_auth_core::error::Error;
use daraja_auth_core::exchange::{self, BodyKind, Field, Response, USER_AGENT};
use daraja_auth_core::time::Millis;
use daraja_auth_core::token::Token;

use crate::number::{count, double, epoch, millis};
use crate::object::JsObject;

#[wasm_bindgen]
extern "C" {
    /// A promise. js-sys has this type too, but it adds 21 functions for closures to the module, which nothing calls.
    pub type Promise;
    #[wasm_bindgen(static_method_of = Promise)]
    pub fn reject(error: &JsValue) -> Promise;
}

#[wasm_bindgen(module = "daraja-auth-host")]
extern "C" {
    /// The request, and the secrets in it.
    #[wasm_bindgen(extends = JsObject)]
    pub type TokenRequest;
    #[wasm_bindgen(js_name = tokenRequest)]
    fn token_request(
        url: &str,
        authorization: &str,
        consumer_key: &str,
        consumer_secret: &str,
        user_agent: &str,
        timeout_ms: f64,
    ) -> TokenRequest;
    #[wasm_bindgen(method, getter)]
    fn authorization(this: &TokenRequest) -> String;
    #[wasm_bindgen(method, getter, js_name = consumerSecret)]
    fn consumer_secret(this: &TokenRequest) -> String;

    /// A call of `generateToken`: its request and its other options.
    #[wasm_bindgen(extends = JsObject)]
    pub type Call;
    /// A call of `generateToken` with this request.
    pub fn call(request: &TokenRequest, fetch: &JsValue, signal: &JsValue, retries: u32) -> Call;
    /// Its request.
    #[wasm_bindgen(method, getter)]
    pub fn request(this: &Call) -> TokenRequest;

    /// Sends the request once, after the pause if there is one. Then it calls `attemptEnded`, unless the call aborts.
    pub fn attempt(call: &Call, attempts: u32, pause_ms: Option<f64>) -> Promise;

    /// How an attempt ended.
    pub type AttemptEnd;
    /// How it failed, if there was no response.
    #[wasm_bindgen(method, getter)]
    fn failure(this: &AttemptEnd) -> Option<AttemptFailure>;
    /// What `fetch`, or reading its response, threw.
    #[wasm_bindgen(method, getter)]
    pub fn cause(this: &AttemptEnd) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn response(this: &AttemptEnd) -> HttpResponse;

    /// A response: the parts that were read.
    #[wasm_bindgen(extends = JsObject)]
    type HttpResponse;
    #[wasm_bindgen(method, getter, js_name = retryAfterMs)]
    fn retry_after_ms(this: &HttpResponse) -> Option<f64>;
    #[wasm_bindgen(method, getter)]
    fn kind(this: &HttpResponse) -> HttpBodyKind;
    #[wasm_bindgen(method, getter)]
    fn text(this: &HttpResponse) -> String;
    #[wasm_bindgen(method, getter)]
    fn json(this: &HttpResponse) -> JsValue;

    #[wasm_bindgen(js_name = valueAt)]
    fn value_at(json: &JsValue, paths: &str) -> JsValue;

    /// The frozen object that callers get.
    #[wasm_bindgen(js_name = accessToken)]
    fn access_token(access_token: &str, expires_in: u32, expires_at: f64) -> JsValue;
}

/// The words of js/http.ts for an attempt without a response.
#[wasm_bindgen(skip_typescript)]
#[derive(Clone, Copy)]
pub enum AttemptFailure {
    TimedOut = "timeout",
    NotSent = "it could not be asked",
    FetchFailed = "fetch failed",
    NoResponse = "fetch gave no Response",
    BodyBroke = "its body broke off",
}

/// The words of js/http.ts for a body.
#[wasm_bindgen(skip_typescript)]
#[derive(Clone, Copy)]
pub enum HttpBodyKind {
    Json = "JSON",
    Empty = "an empty body",
    Html = "an HTML page",
    TooLong = "a body over 64 KiB",
    MalformedJson = "JSON that breaks off or is not well-formed",
    Other = "a body that is no JSON object",
}

impl From<HttpBodyKind> for BodyKind {
    fn from(kind: HttpBodyKind) -> Self {
        match kind {
            HttpBodyKind::Json => Self::Json,
            HttpBodyKind::Empty => Self::Empty,
            HttpBodyKind::Html => Self::Html,
            HttpBodyKind::TooLong => Self::TooLong,
            HttpBodyKind::MalformedJson => Self::MalformedJson,
            HttpBodyKind::Other | HttpBodyKind::__Invalid => Self::Other,
        }
    }
}

/// The request for a token, with these credentials.
pub fn request(credentials: &Credentials, endpoint: &Endpoint, timeout: Millis) -> TokenRequest {
    let exchange::Request { url, authorization } = exchange::request(credentials, endpoint);
    let (key, secret) = (credentials.consumer_key(), credentials.consumer_secret());
    token_request(&url, &authorization, key, secret, USER_AGENT, double(timeout.0))
}

/// The frozen object that callers get.
pub fn token(token: &Token) -> JsValue {
    access_token(token.access_token.as_str(), token.expires_in, double(token.expires_at.0))
}

impl TokenRequest {
    /// The secrets that no error may show.
    pub fn secrets(&self) -> Secrets {
        Secrets {
            authorization: Zeroizing::new(self.authorization()),
            consumer_secret: Zeroizing::new(self.consumer_secret()),
        }
    }
}

impl AttemptEnd {
    /// The token that Daraja granted, or the error.
    pub fn classify(&self, request: &TokenRequest) -> Result<Token, Box<Error>> {
        let secrets = request.secrets();
        if let Some(failure) = self.failure() {
            let end = match failure {
                AttemptFailure::TimedOut => exchange::AttemptEnd::TimedOut(millis(request.number("timeoutMs"))),
                AttemptFailure::FetchFailed => exchange::AttemptEnd::FetchFailed,
                AttemptFailure::NoResponse => exchange::AttemptEnd::NoResponse,
                AttemptFailure::BodyBroke => exchange::AttemptEnd::BodyBroke,
                AttemptFailure::NotSent | AttemptFailure::__Invalid => exchange::AttemptEnd::NotSent,
            };
            return end.token(&secrets);
        }
        let response = self.response();
        let json = response.json();
        let field = |paths: &str| field_of(&json, paths);
        let text = response.text();
        let response = Response {
            status: u16::try_from(count(response.number("status"))).unwrap_or_default(),
            redirected: response.number("redirected") != 0.0,
            retry_after: response.retry_after_ms().map(millis),
            from_imperva: response.number("fromImperva") != 0.0,
            kind: response.kind().into(),
            text: &text,
            json: if json.is_undefined() { None } else { Some(&field) },
            sent: epoch(response.number("sentAt")),
            received: epoch(response.number("receivedAt")),
        };
        exchange::classify(&response, &secrets)
    }
}

/// The member of a JSON object at the first of some paths that leads to one.
pub fn field_of(json: &JsValue, paths: &str) -> Field {
    let value = value_at(json, paths);
    match (value.as_string(), value.as_f64()) {
        (Some(text), _) => Field::Text(text),
        (_, Some(number)) => Field::Number(number),
        _ if value.is_undefined() => Field::Absent,
        _ => Field::Other,
    }
}
