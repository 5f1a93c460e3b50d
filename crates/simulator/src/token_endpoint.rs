//! The token endpoint.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::app::{App, Environment};
use super::http::{Outcome, Request, Response, daraja_error, json_of, text};
use super::options::{ExpiresInAs, Options, RefuseAs};
use super::random::Random;
use super::tokens::Tokens;
use daraja_auth_core::time::EpochMillis;

/// Answers a request for a token.
pub fn answer(
    options: &Options,
    tokens: &mut Tokens,
    now: EpochMillis,
    request: &Request,
    random: &mut Random,
) -> Response {
    let id = random.request_id();
    if request.method != "GET" {
        let error = daraja_error(404, &id, "404.001.04", "Invalid Authentication Header");
        return error.with_outcome(Outcome::WrongMethod);
    }
    let Some(encoded) = after_scheme(request.authorization.as_deref(), "basic") else {
        return invalid_authentication(400, &id).with_outcome(Outcome::WrongScheme);
    };
    if request.grant_type.as_deref() != Some("client_credentials") {
        return daraja_error(400, &id, "400.008.02", "Invalid grant type passed").with_outcome(Outcome::WrongGrant);
    }
    let environment = Environment::of_host(&request.host);
    let Some(app) = app_of(encoded, options).filter(|app| app.is_in(environment)) else {
        return wrong_pair(options.refuse_as, &id).with_outcome(Outcome::WrongPair);
    };
    let token = random.token();
    let (number, replaces) = tokens.issue(options, app, environment, &token, now);
    let seconds = options.token_lifetime_seconds;
    let expires_in = match options.expires_in_as {
        ExpiresInAs::String => Value::from(seconds.to_string()),
        ExpiresInAs::Number => Value::from(seconds),
    };
    let grant = json!({ "access_token": token, "expires_in": expires_in });
    let response = json_of(200, &grant).with_outcome(Outcome::Token).with_app(&app.name, Some(number));
    Response { replaces, ..response }
}

/// The text after a scheme. The name of the scheme is case-insensitive (RFC 9110, 11.1).
pub fn after_scheme<'a>(authorization: Option<&'a str>, scheme: &str) -> Option<&'a str> {
    let (found, rest) = authorization?.split_once(' ')?;
    found.eq_ignore_ascii_case(scheme).then(|| rest.trim_start_matches(' '))
}

fn wrong_pair(refuse_as: RefuseAs, id: &str) -> Response {
    match refuse_as {
        RefuseAs::Empty400 => text(400, ""),
        RefuseAs::BadRequest => invalid_authentication(400, id),
        RefuseAs::Unauthorized => invalid_authentication(401, id),
    }
}

fn invalid_authentication(status: u16, id: &str) -> Response {
    daraja_error(status, id, "400.008.01", "Invalid Authentication passed")
}

/// The app of a consumer key and secret in base64.
fn app_of<'a>(encoded: &str, options: &'a Options) -> Option<&'a App> {
    let pair = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    let (key, secret) = pair.split_once(':')?;
    options.apps.iter().find(|app| app.consumer_key == key && app.consumer_secret == secret)
}
