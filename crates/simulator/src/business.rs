//! The business APIs, as far as a token matters to them.

use serde_json::{Value, json};

use super::app::Environment;
use super::http::{Outcome, Request, Response, apigee_fault, daraja_error, json_of};
use super::options::{Options, RejectAs};
use super::random::Random;
use super::token_endpoint::after_scheme;
use super::tokens::Tokens;
use daraja_auth_core::time::EpochMillis;
use daraja_auth_core::token::AccessToken;

/// Answers a request to a business API: an echo for a live token, and otherwise the gateway's rejection.
pub fn answer(
    options: &Options,
    tokens: &Tokens,
    now: EpochMillis,
    request: &Request,
    random: &mut Random,
) -> Response {
    let id = random.request_id();
    let Some(bearer) =
        after_scheme(request.authorization.as_deref(), "bearer").filter(|text| AccessToken::from(*text).is_valid())
    else {
        let refusal = daraja_error(404, &id, "404.001.04", "Invalid Authentication Header");
        return refusal.because(Outcome::MalformedHeader);
    };
    let Some(token) = tokens.find(bearer, Environment::of_host(&request.host), now) else {
        return rejection(options.reject_as, &id, bearer).because(Outcome::DeadToken);
    };
    let product = product_of(&request.path);
    let is_allowed = token.products.as_ref().is_none_or(|products| products.iter().any(|name| name == product));
    let response = if is_allowed {
        json_of(200, &echo(request, &token.app, random)).because(Outcome::Accepted)
    } else {
        let code = "keymanagement.service.InvalidAPICallAsNoApiProductMatchFound";
        apigee_fault(401, "Invalid API call as no apiproduct match found", code).because(Outcome::NoProduct)
    };
    response.about(&token.app, Some(token.number))
}

/// The name of the product that a path belongs to: the `stkpush` of `/mpesa/stkpush/v1/processrequest`, the
/// `pulltransactions` of `/pulltransactions/v1/query`, the `billmanager-invoice` of `/v1/billmanager-invoice/optin`.
fn product_of(path: &str) -> &str {
    let is_version = |name: &str| name.strip_prefix('v').is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()));
    let mut names = path.split('/').skip(1);
    match names.next() {
        Some(first) if first == "mpesa" || is_version(first) => names.next().unwrap_or_default(),
        first => first.unwrap_or_default(),
    }
}

fn rejection(reject_as: RejectAs, id: &str, bearer: &str) -> Response {
    match reject_as {
        RejectAs::Classic => daraja_error(404, id, "404.001.03", "Invalid Access Token"),
        RejectAs::Quoting => {
            let message = ["Error Occurred - Invalid Access Token - ", bearer].concat();
            daraja_error(401, id, "401.002.01", &message)
        }
        RejectAs::Unauthorized => daraja_error(401, id, "401.003.01", "Error Occurred - Invalid Access Token"),
        RejectAs::BadRequest => daraja_error(400, id, "400.003.01", "Invalid Access Token"),
    }
}

/// A success in the form most of the APIs have, and what was asked.
fn echo(request: &Request, app: &str, random: &mut Random) -> Value {
    let body = match request.body.as_str() {
        "" => Value::Null,
        body => serde_json::from_str(body).unwrap_or_else(|_| Value::String(String::from(body))),
    };
    let conversation_id = ["AG_", &random.request_id()].concat();
    json!({
        "ConversationID": conversation_id,
        "OriginatorConversationID": random.request_id(),
        "ResponseCode": "0",
        "ResponseDescription": "Accept the service request successfully.",
        "echo": { "method": request.method, "path": request.path, "app": app, "body": body },
    })
}
