//! Checks the body of an STK push and of an STK query, member by member.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::calendar::is_timestamp;

/// The reason why a request is not carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// The body is not a JSON object.
    NoPayload,
    /// This member is missing or wrong.
    Invalid(&'static str),
    /// The password was made with another passkey.
    WrongCredentials,
}

/// The members of a valid STK push that the simulator uses.
#[derive(Debug, PartialEq, Eq)]
pub struct Push {
    /// How much is paid, in shillings.
    pub amount: u32,
    /// The phone number of the customer, such as `254708374149`.
    pub phone: String,
    /// The URL to which the result is sent.
    pub callback_url: String,
}

/// The largest M-PESA payment, in shillings.
const MAX_AMOUNT: u32 = 250_000;
const MAX_ACCOUNT_REFERENCE: usize = 12;
const TRANSACTION_TYPES: [&str; 2] = ["CustomerPayBillOnline", "CustomerBuyGoodsOnline"];

/// Reads the body of an STK push.
pub fn push(body: &str, passkey: &str) -> Result<Push, Mistake> {
    let body = object(body)?;
    let member = |name| text_of(&body, name);
    check_merchant(&body)?;
    check("TransactionType", TRANSACTION_TYPES.contains(&member("TransactionType").as_str()))?;
    let amount = member("Amount").parse().ok().filter(|amount| (1..=MAX_AMOUNT).contains(amount));
    let amount = amount.ok_or(Mistake::Invalid("Amount"))?;
    check("PartyA", is_phone(&member("PartyA")))?;
    check("PartyB", is_short_code(&member("PartyB")))?;
    let phone = member("PhoneNumber");
    check("PhoneNumber", is_phone(&phone))?;
    let callback_url = member("CallBackURL");
    check("CallBackURL", is_url(&callback_url))?;
    let reference = member("AccountReference");
    check("AccountReference", !reference.is_empty() && reference.chars().count() <= MAX_ACCOUNT_REFERENCE)?;
    check_passkey(&body, passkey)?;
    Ok(Push { amount, phone, callback_url })
}

/// Reads the body of an STK query, and gives its `CheckoutRequestID`.
pub fn query(body: &str, passkey: &str) -> Result<String, Mistake> {
    let body = object(body)?;
    check_merchant(&body)?;
    let id = text_of(&body, "CheckoutRequestID");
    check("CheckoutRequestID", id.starts_with("ws_CO_"))?;
    check_passkey(&body, passkey)?;
    Ok(id)
}

fn object(body: &str) -> Result<Value, Mistake> {
    serde_json::from_str(body).ok().filter(Value::is_object).ok_or(Mistake::NoPayload)
}

/// A member as text. Daraja accepts a number with or without quotes.
fn text_of(body: &Value, name: &str) -> String {
    match body.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

fn check(name: &'static str, is_valid: bool) -> Result<(), Mistake> {
    if is_valid { Ok(()) } else { Err(Mistake::Invalid(name)) }
}

/// Checks the members that every STK request has.
fn check_merchant(body: &Value) -> Result<(), Mistake> {
    check("BusinessShortCode", is_short_code(&text_of(body, "BusinessShortCode")))?;
    check("Timestamp", is_timestamp(&text_of(body, "Timestamp")))?;
    check("Password", passkey_of(body).is_some())
}

fn check_passkey(body: &Value, passkey: &str) -> Result<(), Mistake> {
    if passkey_of(body).as_deref() == Some(passkey) { Ok(()) } else { Err(Mistake::WrongCredentials) }
}

/// The passkey in the password, which is the short code, the passkey and the timestamp in Base64.
fn passkey_of(body: &Value) -> Option<String> {
    let decoded = String::from_utf8(STANDARD.decode(text_of(body, "Password")).ok()?).ok()?;
    let rest = decoded.strip_prefix(&text_of(body, "BusinessShortCode"))?;
    let passkey = rest.strip_suffix(&text_of(body, "Timestamp"))?;
    (!passkey.is_empty()).then(|| passkey.to_owned())
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

fn is_short_code(text: &str) -> bool {
    (5..=7).contains(&text.len()) && is_digits(text)
}

/// Whether it is a mobile number of Kenya with the country code: `2547…` or `2541…`.
fn is_phone(text: &str) -> bool {
    text.len() == 12 && is_digits(text) && (text.starts_with("2547") || text.starts_with("2541"))
}

/// Whether it may be a URL. The JavaScript side parses it, and sends no callback if it is not one.
fn is_url(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let is_unusable = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"');
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/') && !rest.contains(is_unusable))
}
