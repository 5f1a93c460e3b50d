//! The business APIs. All of them check the token. Some also check the request.

use serde_json::{Value, json};

use super::app::Environment;
use super::calendar::KenyaTime;
use super::http::{Outcome, Request, Response, apigee_fault, daraja_error, json_of};
use super::options::{Options, RejectAs};
use super::random::Random;
use super::stk::{self, Payment};
use super::token_endpoint::after_scheme;
use super::tokens::Tokens;
use daraja_auth_core::time::EpochMillis;
use daraja_auth_core::token::AccessToken;

/// The parts of the simulation that the business APIs use.
pub struct BusinessApis<'a> {
    pub options: &'a Options,
    pub tokens: &'a Tokens,
    pub payments: &'a mut Vec<Payment>,
    pub now: EpochMillis,
}

impl BusinessApis<'_> {
    /// Answers a request. With a live token, the API of the path answers. With any other token, the gateway
    /// rejects it.
    pub fn answer(self, request: &Request, random: &mut Random) -> Response {
        let id = random.request_id();
        let Some(bearer) =
            after_scheme(request.authorization.as_deref(), "bearer").filter(|text| AccessToken::from(*text).is_valid())
        else {
            let refusal = daraja_error(404, &id, "404.001.04", "Invalid Authentication Header");
            return refusal.with_outcome(Outcome::MalformedHeader);
        };
        let Some(token) = self.tokens.find(bearer, Environment::of_host(&request.host), self.now) else {
            return rejection(self.options.reject_as, &id, bearer).with_outcome(Outcome::DeadToken);
        };
        let (app, number) = (token.app.clone(), token.number);
        let product = product_of(&request.path);
        let is_allowed = token.products.as_ref().is_none_or(|products| products.iter().any(|name| name == product));
        let response = if is_allowed {
            self.carry_out(request, &app, random)
        } else {
            let code = "keymanagement.service.InvalidAPICallAsNoApiProductMatchFound";
            apigee_fault(401, "Invalid API call as no apiproduct match found", code).with_outcome(Outcome::NoProduct)
        };
        response.with_app(&app, Some(number))
    }

    fn carry_out(self, request: &Request, app: &str, random: &mut Random) -> Response {
        let Some(api) = Api::at(&request.path) else {
            return json_of(200, &echo(request, app, self.now, random)).with_outcome(Outcome::Accepted);
        };
        if request.method != "POST" {
            let refusal = daraja_error(405, &random.request_id(), "405.001", "Method Not Allowed");
            return refusal.with_outcome(Outcome::InvalidRequest);
        }
        match api {
            Api::StkPush => stk::answer_push(self.options, self.payments, self.now, request, random),
            Api::StkQuery => stk::answer_query(self.options, self.payments, self.now, request, random),
            Api::C2b(description) => {
                // Daraja leaves an n out of this name.
                let answer = json!({
                    "OriginatorCoversationID": random.request_id(),
                    "ResponseCode": "0",
                    "ResponseDescription": description,
                });
                json_of(200, &answer).with_outcome(Outcome::Accepted)
            }
            Api::Conversation => json_of(200, &conversation(request, self.now, random)).with_outcome(Outcome::Accepted),
        }
    }
}

/// The APIs whose answers have the same fields as Daraja's.
enum Api {
    StkPush,
    StkQuery,
    /// A C2B API. Its answer has this description.
    C2b(&'static str),
    /// It answers that a conversation has begun. Daraja sends the result later. The simulator sends none.
    Conversation,
}

impl Api {
    /// The API at that path, in any version.
    fn at(path: &str) -> Option<Self> {
        let mut names = path.strip_prefix("/mpesa/")?.split('/');
        let (product, _version, action, end) = (names.next()?, names.next()?, names.next()?, names.next());
        match (product, action, end) {
            ("stkpush", "processrequest", None) => Some(Self::StkPush),
            ("stkpushquery", "query", None) => Some(Self::StkQuery),
            ("c2b", "registerurl", None) => Some(Self::C2b("success")),
            ("c2b", "simulate", None) => Some(Self::C2b(ACCEPTED)),
            ("b2c" | "b2b", "paymentrequest", None)
            | ("accountbalance" | "transactionstatus", "query", None)
            | ("reversal", "request", None) => Some(Self::Conversation),
            _ => None,
        }
    }
}

const ACCEPTED: &str = "Accept the service request successfully.";

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

/// The answer that a conversation has begun. A request may choose the `OriginatorConversationID`, as for Daraja's B2C.
fn conversation(request: &Request, now: EpochMillis, random: &mut Random) -> Value {
    let body: Value = serde_json::from_str(&request.body).unwrap_or_default();
    let name = "OriginatorConversationID";
    let originator = body.get(name).and_then(Value::as_str).map_or_else(|| random.request_id(), String::from);
    let conversation = ["AG_", &KenyaTime::at(now).date(), "_", &random.conversation()].concat();
    json!({
        "ConversationID": conversation,
        name: originator,
        "ResponseCode": "0",
        "ResponseDescription": ACCEPTED,
    })
}

/// The answer of an API that is not simulated: a success in the form of most APIs, and a copy of the request.
fn echo(request: &Request, app: &str, now: EpochMillis, random: &mut Random) -> Value {
    let body = match request.body.as_str() {
        "" => Value::Null,
        body => serde_json::from_str(body).unwrap_or_else(|_| Value::String(String::from(body))),
    };
    let mut answer = conversation(request, now, random);
    if let Some(members) = answer.as_object_mut() {
        let echo = json!({ "method": request.method, "path": request.path, "app": app, "body": body });
        members.insert("echo".into(), echo);
    }
    answer
}
