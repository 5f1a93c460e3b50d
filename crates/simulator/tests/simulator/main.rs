//! The simulated Daraja. It gets the core's own requests, and the core classifies its answers.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that panics has failed")]

mod business;
mod faults;
mod other_apis;
#[path = "../../../core/tests/response/mod.rs"]
mod response;
mod state;
mod stk;
mod token_endpoint;
mod tokens;

use daraja_auth_core::credentials::Credentials;
use daraja_auth_core::endpoint::Endpoint;
use daraja_auth_core::exchange;
use daraja_auth_core::time::{EpochMillis, Millis};
use daraja_auth_simulator::{App, Options, Outcome, Request, Response, Simulation};
use response::{Sent, classified, credentials};
use serde_json::Value;

const SANDBOX: &str = "sandbox.safaricom.co.ke";
const PRODUCTION: &str = "api.safaricom.co.ke";
const START: EpochMillis = EpochMillis(1_000_000);

fn seconds(count: u64) -> EpochMillis {
    START.after(Millis(count * 1000))
}

fn simulation(options: Value) -> Simulation {
    Simulation::new(Options::try_from(options).unwrap())
}

/// The request that the core makes with an app's credentials.
fn token_request(app: &App, host: &str) -> Request {
    let credentials = credentials(&app.consumer_key, &app.consumer_secret).unwrap();
    let endpoint = Endpoint::new(None, Some(&format!("https://{host}")), None).unwrap();
    let request = exchange::request(&credentials, &endpoint);
    let (url, query) = request.url.split_once('?').unwrap();
    Request {
        method: "GET".into(),
        host: host.into(),
        path: url.strip_prefix(&format!("https://{host}")).unwrap().into(),
        grant_type: query.strip_prefix("grant_type=").map(Into::into),
        authorization: Some((*request.authorization).clone()),
        body: String::new(),
    }
}

fn business_request(token: &str) -> Request {
    Request {
        method: "POST".into(),
        host: SANDBOX.into(),
        path: "/mpesa/stkpush/v1/processrequest".into(),
        grant_type: None,
        authorization: Some(format!("Bearer {token}")),
        body: stk::push_body().to_string(),
    }
}

/// A request to an API that is not simulated. The answer echoes it.
fn echoed_request(token: &str) -> Request {
    Request { path: "/mpesa/b2b/v1/remittax".into(), body: r#"{"Amount":1}"#.into(), ..business_request(token) }
}

fn json_of(response: &Response) -> Value {
    serde_json::from_str(&response.body).unwrap()
}

fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    response.headers.iter().find(|(present, _)| present == name).map(|(_, value)| value.as_str())
}

/// The text of a new token for the app at this index.
fn token(daraja: &mut Simulation, app: usize, now: EpochMillis) -> String {
    let request = token_request(&daraja.apps()[app].clone(), SANDBOX);
    json_of(&daraja.answer(now, &request))["access_token"].as_str().unwrap().to_owned()
}

/// The outcome of a business request with this token.
fn outcome(daraja: &mut Simulation, token: &str, now: EpochMillis) -> Outcome {
    daraja.answer(now, &business_request(token)).outcome
}

fn classification(response: &Response, secrets: &Credentials) -> Result<u32, &'static str> {
    let sent = Sent {
        status: response.status,
        content_type: header(response, "content-type").unwrap().into(),
        retry_after: header(response, "retry-after").unwrap_or_default().into(),
        date: String::new(),
        body: response.body.clone().into_bytes(),
    };
    classified(&sent, &secrets.secrets()).map(|token| token.expires_in).map_err(|error| error.code.as_str())
}
