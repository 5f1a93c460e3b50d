//! STK push (M-PESA Express) and STK query. A push asks a customer to confirm a payment. A query asks for the result.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::calendar::KenyaTime;
use super::http::{Callback, Outcome, Request, Response, daraja_error, json_of};
use super::input::read;
use super::options::Options;
use super::random::Random;
use super::stk_request::{Mistake, Push, push, query};
use daraja_auth_core::error::{Error, Result};
use daraja_auth_core::time::EpochMillis;

/// How a payment ends.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StkResult {
    /// The customer pays.
    Paid,
    /// The customer cancels the prompt.
    Cancelled,
    /// The phone does not answer in time.
    TimedOut,
    /// The customer enters a wrong PIN.
    WrongPin,
    /// The customer has too little money.
    InsufficientFunds,
}

impl StkResult {
    /// Daraja's `ResultCode`.
    fn code(self) -> u16 {
        match self {
            Self::Paid => 0,
            Self::InsufficientFunds => 1,
            Self::Cancelled => 1032,
            Self::TimedOut => 1037,
            Self::WrongPin => 2001,
        }
    }

    /// Daraja's `ResultDesc`.
    fn description(self) -> &'static str {
        match self {
            Self::Paid => "The service request is processed successfully.",
            Self::InsufficientFunds => "The balance is insufficient for the transaction.",
            Self::Cancelled => "Request cancelled by user",
            Self::TimedOut => "DS timeout user cannot be reached",
            Self::WrongPin => "The initiator information is invalid.",
        }
    }
}

/// Reads a result from JSON.
///
/// # Errors
///
/// [`daraja_auth_core::error::Code::InvalidOption`].
impl TryFrom<Value> for StkResult {
    type Error = Box<Error>;

    fn try_from(value: Value) -> Result<Self> {
        read("result", value)
    }
}

/// A payment that an STK push has requested.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Payment {
    merchant_request_id: String,
    checkout_request_id: String,
    result: StkResult,
    ends_at: EpochMillis,
}

/// The limit of payments that are kept. The whole state crosses the boundary with each request, so it must stay small.
/// No test needs more payments at once.
const MAX_PAYMENTS: usize = 1_000;

/// Answers an STK push. The response has the callback that is sent later.
pub fn answer_push(
    options: &Options,
    payments: &mut Vec<Payment>,
    now: EpochMillis,
    request: &Request,
    random: &mut Random,
) -> Response {
    let push = match push(&request.body, options.passkey.as_str()) {
        Ok(push) => push,
        Err(mistake) => return refusal(mistake, random),
    };
    let payment = Payment {
        merchant_request_id: random.request_id(),
        checkout_request_id: ["ws_CO_", &KenyaTime::at(now).day_first(), &random.digits(12)].concat(),
        result: options.stk_result,
        ends_at: now.after(options.stk_delay),
    };
    let accepted = "Success. Request accepted for processing";
    let answer = json!({
        "MerchantRequestID": payment.merchant_request_id,
        "CheckoutRequestID": payment.checkout_request_id,
        "ResponseCode": "0",
        "ResponseDescription": accepted,
        "CustomerMessage": accepted,
    });
    let body = callback(&payment, &push, random).to_string();
    let callback = Callback { url: push.callback_url, body, delay: options.stk_delay };
    if payments.len() >= MAX_PAYMENTS {
        payments.remove(0);
    }
    payments.push(payment);
    Response { callback: Some(callback), ..json_of(200, &answer).with_outcome(Outcome::Accepted) }
}

/// Answers an STK query.
pub fn answer_query(
    options: &Options,
    payments: &[Payment],
    now: EpochMillis,
    request: &Request,
    random: &mut Random,
) -> Response {
    let id = match query(&request.body, options.passkey.as_str()) {
        Ok(id) => id,
        Err(mistake) => return refusal(mistake, random),
    };
    let Some(payment) = payments.iter().find(|payment| payment.checkout_request_id == id) else {
        let refusal = daraja_error(500, &random.request_id(), "500.001.1001", "The transaction does not exist");
        return refusal.with_outcome(Outcome::InvalidRequest);
    };
    if now < payment.ends_at {
        let pending = daraja_error(500, &random.request_id(), "500.001.1001", "The transaction is being processed");
        return pending.with_outcome(Outcome::Accepted);
    }
    let answer = json!({
        "ResponseCode": "0",
        // Daraja writes this word with three s.
        "ResponseDescription": "The service request has been accepted successsfully",
        "MerchantRequestID": payment.merchant_request_id,
        "CheckoutRequestID": payment.checkout_request_id,
        "ResultCode": payment.result.code().to_string(),
        "ResultDesc": payment.result.description(),
    });
    json_of(200, &answer).with_outcome(Outcome::Accepted)
}

fn refusal(mistake: Mistake, random: &mut Random) -> Response {
    let id = random.request_id();
    let error = match mistake {
        Mistake::NoPayload => daraja_error(400, &id, "400.002.05", "Invalid Request Payload"),
        Mistake::Invalid(name) => daraja_error(400, &id, "400.002.02", &["Bad Request - Invalid ", name].concat()),
        Mistake::WrongCredentials => daraja_error(500, &id, "500.001.1001", "Wrong credentials"),
    };
    error.with_outcome(Outcome::InvalidRequest)
}

/// The body that Daraja sends to the callback URL. Only a successful payment has metadata.
fn callback(payment: &Payment, push: &Push, random: &mut Random) -> Value {
    let mut result = json!({
        "MerchantRequestID": payment.merchant_request_id,
        "CheckoutRequestID": payment.checkout_request_id,
        "ResultCode": payment.result.code(),
        "ResultDesc": payment.result.description(),
    });
    if payment.result == StkResult::Paid
        && let Some(members) = result.as_object_mut()
    {
        let date = KenyaTime::at(payment.ends_at).year_first();
        let items = json!([
            { "Name": "Amount", "Value": f64::from(push.amount) },
            { "Name": "MpesaReceiptNumber", "Value": random.receipt() },
            { "Name": "TransactionDate", "Value": date.parse::<u64>().unwrap_or_default() },
            { "Name": "PhoneNumber", "Value": push.phone.parse::<u64>().unwrap_or_default() },
        ]);
        members.insert("CallbackMetadata".into(), json!({ "Item": items }));
    }
    json!({ "Body": { "stkCallback": result } })
}
